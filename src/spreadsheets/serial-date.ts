/**
 * Days as workbooks count them (ECMA-376 Part 1, 18.17.4). In the 1900 system day 1 is 1900-01-01 and there is a day
 * 60, 29 February 1900, that never was; in the 1904 system day 0 is 1904-01-01. All sums are in days and seconds of no
 * time zone.
 */
const DAY = 86_400_000
const EPOCH_1900 = Date.UTC(1899, 11, 30)
const EPOCH_1904 = Date.UTC(1904, 0, 1)
const MAX_YEAR = 9999
const LEAP_BUG = 60
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const TIME = /^T(\d{2}):(\d{2}):(\d{2})$/

/** A serial split into a date ("2024-02-28") and a time of day ("10:30:00"), to the second; undefined when it is no date. */
export function serialToDate(serial: number, date1904: boolean): { date: string; time: string } | undefined {
  const { days, seconds } = split(serial)
  const iso = dayToIso(days, date1904)
  return iso === undefined ? undefined : { date: iso, time: clock(seconds) }
}

/** A time of day for a serial from 0 up to 1, which no date system gives a date to. */
export function serialToTime(serial: number): string {
  return clock(split(serial).seconds)
}

/**
 * The 1900 serial of an ISO date or date-time, or undefined when a workbook can't hold it as a date. Days before
 * March 1900 are left out, since Excel and LibreOffice count them differently.
 */
export function isoToSerial(iso: string): number | undefined {
  const days = daysTo(iso.slice(0, 10))
  if (days === undefined || iso.length === 10) return days
  const time = TIME.exec(iso.slice(10))
  if (time === null) return undefined
  const [hour = 0, minute = 0, second = 0] = time.slice(1).map(Number)
  if (hour > 23 || minute > 59 || second > 59) return undefined
  return days + (hour * 3600 + minute * 60 + second) / 86_400
}

/** A column of dates has few different days, and working one out costs more than all else that is done to write a cell. */
const known = new Map<string, number | undefined>()
const MOST_KNOWN = 10_000

function daysTo(date: string): number | undefined {
  if (known.has(date)) return known.get(date)
  if (known.size === MOST_KNOWN) known.clear()
  const days = workOutDays(date)
  known.set(date, days)
  return days
}

function workOutDays(date: string): number | undefined {
  const [, year, month, day] = DATE.exec(date) ?? []
  if (year === undefined) return undefined
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day))
  if (new Date(at).toISOString().slice(0, 10) !== date) return undefined
  const days = (at - EPOCH_1900) / DAY
  return days <= LEAP_BUG ? undefined : days
}

function split(serial: number): { days: number; seconds: number } {
  const days = Math.floor(serial)
  const seconds = Math.round((serial - days) * 86_400)
  return seconds === 86_400 ? { days: days + 1, seconds: 0 } : { days, seconds }
}

function dayToIso(days: number, date1904: boolean): string | undefined {
  if (!date1904 && (days < 1 || days === LEAP_BUG)) return undefined
  const epoch = date1904 ? EPOCH_1904 : days < LEAP_BUG ? EPOCH_1900 + DAY : EPOCH_1900
  const at = new Date(epoch + days * DAY)
  const year = at.getUTCFullYear()
  return year >= 0 && year <= MAX_YEAR ? at.toISOString().slice(0, 10) : undefined
}

function clock(seconds: number): string {
  const part = (value: number) => String(value).padStart(2, '0')
  return `${part(Math.floor(seconds / 3600))}:${part(Math.floor(seconds / 60) % 60)}:${part(seconds % 60)}`
}
