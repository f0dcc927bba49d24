import { type Cell, columnLetters, type Row } from '../spreadsheets/cell.ts'
import type { Column } from './column.ts'
import { findMonth } from './month-names.ts'

const MOST_ADDRESSES = 3
const MOST_DIGITS = 20
/** Fewer codes than this say nothing of how long they should be. */
const LEAST_CODES = 10
/** Shorter ones are mere numbers, as likely as not. */
const LEAST_LENGTH = 4
/** The longest text of a cell of a workbook, and of a cell or a field of older programs. */
const MOST_IN_CELL = 32_767
const MOST_IN_FIELD = 255
/** Spreadsheets keep 15 digits of a number; what is longer ends in zeros that were other digits once. */
const ROUNDED = 1e15
/** "30. septiembre", the longest that a program writes for a day it took an id to be. */
const LONGEST_DAY = 15
const HASH = 35
const HYPHEN = 45
const ZERO = 48
const NINE = 57

/** How often something was seen, and where first. */
class Sighting {
  count = 0
  readonly #rows: number[] = []

  note(row: number): void {
    this.count += 1
    if (this.#rows.length < MOST_ADDRESSES) this.#rows.push(row)
  }

  /** "B4", "B4 and B9", "B4, B9, B11 and 7 more". */
  at(letters: string, ...more: Sighting[]): string {
    const count = more.reduce((sum, other) => sum + other.count, this.count)
    const rows = [this, ...more].flatMap((each) => each.#rows).sort((a, b) => a - b)
    const named = rows.slice(0, MOST_ADDRESSES).map((row) => `${letters}${row}`)
    if (count > named.length) return `${named.join(', ')} and ${(count - named.length).toLocaleString('en')} more`
    return named.length > 1 ? `${named.slice(0, -1).join(', ')} and ${named.at(-1)}` : named.join()
  }
}

/**
 * Looks for damage that programs did to the cells before the file came here, which no check of single cells can tell
 * from good values. It warns and refuses nothing: the rows may be right. Only text columns are watched; elsewhere the
 * cell would not fit its type. A row costs a look at a character or two of each text, and no memory.
 */
export class DamageWatch {
  readonly #columns: ColumnDamage[]

  /** @param isText whether every cell of the file is text, as in a CSV, so that no number can be told by its type */
  constructor(columns: { index: number; column: Column }[], options: { isText: boolean }) {
    this.#columns = columns
      .filter(({ column }) => column.type === 'text')
      .map(({ index, column }) => new ColumnDamage(index, column.name, options.isText))
  }

  note(row: Row): void {
    for (const column of this.#columns) column.note(row.cells[column.index] ?? null, row.number)
  }

  /** One sentence for each kind of damage in each column, with up to three addresses. */
  warnings(): string[] {
    return this.#columns.flatMap((column) => column.warnings())
  }
}

class ColumnDamage {
  readonly index: number
  readonly #letters: string
  readonly #name: string
  readonly #isText: boolean
  #filled = 0
  /** How many codes of digits alone there are of each length, and where those are that a number made shorter. */
  readonly #lengths = new Array<number>(MOST_DIGITS + 1).fill(0)
  readonly #numbers = Array.from({ length: MOST_DIGITS + 1 }, () => new Sighting())
  readonly #rounded = new Sighting()
  readonly #dates = new Sighting()
  readonly #full = new Sighting()
  readonly #cut = new Sighting()
  readonly #hidden = new Sighting()
  #isLonger = false

  constructor(index: number, name: string, isText: boolean) {
    this.index = index
    this.#letters = columnLetters(index)
    this.#name = name
    this.#isText = isText
  }

  note(cell: Cell, row: number): void {
    if (cell === null || cell === '') return
    this.#filled += 1
    if (typeof cell === 'string') this.#noteText(cell, row)
    else if (typeof cell === 'number') this.#noteNumber(cell, row)
    else if (typeof cell === 'boolean') return
    else if (cell.type === 'date') this.#dates.note(row)
    // A format such as 00000 shows the zeros, and what is shown is what is read.
    else if (cell.type === 'number' && cell.value < ROUNDED && isDigits(cell.text)) {
      this.#noteCode(cell.text.length, row)
    } else if (cell.type === 'number') this.#noteNumber(cell.value, row)
  }

  #noteText(text: string, row: number): void {
    const { length } = text
    if (length === MOST_IN_CELL) this.#full.note(row)
    else if (length === MOST_IN_FIELD) this.#cut.note(row)
    if (length > MOST_IN_FIELD) {
      this.#isLonger = true
      return
    }
    const first = text.charCodeAt(0)
    if (first === HASH) {
      if (/^#{2,}$/.test(text)) this.#hidden.note(row)
    } else if (first >= ZERO && first <= NINE) this.#noteDigits(text, row)
    else if (this.#isText && text.charCodeAt(length - 3) === HYPHEN && isMonthAndYear(text)) this.#dates.note(row)
  }

  #noteDigits(text: string, row: number): void {
    if (isDigits(text)) {
      if (text.length <= MOST_DIGITS) this.#noteCode(text.length, this.#isText ? row : 0)
    } else if (/^\d(?:[.,]\d+)?E\+\d{2,3}$/i.test(text)) this.#rounded.note(row)
    else if (this.#isText && isDayAndMonth(text)) this.#dates.note(row)
  }

  #noteNumber(value: number, row: number): void {
    if (Math.abs(value) >= ROUNDED) this.#rounded.note(row)
    else if (value >= 0 && Number.isInteger(value)) this.#noteCode(digitsOf(value), row)
  }

  /** `row` is 0 for digits that are text in a workbook: they have kept their zeros. */
  #noteCode(length: number, row: number): void {
    this.#lengths[length] = (this.#lengths[length] ?? 0) + 1
    if (row > 0) this.#numbers[length]?.note(row)
  }

  warnings(): string[] {
    const found = [
      this.#lostZeros(),
      told(this.#rounded, 'number has', 'numbers have', 'more than 15 digits or an exponent, so digits may be lost'),
      this.#turnedIntoDates(),
      told(this.#full, 'text is', 'texts are', 'exactly 32,767 characters long, the most a cell can hold: cut off?'),
      this.#cutTexts(),
      told(this.#hidden, 'cell holds', 'cells hold', 'only ####, as a column shows that is too narrow for its values'),
    ]
    return found.flatMap((each) => (each ? [`${this.#name}: ${each.sentence} (${each.at(this.#letters)}).`] : []))
  }

  #lostZeros(): Warning | undefined {
    const usual = this.#lengths.indexOf(Math.max(...this.#lengths))
    const most = this.#lengths[usual] ?? 0
    const one = this.#numbers[usual - 1]
    const two = this.#numbers[usual - 2]
    if (!one || !two || usual < LEAST_LENGTH || most < LEAST_CODES || most < this.#filled * 0.7) return undefined
    // Numbers that count from 1 have every length; codes that lost zeros are a little too short.
    const isCounting = this.#lengths.slice(1, usual - 2).some((count) => count > 0)
    const count = one.count + two.count
    if (count === 0 || isCounting) return undefined
    const codes = count === 1 ? '1 code is' : `${count.toLocaleString('en')} codes are`
    return {
      sentence: `${codes} shorter than the ${usual} digits of the others, as if zeros at the start were lost`,
      at: (letters) => one.at(letters, two),
    }
  }

  #turnedIntoDates(): Warning | undefined {
    if (this.#dates.count > this.#filled / 2) return undefined
    return told(this.#dates, 'value is', 'values are', 'a date where most are none, as if a program had made it one')
  }

  #cutTexts(): Warning | undefined {
    if (this.#cut.count < 2 || this.#isLonger) return undefined
    return told(this.#cut, 'text is', 'texts are', 'exactly 255 characters long and none is longer: cut off?')
  }
}

type Warning = { sentence: string; at(letters: string): string }

function told(sighting: Sighting, one: string, several: string, what: string): Warning | undefined {
  if (sighting.count === 0) return undefined
  const noun = sighting.count === 1 ? one : several
  return { sentence: `${sighting.count.toLocaleString('en')} ${noun} ${what}`, at: (letters) => sighting.at(letters) }
}

/** "2-Mar" or "01. Mrz", as a spreadsheet saves to a CSV what was "MARCH2" or "1/3" before. */
function isDayAndMonth(text: string): boolean {
  if (text.length > LONGEST_DAY) return false
  const month = /^(?:0?[1-9]|[12]\d|3[01])(?:-|\. ?)(\p{L}{3,})\.?$/u.exec(text)?.[1]
  return month !== undefined && findMonth(month) !== undefined
}

/** "Mar-02", as a spreadsheet saves to a CSV what was "3-2002" before. */
function isMonthAndYear(text: string): boolean {
  if (text.length > LONGEST_DAY) return false
  const month = /^(\p{L}{3,})\.?-\d\d$/u.exec(text)?.[1]
  return month !== undefined && findMonth(month) !== undefined
}

function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < ZERO || code > NINE) return false
  }
  return text.length > 0
}

function digitsOf(value: number): number {
  let digits = 1
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits += 1
  return digits
}
