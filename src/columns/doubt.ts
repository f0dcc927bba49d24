import { columnLetters } from '../spreadsheets/cell.ts'
import { shown } from './checked.ts'

const MOST_SAMPLES = 3

/** Cells of one column that can be read in more than one way: how many there are of each kind, and some of them. */
export class Doubt<Reading extends string> {
  readonly #letters: string
  /** How many cells only one reading makes sense of, by that reading. */
  readonly only = new Map<Reading, number>()
  /** The first cell that only one reading makes sense of. */
  firstOnly: { cell: string; value: string } | null = null
  /** The reading that alone makes sense of some cells, when no other does; null when the cells say nothing or disagree. */
  spokenFor: Reading | null = null
  /** Cells that several readings make sense of, each another one. */
  either = 0
  readonly #samples: { cell: string; value: string }[] = []
  readonly #seen = new Set<string>()

  /** The sheet that the rows are of, when there are several. */
  sheet: string | null = null

  constructor(index: number) {
    this.#letters = columnLetters(index)
  }

  /** `fitting` are the readings that make sense of the text. */
  note(text: string, row: number, fitting: Reading[]): void {
    const [first] = fitting
    if (fitting.length === 1 && first !== undefined) {
      this.only.set(first, this.countOnly(first) + 1)
      this.spokenFor = this.only.size === 1 ? first : null
      this.firstOnly ??= this.#sample(text, row)
    } else this.either += 1
    if (this.#samples.length === MOST_SAMPLES || this.#seen.has(text)) return
    this.#seen.add(text)
    this.#samples.push(this.#sample(text, row))
  }

  #sample(text: string, row: number): { cell: string; value: string } {
    const cell = `${this.#letters}${row}`
    return { cell: this.sheet === null ? cell : `${this.sheet}!${cell}`, value: shown(text) }
  }

  countOnly(reading: Reading): number {
    return this.only.get(reading) ?? 0
  }

  get samples(): { cell: string; value: string }[] {
    return this.#samples
  }

  get count(): number {
    return Array.from(this.only.values()).reduce((sum, each) => sum + each, this.either)
  }
}
