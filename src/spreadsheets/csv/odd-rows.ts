const NAMED = 3

/** Rows in which something odd was found and read all the same, to tell a person. */
export class OddRows {
  readonly #rows: number[] = []
  count = 0

  note(row: number): void {
    this.count += 1
    if (this.#rows.length < NAMED) this.#rows.push(row)
  }

  /** "row 3", "4 rows (3, 7, 9 and others)" */
  named(): string {
    if (this.count === 1) return `row ${this.#rows[0]}`
    const others = this.count > NAMED ? ' and others' : ''
    return `${this.count.toLocaleString('en')} rows (${this.#rows.join(', ')}${others})`
  }
}
