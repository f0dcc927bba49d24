import type { Cell, Row } from '../spreadsheets/cell.ts'
import { type Column, DATE_ORDERS, type DateOrder } from './column.ts'
import { DATE_EXAMPLES } from './date-check.ts'
import { isIsoDate, isIsoDateTime, parseDateTime } from './dates.ts'
import { Doubt } from './doubt.ts'
import { longDate } from './long-date.ts'
import type { Question, QuestionOption } from './question.ts'

const OTHER = { dmy: 'mdy', mdy: 'dmy' } as const
/** The answer that leaves the cells what they are: no dates. */
export const NO_ORDER = 'none'

/**
 * Watches the dates in text of one column. Without an order each of them that is not ISO is in doubt. With one they are
 * so only while the file speaks for the other: then those that fit both would silently change day and month.
 */
export class DateDoubt {
  readonly #column: Column
  readonly #index: number
  readonly #doubt: Doubt<DateOrder>

  constructor(column: Column, index: number) {
    this.#column = column
    this.#index = index
    this.#doubt = new Doubt(index)
  }

  /** Nothing that is still to come can raise a question. */
  get isSettled(): boolean {
    const { dateOrder } = this.#column
    return dateOrder === 'ymd' || (dateOrder !== null && this.#doubt.countOnly(dateOrder) > 0)
  }

  set sheet(sheet: string | null) {
    this.#doubt.sheet = sheet
  }

  note(row: Row): void {
    const cell: Cell = row.cells[this.#index] ?? null
    if (typeof cell !== 'string' || isIsoDate(cell) || isIsoDateTime(cell)) return
    const text = cell.trim()
    if (isIsoDate(text) || typeof parseDateTime(text, null) === 'string') return
    const read = DATE_ORDERS.map((order) => parseDateTime(text, order))
    const fitting = DATE_ORDERS.filter((_, at) => typeof read[at] === 'string')
    if (fitting.length > 0) this.#doubt.note(text, row.number, fitting)
  }

  get question(): Question | null {
    const { id, name, dateOrder } = this.#column
    const { count, either, samples, spokenFor } = this.#doubt
    if (dateOrder === null ? count === 0 : !this.#speaksAgainst(dateOrder) || either === 0) return null
    const options = DATE_ORDERS.filter((order) => samples.some(({ value }) => isDate(value, order)))
    return {
      id: `date_order.${id}`,
      kind: 'date_order',
      columnId: id,
      column: name,
      sentence: this.#sentence(),
      samples,
      options: [...options.map((order) => optionOf(order, samples)), noOrder(samples)],
      suggested: spokenFor,
    }
  }

  #speaksAgainst(order: DateOrder): boolean {
    const other = order === 'ymd' ? undefined : OTHER[order]
    return other !== undefined && this.#doubt.spokenFor === other
  }

  #sentence(): string {
    const { name, dateOrder } = this.#column
    const { count, either, only, samples, spokenFor } = this.#doubt
    const dates = count === 1 ? '1 date in text' : `${count.toLocaleString('en')} dates in text`
    if (spokenFor !== null) {
      const { words } = DATE_EXAMPLES[spokenFor]
      const some = only.get(spokenFor) ?? 0
      const cells = count === 1 ? 'It fits' : some === count ? 'They fit' : `${some.toLocaleString('en')} of them fit`
      const against = dateOrder === null ? '' : `, and the template says ${DATE_EXAMPLES[dateOrder].words}`
      return `${name} has ${dates}. ${cells} ${words} only${against}. In which order are they?`
    }
    if (samples.every(({ value }) => sameDay(value))) {
      return `${name} has ${dates} in which the first or the last number may be the year. Which is it?`
    }
    if (either === count) {
      return `${name} has ${dates}, none with a day above 12, so day and month can't be told apart. Which is it?`
    }
    return `${name} has ${dates}, and no one order fits them all. In which order are they?`
  }
}

function optionOf(order: DateOrder, samples: Question['samples']): QuestionOption {
  const readings = samples.map(({ value }) => {
    const date = parseDateTime(value, order)
    return typeof date === 'string' ? longDate(date) : 'no date'
  })
  return { value: order, label: DATE_EXAMPLES[order].words, readings }
}

function noOrder(samples: Question['samples']): QuestionOption {
  return { value: NO_ORDER, label: 'none of these: refuse such cells', readings: samples.map(() => 'refused') }
}

/** Whether day and month are plain, as where the month is a word. */
function sameDay(text: string): boolean {
  return parseDateTime(text, 'dmy') === parseDateTime(text, 'mdy')
}

function isDate(text: string, order: DateOrder): boolean {
  return typeof parseDateTime(text, order) === 'string'
}
