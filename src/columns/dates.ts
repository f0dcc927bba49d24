import { DATE_ORDERS, type DateOrder } from './column.ts'
import { findMonth } from './month-names.ts'

/**
 * Why a text is not a date or date-time. `ambiguous`: its day and month could change places, and the column does not
 * say which order it uses. `zone`: it carries a time zone, and a stored date-time is local time without one.
 */
export type DateFault = { fault: 'not_date' | 'ambiguous' | 'bad_time' | 'zone' }
const NOT_DATE: DateFault = { fault: 'not_date' }
const AMBIGUOUS: DateFault = { fault: 'ambiguous' }
const BAD_TIME: DateFault = { fault: 'bad_time' }
const ZONE: DateFault = { fault: 'zone' }

const HYPHEN = 45
const DOT = 46
const SLASH = 47
const COLON = 58
const LONGEST = 60
const NUMERIC = /^(\d{1,4})(?:\s*([./-])\s*|\s+)(\d{1,2})(?:\s*([./-])\s*|\s+)(\d{1,4})\.?$/
/** A date, then a time of day with optional seconds, AM or PM, and zone. Fractions of a second are read and dropped. */
const WITH_TIME =
  /^(.*[\d.])(?:\s*,\s*|\s+|T)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?:\s*([ap])\.?\s?m\.?)?\s*(z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?$/i

/**
 * Reads a date, as YYYY-MM-DD. A date that starts with a four-digit year is always read as year, month, day; every
 * other needs `order`, unless it is the same in all. Two-digit years 00–49 are 2000–2049, 50–99 are 1950–1999. A time of
 * day after the date is left out, as it is with real date cells. `text` is trimmed.
 */
export function parseDate(text: string, order: DateOrder | null): string | DateFault {
  if (isIsoDate(text)) return text
  if (!text.includes(':')) return parseDay(text, order)
  const moment = parseDateTime(text, order)
  return typeof moment === 'string' ? moment.slice(0, 10) : moment
}

/** Reads a date with or without a time of day, as YYYY-MM-DDTHH:MM:SS; a date alone is its midnight. */
export function parseDateTime(text: string, order: DateOrder | null): string | DateFault {
  if (isIsoDateTime(text)) return text
  if (text[10] === ' ' && text.length === 19) {
    const usual = `${text.slice(0, 10)}T${text.slice(11)}`
    if (isIsoDateTime(usual)) return usual
  }
  if (text.length > LONGEST) return NOT_DATE
  const parts = WITH_TIME.exec(text)
  if (parts === null) return atTime(parseDay(text, order), 'T00:00:00')
  const [, date = '', hour = '', minute = '', second = '00', half, zone] = parts
  const time = timeOfDay({ hour: Number(hour), minute, second, half })
  const day = parseDay(date, order)
  if (typeof day !== 'string') return day
  if (zone !== undefined) return ZONE
  return time === '' ? BAD_TIME : day + time
}

/** Whether the text is a valid date written YYYY-MM-DD. */
export function isIsoDate(text: string): boolean {
  return text.length === 10 && startsWithIsoDate(text)
}

function startsWithIsoDate(text: string): boolean {
  if (text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN) return false
  const year = digitsAt(text, 0) * 100 + digitsAt(text, 2)
  return isDay(year, digitsAt(text, 5), digitsAt(text, 8))
}

/** Whether the text is a valid date-time written YYYY-MM-DDTHH:MM:SS. */
export function isIsoDateTime(text: string): boolean {
  if (text.length !== 19 || text[10] !== 'T' || text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON)
    return false
  const inDay = digitsAt(text, 11) < 24 && digitsAt(text, 14) < 60 && digitsAt(text, 17) < 60
  return inDay && startsWithIsoDate(text)
}

/** The two digits at `at` as a number; NaN, which fails every comparison, when they are not digits. */
function digitsAt(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

function isDay(year: number, month: number, day: number): boolean {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
}

function parseDay(text: string, order: DateOrder | null): string | DateFault {
  const usual = usualDay(text, order)
  if (usual !== '') return usual
  if (text.length > LONGEST) return NOT_DATE
  const parts = NUMERIC.exec(text)
  if (parts === null) return order === null ? parseInAnyOrder(text) : parseNamedDay(text, order)
  const [, first = '', separator, second = '', again, third = ''] = parts
  if (separator !== again) return NOT_DATE
  if (first.length === 4) return third.length <= 2 ? isoDay(first, second, third) : NOT_DATE
  if (order === null) return couldBeEither(first, second, third) ? AMBIGUOUS : parseInAnyOrder(text)
  if (order === 'ymd') return first.length === 2 && third.length <= 2 ? isoDay(first, second, third) : NOT_DATE
  if (first.length > 2) return NOT_DATE
  return order === 'dmy' ? isoDay(third, second, first) : isoDay(third, first, second)
}

/** What is read alike in every order in which it is a date, as "3 Feb 2024" and "5/5/2024", needs none. */
function parseInAnyOrder(text: string): string | DateFault {
  const [first, ...others] = DATE_ORDERS.map((order) => parseDay(text, order)).filter(
    (read) => typeof read === 'string',
  )
  return first !== undefined && others.length > 0 && others.every((read) => read === first) ? first : NOT_DATE
}

/** The commonest form, two digits, two digits, four digits, without a regular expression; '' for every other. */
function usualDay(text: string, order: DateOrder | null): string {
  const separator = text.charCodeAt(2)
  if (text.length !== 10 || order === null || order === 'ymd' || text.charCodeAt(5) !== separator) return ''
  if (separator !== DOT && separator !== SLASH && separator !== HYPHEN) return ''
  const [dayAt, monthAt] = order === 'dmy' ? [0, 3] : [3, 0]
  const year = digitsAt(text, 6) * 100 + digitsAt(text, 8)
  if (!isDay(year, digitsAt(text, monthAt), digitsAt(text, dayAt))) return ''
  return `${text.slice(6)}-${text.slice(monthAt, monthAt + 2)}-${text.slice(dayAt, dayAt + 2)}`
}

function couldBeEither(first: string, second: string, year: string): boolean {
  if (first.length > 2 || Number(first) === Number(second)) return false
  return typeof isoDay(year, first, second) === 'string' && typeof isoDay(year, second, first) === 'string'
}

/** A day with its month in words can't be mistaken; the order decides only on which side a two-digit year stands. */
function parseNamedDay(text: string, order: DateOrder): string | DateFault {
  const words = text
    .replace(/(\d)(?:st|nd|rd|th|er)(?=[\s.,]|$)/i, '$1')
    .split(/[\s.,/-]+/)
    .filter((word) => word !== '' && !/^(?:de|del|of)$/i.test(word))
  const [first = '', second = '', third = ''] = words
  if (words.length !== 3) return NOT_DATE
  const leading = findMonth(first)
  if (leading !== undefined) return isoDay(third, String(leading), second)
  const month = findMonth(second)
  if (month === undefined) return NOT_DATE
  const yearFirst = first.length === 4 || (order === 'ymd' && first.length === 2 && third.length <= 2)
  return yearFirst ? isoDay(first, String(month), third) : isoDay(third, String(month), first)
}

function isoDay(year: string, month: string, day: string): string | DateFault {
  if (!/^(?:\d{4}|\d\d)$/.test(year) || !/^\d{1,2}$/.test(day)) return NOT_DATE
  const whole = year.length === 4 ? Number(year) : Number(year) + (Number(year) < 50 ? 2000 : 1900)
  if (!isDay(whole, Number(month), Number(day))) return NOT_DATE
  return `${String(whole).padStart(4, '0')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

type ClockParts = { hour: number; minute: string; second: string; half: string | undefined }

/** "T22:30:00", or '' when there is no such time of day. */
function timeOfDay({ hour, minute, second, half }: ClockParts): string {
  if (half !== undefined && (hour < 1 || hour > 12)) return ''
  const of24 = half === undefined ? hour : (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  if (of24 > 23 || Number(minute) > 59 || Number(second) > 59) return ''
  return `T${String(of24).padStart(2, '0')}:${minute}:${second}`
}

function atTime(day: string | DateFault, time: string): string | DateFault {
  return typeof day === 'string' ? day + time : day
}
