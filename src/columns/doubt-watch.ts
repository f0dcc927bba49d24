import type { Row } from '../spreadsheets/cell.ts'
import type { Column, ColumnType, DecimalSign } from './column.ts'
import { DateDoubt } from './date-doubt.ts'
import { DecimalDoubt } from './decimal-doubt.ts'
import type { Question } from './question.ts'

const DATES: ReadonlySet<ColumnType> = new Set(['date', 'datetime'])
const NUMBERS: ReadonlySet<ColumnType> = new Set(['number', 'integer'])

/**
 * Looks at every row for what can be read in two ways: the order of dates and the decimal sign of numbers in text. A
 * column whose first values leave no doubt is not looked at any further, so that a million clear rows cost nothing.
 */
export class DoubtWatch {
  readonly #dates: DateDoubt[]
  readonly #numbers: { id: string; doubt: DecimalDoubt }[]
  #open: (DateDoubt | DecimalDoubt)[]

  /** @param said ids of columns of which a person has said how they are read */
  constructor(columns: { index: number; column: Column }[], said: ReadonlySet<string> = new Set()) {
    const open = columns.filter(({ column }) => !said.has(column.id))
    this.#dates = open
      .filter(({ column }) => DATES.has(column.type))
      .map(({ column, index }) => new DateDoubt(column, index))
    this.#numbers = open
      .filter(({ column }) => NUMBERS.has(column.type))
      .map(({ column, index }) => ({ id: column.id, doubt: new DecimalDoubt(column, index) }))
    this.#open = [...this.#dates, ...this.#numbers.map(({ doubt }) => doubt)]
  }

  /** The sheet that the rows are of from here on; null when there is only one. */
  set sheet(sheet: string | null) {
    for (const doubt of this.#open) doubt.sheet = sheet
  }

  note(row: Row): void {
    let settled = false
    for (const doubt of this.#open) {
      doubt.note(row)
      settled ||= doubt.isSettled
    }
    if (settled) this.#open = this.#open.filter((doubt) => !doubt.isSettled)
  }

  /** What only a person can say. */
  questions(): Question[] {
    return [...this.#dates, ...this.#numbers.map(({ doubt }) => doubt)].flatMap(({ question }) => question ?? [])
  }

  /** By column id, the decimal signs that the cells decided for. */
  decided(): Record<string, DecimalSign> {
    return Object.fromEntries(
      this.#numbers.flatMap(({ id, doubt }) => (doubt.decided === null ? [] : [[id, doubt.decided]])),
    )
  }

  warnings(): string[] {
    return this.#numbers.flatMap(({ doubt }) => doubt.warning ?? [])
  }
}
