import type { Cell, Row } from '../spreadsheets/cell.ts'
import { cellText } from './cell-text.ts'
import { headerKey } from './header-key.ts'

const NAMED = 3
const ZERO = 48
const NINE = 57
const A = 97
const Z = 122
/** The bit that makes a capital letter of ASCII a small one, and leaves small letters and digits alone. */
const SMALL = 32

/**
 * Finds rows that are the header printed once more, as at the top of every page of a report or where files were joined.
 * All columns that the header names must say the same, and there must be two: one value may well equal its header.
 */
export class RepeatedHeaderWatch {
  readonly #names: { index: number; key: string; initial: number }[]
  readonly #firstAt: number
  readonly #firstInitial: number
  readonly #rows: number[] = []
  count = 0

  constructor(header: string[]) {
    const names = header.map((text, index) => ({ index, key: headerKey(text) })).filter(({ key }) => key !== '')
    this.#names = names.map((name) => ({ ...name, initial: name.key.charCodeAt(0) }))
    this.#firstAt = this.#names[0]?.index ?? 0
    this.#firstInitial = this.#names[0]?.initial ?? 0
  }

  /** Whether the row is the header once more; if so, it is counted. */
  note({ number, cells }: Row): boolean {
    // Nearly every row is told by one letter, and costs no more.
    if (!mayBegin(cells[this.#firstAt], this.#firstInitial) || !this.#isHeader(cells)) return false
    this.count += 1
    if (this.#rows.length < NAMED) this.#rows.push(number)
    return true
  }

  warnings(): string[] {
    if (this.count === 0) return []
    const named = this.#rows.join(', ')
    if (this.count === 1) return [`Row ${named} repeats the header and was left out.`]
    const others = this.count > NAMED ? ' and others' : ''
    return [`${this.count.toLocaleString('en')} rows (${named}${others}) repeat the header and were left out.`]
  }

  #isHeader(cells: Cell[]): boolean {
    const names = this.#names
    if (names.length < 2 || !names.every(({ index, initial }) => mayBegin(cells[index], initial))) return false
    return names.every(({ index, key }) => headerKey(cellText(cells[index])) === key)
  }
}

/** Whether the key of the cell may begin with this letter; punctuation and letters beyond ASCII leave it open. */
function mayBegin(cell: Cell | undefined, initial: number): boolean {
  if (typeof cell === 'number') return initial <= NINE
  if (typeof cell !== 'string') return cell !== null && cell !== undefined
  const code = cell.charCodeAt(0) | SMALL
  return code === initial || !((code >= A && code <= Z) || (code >= ZERO && code <= NINE))
}
