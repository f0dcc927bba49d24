import type { Row } from '../spreadsheets/cell.ts'
import { RepeatedHeaderWatch } from './repeated-header.ts'
import { type SecondTable, SecondTableWatch } from './second-table.ts'

/**
 * Tells the rows of a table from those that stand among or below them and are none of its: its header printed once more,
 * and a second table. With `oneTable` whatever stands below belongs to it.
 */
export class OwnRows {
  readonly #repeatedHeader: RepeatedHeaderWatch
  readonly #second: SecondTableWatch | null

  constructor({ header, headerRow }: { header: string[]; headerRow: number }, { oneTable }: { oneTable: boolean }) {
    this.#repeatedHeader = new RepeatedHeaderWatch(header)
    this.#second = oneTable ? null : new SecondTableWatch(headerRow)
  }

  /** The second table as far as it was seen; null before there is one. */
  get below(): SecondTable | null {
    return this.#second?.found ?? null
  }

  /** How many rows were none of the table's, up to now. */
  get leftOut(): number {
    return this.#repeatedHeader.count + (this.below?.rows ?? 0)
  }

  /**
   * Whether the next row is one of the table. The header of a second table is known as such one row later: until then it
   * passes for a row.
   */
  has(row: Row): boolean {
    if (this.below === null && this.#repeatedHeader.note(row)) {
      this.#second?.pass(row)
      return false
    }
    this.#second?.note(row)
    return this.below === null
  }

  warnings(): string[] {
    return [...this.#repeatedHeader.warnings(), ...(this.#second?.warnings() ?? [])]
  }
}
