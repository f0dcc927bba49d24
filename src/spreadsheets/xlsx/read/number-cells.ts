import type { Cell } from '../../cell.ts'
import { type NumberFormatKind, numberFormatKind } from '../../number-format.ts'
import { isoToSerial, serialToDate } from '../../serial-date.ts'
import { toCell } from '../../sheetjs/workbook-cell.ts'
import { type Moment, quickDateText } from './quick-dates.ts'
import { quickNumberText } from './quick-numbers.ts'
import type { Styles } from './styles.ts'

const MAX_KNOWN = 4096
const DAY = 'yyyy-mm-dd'
const MOMENT = 'yyyy-mm-dd hh:mm:ss'

type CellMaker = (value: number) => Cell
type Style = { format: string; make: CellMaker }

/**
 * Makes cells of numbers by their style. A number without a format is itself. The same dates, and numbers in the same
 * format, come again and again: one cell then stands in many rows, so nobody may change one. What is seen in a format
 * is made by the same code for every kind of workbook; the plain formats that most cells have are written faster here.
 */
export class NumberCells {
  /** Undefined for General, the usual style. */
  readonly #styles: (Style | undefined)[]

  constructor(styles: Styles, date1904: boolean) {
    const byFormat = new Map<string, Style>()
    this.#styles = styles.map((format) => {
      if (format === undefined || numberFormatKind(format) === 'general') return undefined
      const style = byFormat.get(format) ?? { format, make: cellMaker(format, date1904) }
      byFormat.set(format, style)
      return style
    })
  }

  cell(value: number, styleIndex: number): Cell {
    if (!Number.isFinite(value)) return { type: 'error', code: '#NUM!' }
    const style = this.#styles[styleIndex]
    return style === undefined ? value : style.make(value)
  }

  /** A date that is written as ISO 8601 (`t="d"`, ECMA-376 Part 1, 18.18.11), which counts no days. */
  isoCell(text: string, styleIndex: number): Cell {
    const clock = TIME.exec(text.trim())?.[1]
    if (clock !== undefined) return { type: 'date', value: withSeconds(clock), text: clock }
    const [, date, time = '', fraction = ''] = ISO.exec(text.trim()) ?? []
    if (date === undefined) return text === '' ? null : text
    const iso = time === '' ? date : `${date}T${withSeconds(time)}`
    const serial = isoToSerial(iso)
    if (serial === undefined) return { type: 'date', value: iso, text: text.trim() }
    const format = this.#styles[styleIndex]?.format
    const isDate = format !== undefined && numberFormatKind(format) !== 'number'
    const seconds = Number(`0${fraction}`) / 86_400
    return cellMaker(isDate ? format : time === '' ? DAY : MOMENT, false)(serial + seconds)
  }
}

const ISO = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)(\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?$/
/** A time of day without a day, or on the day zero of the 1900 system. */
const TIME = /^(?:1899-12-3[01])?T?(\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?Z?$/

function withSeconds(time: string): string {
  return time.length === 5 ? `${time}:00` : time
}

function cellMaker(format: string, date1904: boolean): CellMaker {
  const usual = remembering((value) => toCell({ t: 'n', v: value, z: format }, date1904))
  const kind = numberFormatKind(format)
  if (kind === 'number') return numberMaker(format, usual)
  // The days of 1904 are few, and counted elsewhere.
  return kind === 'elapsed' || date1904 ? usual : dateMaker(format, kind, usual)
}

function numberMaker(format: string, usual: CellMaker): CellMaker {
  const quick = quickNumberText(format)
  if (quick === undefined) return usual
  return (value) => {
    const text = quick(value)
    return text === undefined ? usual(value) : { type: 'number', value, text }
  }
}

/** From the first day that all programs count alike up to the last one there is. */
const FIRST_DAY = 61
const LAST_DAY = 2_958_465

function dateMaker(format: string, kind: NumberFormatKind, usual: CellMaker): CellMaker {
  const quick = quickDateText(format)
  if (quick === undefined) return usual
  const make = (value: number): Cell => {
    const day = Math.floor(value)
    const seconds = (value - day) * 86_400
    const second = Math.round(seconds)
    // What lies between two seconds is rounded by rules of its own.
    if (day < FIRST_DAY || day > LAST_DAY || second === 86_400 || Math.abs(seconds - second) > 1e-4) return usual(value)
    const { date, year, month, dayOfMonth } = calendarDay(day)
    const clock = { hour: Math.floor(second / 3600), minute: Math.floor(second / 60) % 60, second: second % 60 }
    const moment: Moment = { year, month, day: dayOfMonth, ...clock }
    const isDay = kind === 'date' && second === 0
    return { type: 'date', value: isDay ? date : `${date}T${clockText(clock)}`, text: quick(moment) }
  }
  const makeDay = remembering(make)
  return (value) => (Number.isInteger(value) ? makeDay(value) : make(value))
}

function clockText({ hour, minute, second }: Pick<Moment, 'hour' | 'minute' | 'second'>): string {
  return `${hour < 10 ? '0' : ''}${hour}:${minute < 10 ? '0' : ''}${minute}:${second < 10 ? '0' : ''}${second}`
}

type CalendarDay = { date: string; year: number; month: number; dayOfMonth: number }
const calendar = new Map<number, CalendarDay>()

function calendarDay(day: number): CalendarDay {
  const known = calendar.get(day)
  if (known !== undefined) return known
  const date = serialToDate(day, false)?.date ?? ''
  const found = {
    date,
    year: Number(date.slice(0, 4)),
    month: Number(date.slice(5, 7)),
    dayOfMonth: Number(date.slice(8, 10)),
  }
  if (calendar.size >= MAX_KNOWN * 4) calendar.clear()
  calendar.set(day, found)
  return found
}

function remembering(make: CellMaker): CellMaker {
  const known = new Map<number, Cell>()
  return (value) => {
    const cell = known.get(value)
    if (cell !== undefined) return cell
    const made = make(value)
    if (known.size >= MAX_KNOWN) known.clear()
    known.set(value, made)
    return made
  }
}
