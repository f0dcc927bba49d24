import type { Cell, Row } from '../spreadsheets/cell.ts'
import { cellText } from './cell-text.ts'
import { shown } from './checked.ts'

const MOST_NAMED = 5
const LONGEST_HEADER = 80
/** So many rows show which columns have words; to look at every cell of a million would take its time. */
const LEARNED_FROM = 1000

/** Where a second table is: its header, and all rows from there on. */
export type SecondTable = { headerRow: number; lastRow: number; rows: number }

/**
 * Looks for a second table below the first: blank rows, then a row of names where numbers or nothing stood until now,
 * then numbers below these names. It is not read with the first; a person is told where it is and how it can be taken.
 */
export class SecondTableWatch {
  /** By column: whether it had words so far. */
  readonly #hasWords: boolean[] = []
  #last = 0
  #rows = 0
  #suspect: Row | null = null
  #header: Row | null = null
  #below = 0

  constructor(headerRow: number) {
    this.#last = headerRow
  }

  /** The second table as far as it was seen; null before there is one. */
  get found(): SecondTable | null {
    return this.#header && { headerRow: this.#header.number, lastRow: this.#last, rows: this.#below }
  }

  note(row: Row): void {
    if (this.#header !== null) {
      this.#last = row.number
      this.#below += 1
      return
    }
    if (this.#suspect !== null && row.number === this.#suspect.number + 1 && hasNumberBelow(this.#suspect, row)) {
      this.#header = this.#suspect
      this.#last = row.number
      this.#below = 1
      return
    }
    const isAfterBlank = row.number > this.#last + 1 && this.#rows > 1
    this.#suspect = isAfterBlank && this.#looksLikeHeader(row.cells) ? row : null
    this.#last = row.number
    this.#rows += 1
    if (this.#rows > LEARNED_FROM) return
    for (let index = 0; index < row.cells.length; index += 1) this.#learn(index, row.cells[index] ?? null)
  }

  #learn(index: number, cell: Cell): void {
    if (cell === null || this.#hasWords[index] === true) return
    if (!isNumeric(cell)) this.#hasWords[index] = true
  }

  /** Passes over a row that belongs to no table, but is no gap between two of them. */
  pass({ number }: Row): void {
    this.#suspect = null
    this.#last = number
  }

  warnings(): string[] {
    if (this.#header === null) return []
    const first = this.#header.number
    const names = this.#header.cells.filter((cell) => cell !== null).map((cell) => shown(cellText(cell)))
    const more = names.length > MOST_NAMED ? ' …' : ''
    const rows = this.#below === 1 ? '1 row' : `${this.#below.toLocaleString('en')} rows`
    return [
      `Rows ${first} to ${this.#last} look like a second table (${names.slice(0, MOST_NAMED).join(', ')}${more}) and were left out, ${rows} below its header. To take it instead, read the file with the header in row ${first}; or read everything as one table.`,
    ]
  }

  #looksLikeHeader(cells: Cell[]): boolean {
    const names = cells.filter((cell) => cell !== null)
    const areNames = names.every(
      (cell) => typeof cell === 'string' && cell.length <= LONGEST_HEADER && !isNumeric(cell),
    )
    if (!areNames || names.length < 2 || new Set(names).size < names.length) return false
    // A word among numbers may be a mere "unknown"; as many as these are names.
    const isNew = cells.filter((cell, index) => cell !== null && !this.#hasWords[index])
    return isNew.length >= names.length / 2
  }
}

function hasNumberBelow(header: Row, row: Row): boolean {
  return row.cells.some((cell, index) => cell !== null && typeof header.cells[index] === 'string' && isNumeric(cell))
}

/** By how it begins and ends, which is enough to tell values from names. */
function isNumeric(cell: Cell): boolean {
  if (typeof cell !== 'string') return true
  return /^\s*[-+(]?[\d.,]/.test(cell) && /[\d)%€$£]\s*$/.test(cell)
}
