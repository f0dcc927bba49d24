import type { Cell, Row } from '../spreadsheets/cell.ts'
import { decimalText } from './cell-text.ts'
import { type Column, DECIMAL_SIGNS, type DecimalSign } from './column.ts'
import { Doubt } from './doubt.ts'
import { parseNumber } from './numbers.ts'
import type { Question, QuestionOption } from './question.ts'

const OTHER = { point: 'comma', comma: 'point' } as const
const LABELS: Record<DecimalSign, string> = { point: 'decimal point', comma: 'decimal comma' }

/**
 * Watches the numbers in text of one column for their decimal sign. Where the template does not say it, the cells decide
 * together: "0,435" can only be a comma, "1.50" only a point, "1.000" is either. Where the template says it, there is a
 * doubt only when the cells speak for the other sign: then "1.000" would silently be another number.
 */
export class DecimalDoubt {
  readonly #column: Column
  readonly #index: number
  readonly #doubt: Doubt<DecimalSign>

  constructor(column: Column, index: number) {
    this.#column = column
    this.#index = index
    this.#doubt = new Doubt(index)
  }

  /** Nothing that is still to come can raise a question or change what the cells decide. */
  get isSettled(): boolean {
    const { decimal } = this.#column
    return decimal === null ? this.#doubt.only.size > 1 : this.#doubt.countOnly(decimal) > 0
  }

  set sheet(sheet: string | null) {
    this.#doubt.sheet = sheet
  }

  note(row: Row): void {
    const cell: Cell = row.cells[this.#index] ?? null
    if (typeof cell !== 'string' || (!cell.includes('.') && !cell.includes(','))) return
    const text = cell.trim()
    const { spokenFor } = this.#doubt
    // Where the cells have decided, only one that does not fit can say anything new.
    if (this.#column.decimal === null && spokenFor !== null && typeof parseNumber(text, spokenFor) === 'number') return
    const [point, comma] = [parseNumber(text, 'point'), parseNumber(text, 'comma')]
    if (point === comma || (typeof point !== 'number' && typeof comma !== 'number')) return
    const fitting = DECIMAL_SIGNS.filter((sign) => typeof (sign === 'point' ? point : comma) === 'number')
    this.#doubt.note(text, row.number, fitting)
  }

  /** The sign that the cells decide for together, where the template leaves it to them. */
  get decided(): DecimalSign | null {
    return this.#column.decimal === null ? this.#doubt.spokenFor : null
  }

  /** A sentence about what the cells decided, when it is not what is usual here. */
  get warning(): string | null {
    const { firstOnly } = this.#doubt
    if (this.decided !== 'comma' || firstOnly === null) return null
    return `${this.#column.name} was read with decimal comma: '${firstOnly.value}' in ${firstOnly.cell} fits no other sign, and no value needs one.`
  }

  get question(): Question | null {
    const { id, name, decimal } = this.#column
    const { count, either, samples, spokenFor } = this.#doubt
    const isOpen = decimal === null ? count > 0 && spokenFor === null : spokenFor === OTHER[decimal] && either > 0
    if (!isOpen) return null
    return {
      id: `decimal.${id}`,
      kind: 'decimal',
      columnId: id,
      column: name,
      sentence: this.#sentence(),
      samples,
      options: DECIMAL_SIGNS.map((sign) => optionOf(sign, samples)),
      suggested: spokenFor,
    }
  }

  #sentence(): string {
    const { name, decimal } = this.#column
    const { count, either, spokenFor } = this.#doubt
    const numbers = count === 1 ? '1 number in text' : `${count.toLocaleString('en')} numbers in text`
    if (spokenFor !== null && decimal !== null) {
      return `${name} has ${numbers}; some fit a ${LABELS[spokenFor]} only, and the template says ${LABELS[decimal]}. Which sign is it?`
    }
    if (either === count) {
      return `${name} has ${numbers} in which the decimal sign and the separator of thousands can't be told apart. Which is it?`
    }
    return `${name} has numbers in text with a decimal point and others with a decimal comma. Which sign is it?`
  }
}

function optionOf(sign: DecimalSign, samples: Question['samples']): QuestionOption {
  const readings = samples.map(({ value }) => {
    const number = parseNumber(value, sign)
    return typeof number === 'number' ? decimalText(number) : 'no number'
  })
  return { value: sign, label: LABELS[sign], readings }
}
