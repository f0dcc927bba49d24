import type { Cell } from '../spreadsheets/cell.ts'
import { findBoolean } from './booleans.ts'
import { cellText } from './cell-text.ts'
import { shown } from './checked.ts'
import type { DateOrder, DecimalSign } from './column.ts'
import { LEADING_CURRENCY, TRAILING_CURRENCY } from './currencies.ts'
import { parseDateTime } from './dates.ts'
import { parseNumber } from './numbers.ts'
import { looksLikeEmail, looksLikeUrl } from './text-check.ts'

const MOST_VARIANTS = 50
/** Beyond this many values a column is taken for unique if none has come again, so that memory stays bounded. */
export const UNIQUE_WITHIN = 10_000
const MOST_SAMPLES = 3
const MOST_ROWS_NAMED = 3
/** No number or date is longer; notes are, and they are most of what there is to read. */
const LONGEST_DATUM = 60

/** A type that none of this many values fits is not tried on the others; reading each as everything takes its time. */
const TRIED = 1000

/** How many cells fit a type, and the first rows that do not. */
export class Fit {
  count = 0
  readonly misses: number[] = []

  note(fits: boolean, row: number): void {
    if (fits) this.count += 1
    else if (this.misses.length < MOST_ROWS_NAMED) this.misses.push(row)
  }
}

/** What the cells of one column speak for, gathered cell by cell in bounded memory. */
export class ColumnEvidence {
  readonly header: string
  filled = 0
  readonly samples: string[] = []
  /** How often each text was seen; null once there are too many different ones. */
  variants: Map<string, number> | null = new Map()
  /** Whether no value has come twice, among the first `UNIQUE_WITHIN`. */
  unique = true
  longest = 0
  leadingZeros = 0
  leadingPlus = 0
  longDigits = 0
  /** Numbers in text that read differently with decimal point and decimal comma: "1,000". */
  eitherDecimal = 0
  /** The first of them. */
  readonly eitherNumbers: string[] = []
  percents = 0
  currencies = 0
  /** Dates in text that read differently as day/month and month/day. */
  eitherOrder = 0
  readonly eitherDates: string[] = []
  timesOfDay = 0
  /** Yes and no in words, other than 1 and 0. */
  booleanWords = 0
  readonly boolean = new Fit()
  readonly email = new Fit()
  readonly url = new Fit()
  readonly number: Record<DecimalSign, Fit> = { point: new Fit(), comma: new Fit() }
  readonly integer: Record<DecimalSign, Fit> = { point: new Fit(), comma: new Fit() }
  readonly date: Record<DateOrder | 'iso', Fit> = { iso: new Fit(), dmy: new Fit(), mdy: new Fit(), ymd: new Fit() }
  #seen: Set<string> | null = new Set()

  constructor(header: string) {
    this.header = header
  }

  add(cell: Cell | undefined, row: number): void {
    const text = cellText(cell).trim()
    if (cell === null || cell === undefined || text === '') return
    this.filled += 1
    this.longest = Math.max(this.longest, text.length)
    if (typeof cell !== 'object' || cell.type !== 'error') this.#noteText(text)
    this.#noteNumber(cell, text, row)
    this.#noteDate(cell, text, row)
    const truth = typeof cell === 'boolean' ? cell : typeof cell === 'object' ? undefined : findBoolean(text)
    if (truth !== undefined && text !== '1' && text !== '0') this.booleanWords += 1
    this.boolean.note(truth !== undefined, row)
    this.email.note(typeof cell === 'string' && looksLikeEmail(text), row)
    this.url.note(typeof cell === 'string' && looksLikeUrl(text), row)
  }

  #noteText(text: string): void {
    if (this.variants !== null) {
      this.variants.set(text, (this.variants.get(text) ?? 0) + 1)
      if (this.samples.length < MOST_SAMPLES && this.variants.size > this.samples.length) this.samples.push(shown(text))
      if (this.variants.size > MOST_VARIANTS) this.variants = null
    }
    if (this.#seen === null) return
    const key = text.length > 200 ? `${text.slice(0, 200)}…${text.length}` : text
    if (this.#seen.has(key)) this.unique = false
    if (!this.unique || this.#seen.size >= UNIQUE_WITHIN) this.#seen = null
    else this.#seen.add(key)
  }

  #noteNumber(cell: Cell, text: string, row: number): void {
    if (/^0\d+$/.test(text)) this.leadingZeros += 1
    if (/^\+\d{6,}$/.test(text)) this.leadingPlus += 1
    if (/^\d{16,}$/.test(text)) this.longDigits += 1
    const exact =
      typeof cell === 'number' ? cell : typeof cell === 'object' && cell?.type === 'number' ? cell.value : null
    const worthTrying = this.#worthTrying(this.number.point.count + this.number.comma.count)
    const point = exact ?? (worthTrying ? numberIn(cell, text, 'point') : null)
    const comma = exact ?? (worthTrying ? numberIn(cell, text, 'comma') : null)
    if (point !== null && comma !== null && point !== comma) {
      this.eitherDecimal += 1
      keepSome(this.eitherNumbers, text)
    }
    if ((point ?? comma) !== null && typeof cell !== 'number') this.#noteUnit(text)
    this.number.point.note(point !== null, row)
    this.number.comma.note(comma !== null, row)
    this.integer.point.note(Number.isSafeInteger(point), row)
    this.integer.comma.note(Number.isSafeInteger(comma), row)
  }

  #noteDate(cell: Cell, text: string, row: number): void {
    if (typeof cell === 'object' && cell?.type === 'date') {
      this.#noteDateCell(cell.value, row)
      return
    }
    const { iso: isos, dmy: dmys, mdy: mdys, ymd: ymds } = this.date
    if (!this.#worthTrying(isos.count + dmys.count + mdys.count + ymds.count)) return
    const mayBe = typeof cell === 'string' && text.length <= LONGEST_DATUM && text.length >= 6 && /\d/.test(text)
    const iso = mayBe ? dateIn(text, null) : null
    const dmy = mayBe ? (iso ?? dateIn(text, 'dmy')) : null
    const mdy = mayBe ? (iso ?? dateIn(text, 'mdy')) : null
    const ymd = mayBe ? (iso ?? dateIn(text, 'ymd')) : null
    if (dmy !== null && mdy !== null && dmy !== mdy) {
      this.eitherOrder += 1
      keepSome(this.eitherDates, text)
    }
    const found = dmy ?? mdy ?? ymd
    if (found !== null && !found.endsWith('T00:00:00')) this.timesOfDay += 1
    this.date.iso.note(iso !== null, row)
    this.date.dmy.note(dmy !== null, row)
    this.date.mdy.note(mdy !== null, row)
    this.date.ymd.note(ymd !== null, row)
  }

  #noteUnit(text: string): void {
    if (text.includes('%')) this.percents += 1
    else if (LEADING_CURRENCY.test(text) || TRAILING_CURRENCY.test(text)) this.currencies += 1
  }

  #worthTrying(fitSoFar: number): boolean {
    return this.filled <= TRIED || fitSoFar > 0
  }

  #noteDateCell(value: string, row: number): void {
    const isDate = value.length >= 10
    if (isDate && value.length > 10 && !value.endsWith('T00:00:00')) this.timesOfDay += 1
    for (const fit of Object.values(this.date)) fit.note(isDate, row)
  }
}

/** Keeps the first few different ones. */
function keepSome(kept: string[], text: string): void {
  if (kept.length < MOST_SAMPLES && !kept.includes(text)) kept.push(text)
}

function numberIn(cell: Cell, text: string, decimal: DecimalSign): number | null {
  if (typeof cell !== 'string' || text.length > LONGEST_DATUM) return null
  const number = parseNumber(text, decimal)
  return typeof number === 'number' ? number : null
}

function dateIn(text: string, order: DateOrder | null): string | null {
  const date = parseDateTime(text, order)
  return typeof date === 'string' ? date : null
}
