import type { Cell, Row } from '../spreadsheets/cell.ts'
import { cellText } from './cell-text.ts'
import { shown } from './checked.ts'
import { type Column, keyColumns, type TemplateShape, type Value } from './column.ts'
import { isDatum } from './find-header.ts'
import type { Question } from './question.ts'

/** How many rows at the end of a table may be totals: net, tax and gross. */
export const MOST_TOTALS = 3
/** How many rows of notes may stand below them, such as "* preliminary" or where the numbers are from. */
export const MOST_NOTES = 3
const MOST_CELLS = 6
const MOST_SAMPLES = 6
const LONGEST_LABEL = 40
/** Sums of decimals differ in their last places by the order in which they are added. */
const CLOSE = 1e-9

const TOTAL_WORDS =
  /^(?:(?:grand|sub|overall) ?)?(?:totals?|sum|summe|gesamt|gesamtsumme|zwischensumme|endsumme|insgesamt|totale|totales|totaux|somme|suma|soma|razem|ogolem|celkem|spolu|osszesen|toplam|genel toplam|totaal|totalt|summa|yhteensa|i alt|ukupno|skupaj|kopa|kokku|viso|итого|всего|сума|разом|общо|συνολο|합계|총계|合計|総計|合计|总计|總計|รวม|कुल|المجموع|סהכ)(?![\p{L}\p{N}])/u

/** What was said about totals rows at the end of a table. */
export const TOTALS_ANSWERS = ['leave_out', 'import'] as const
export type TotalsAnswer = (typeof TOTALS_ANSWERS)[number]

/**
 * Tells rows of totals from rows of the table: headed by a word for it where the key should be, or without a key and
 * with numbers that are the sums of those above.
 */
export class TotalsWatch {
  readonly #named: ReadonlySet<number>
  readonly #sums: number[]
  readonly #numbers: number[]
  #rows = 0

  constructor(columns: { index: number; column: Column }[], shape: TemplateShape) {
    const key = new Set(keyColumns(shape))
    const named = columns.filter(({ column }) => key.has(column))
    this.#named = new Set((named.length > 0 ? named : columns.slice(0, 1)).map(({ index }) => index))
    this.#numbers = columns.flatMap(({ column }, at) => (isNumber(column) ? [at] : []))
    this.#sums = columns.map(() => 0)
  }

  /** Adds the values of a row that is one of the table, in the order of its columns. */
  add(values: Value[]): void {
    this.#rows += 1
    for (const at of this.#numbers) {
      const value = values[at]
      if (typeof value === 'number') this.#sums[at] = (this.#sums[at] ?? 0) + value
    }
  }

  /** `values` are the checked ones, in the order of the columns. */
  isTotal(row: Row, values: Value[]): boolean {
    const names = Array.from(this.#named, (index) => text(row.cells[index])).filter((name) => name !== '')
    if (names.some((name) => !isTotalWord(name))) return false
    if (names.length > 0) return true
    const first = row.cells.map(text).find((name) => name !== '') ?? ''
    return isTotalWord(first) || this.#isSum(values)
  }

  /** Whether the row is a note as it may stand below totals: a text alone, where the table has several columns. */
  isNote(row: Row): boolean {
    return this.#sums.length > 1 && isNote(row)
  }

  #isSum(values: Value[]): boolean {
    const filled = this.#numbers.filter((at) => typeof values[at] === 'number' && values[at] !== 0)
    return this.#rows > 1 && filled.length > 0 && filled.every((at) => isClose(Number(values[at]), this.#sums[at] ?? 0))
  }
}

/** A row of totals or a note below them, with its sheet when there are several. */
export type TotalsRow = { sheet: string | null; row: Row }

/** The question whether these rows are to be left out, with what stands in the columns that are read. */
export function totalsQuestion(rows: TotalsRow[], columns: { index: number }[]): Question {
  const isOne = rows.length === 1
  const samples = rows.slice(0, MOST_SAMPLES).map(({ sheet, row }) => {
    const cells = columns.map(({ index }) => text(row.cells[index])).filter((cell) => cell !== '')
    const cell = sheet === null ? `Row ${row.number}` : `${sheet}, row ${row.number}`
    return { cell, value: shown(cells.slice(0, MOST_CELLS).join(' · ')) }
  })
  const many = haveNotes(rows) ? 'look like totals and notes,' : 'look like rows of totals'
  const what = isOne ? 'looks like a row of totals' : many
  return {
    id: 'totals',
    kind: 'totals',
    columnId: null,
    column: null,
    sentence: `${rowsWord(rows)} ${what} and not like a part of the table. What should become of ${isOne ? 'it' : 'them'}?`,
    samples,
    options: [
      { value: 'leave_out', label: 'leave out', readings: samples.map(() => 'left out') },
      { value: 'import', label: 'import like all other rows', readings: samples.map(() => 'a row of the table') },
    ],
    suggested: 'leave_out',
  }
}

/** That these rows were left out; nothing when there are none. */
export function totalsWarning(rows: TotalsRow[]): string[] {
  if (rows.length === 0) return []
  const many = haveNotes(rows) ? 'were left out as totals and notes' : 'were left out as rows of totals'
  return [`${rowsWord(rows)} ${rows.length === 1 ? 'was left out as a row of totals' : many}.`]
}

function haveNotes(rows: TotalsRow[]): boolean {
  return rows.some(({ row }) => isNote(row))
}

function isNote({ cells }: Row): boolean {
  const [note, ...others] = cells.filter((cell) => text(cell) !== '')
  if (typeof note !== 'string' || others.length > 0) return false
  return !isDatum(note) && !isTotalWord(note.trim())
}

/** "Row 12", "Rows 12 and 13", "Rows May!12, June!13 and July!14" */
function rowsWord(rows: TotalsRow[]): string {
  const names = rows.map(({ sheet, row }) => (sheet === null ? String(row.number) : `${sheet}!${row.number}`))
  const last = names.at(-1)
  if (names.length === 1) return `Row ${last}`
  return `Rows ${names.slice(0, -1).join(', ')} and ${last}`
}

export function isTotalWord(name: string): boolean {
  if (name.length > LONGEST_LABEL) return false
  const plain = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f"'״]/g, '')
    .normalize('NFC')
  return TOTAL_WORDS.test(plain.toLowerCase())
}

function isNumber({ type }: Column): boolean {
  return type === 'number' || type === 'integer'
}

function isClose(value: number, sum: number): boolean {
  return Math.abs(value - sum) <= CLOSE * Math.max(Math.abs(value), Math.abs(sum))
}

function text(cell: Cell | undefined): string {
  return cellText(cell).trim()
}
