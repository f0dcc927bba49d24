import type { Row } from '../spreadsheets/cell.ts'

const NAMED = 3

/** Counts rows with something to the right of the last header, where no column is read. */
export class RaggedRowsWatch {
  readonly #width: number
  readonly #rows: number[] = []
  #count = 0

  /** @param width how many columns have a place in the header */
  constructor(width: number) {
    this.#width = width
  }

  note({ number, cells }: Row): void {
    if (cells.length <= this.#width || !cells.some((cell, at) => at >= this.#width && cell !== null)) return
    this.#count += 1
    if (this.#rows.length < NAMED) this.#rows.push(number)
  }

  warnings(): string[] {
    if (this.#count === 0) return []
    const named = this.#rows.join(', ')
    const others = this.#count > NAMED ? ' and others' : ''
    const [rows, have] =
      this.#count === 1
        ? [`Row ${named}`, 'has']
        : [`${this.#count.toLocaleString('en')} rows (${named}${others})`, 'have']
    return [
      `${rows} ${have} cells to the right of the last header; they were not read. An unquoted separator does that, too.`,
    ]
  }
}
