import { columnLetters } from '../spreadsheets/cell.ts'
import { shown } from './checked.ts'

const MOST_SAMPLES = 3

/** Cells of one column that can be read in more than one way: how many there are of each kind, and some of them. */
export class Doubt<Reading extends string> {
  readonly #letters: string
  /** Cells that only one reading makes sense of. */
  readonly only = new Map<Reading, number>()
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
    if (fitting.length === 1 && first !== undefined) this.only.set(first, this.countOnly(first) + 1)
    else this.either += 1
    if (this.#samples.length === MOST_SAMPLES || this.#seen.has(text)) return
    this.#seen.add(text)
    const cell = `${this.#letters}${row}`
    this.#samples.push({ cell: this.sheet === null ? cell : `${this.sheet}!${cell}`, value: shown(text) })
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

  /** The reading that alone makes sense of some cells, when no other does; null when the cells say nothing or disagree. */
  get spokenFor(): Reading | null {
    const [one, ...others] = this.only.keys()
    return one !== undefined && others.length === 0 ? one : null
  }
}
