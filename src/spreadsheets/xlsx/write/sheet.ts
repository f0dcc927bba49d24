import { columnLetters } from '../../cell.ts'
import { type OutColumn, type OutSheet, type OutValue, ROWS_PER_NOTICE, TooLargeToWrite } from '../../out-sheet.ts'
import { isTooLong, styleOf, xlsxCell, xlsxTextCell } from './cell.ts'
import type { ListSheet } from './list-sheet.ts'
import { NOTES_ID, STYLES, sheetStart } from './parts.ts'
import { rulesXml } from './rules.ts'

const MAX_ROWS = 1_048_575
/** Characters that go out at once; a string of more than 128 KB costs V8 a call to the system. */
const PIECE = 32 * 1024

/** How far the writing is; told by `sheetPieces` as it goes. */
export type WrittenSoFar = { rows: number; cutTexts: number }

/** The columns as they are written, and what the sheet refers to. */
export type SheetPlan = { columns: OutColumn[]; lists: ListSheet | undefined; hasNotes: boolean }

/** The sheet's part (ECMA-376 Part 1, 18.3.1.99), in pieces worth compressing. */
export async function* sheetPieces(sheet: OutSheet, plan: SheetPlan, written: WrittenSoFar): AsyncGenerator<Buffer> {
  const { columns } = plan
  const letters = columns.map((_, index) => columnLetters(index))
  let text = sheetHead(sheet, columns, letters)
  for (const row of sheet.rows) {
    if (written.rows === MAX_ROWS) throw tooManyRows()
    written.rows += 1
    for (const value of row) if (isTooLong(value)) written.cutTexts += 1
    text += rowXml(row, written.rows + 1, columns, letters)
    if (written.rows % ROWS_PER_NOTICE === 0) sheet.onRow?.(written.rows)
    if (text.length < PIECE) continue
    yield Buffer.from(text)
    text = ''
  }
  sheet.onRow?.(written.rows)
  yield Buffer.from(text + sheetTail(plan, letters, written.rows))
}

/** What comes behind the rows, in the order of the schema. */
function sheetTail({ columns, lists, hasNotes }: SheetPlan, letters: string[], rows: number): string {
  const range = filterRange(columns.length, rows)
  const filter = range ? `<autoFilter ref="${range}"/>` : ''
  const drawing = hasNotes ? `<legacyDrawing r:id="${NOTES_ID}"/>` : ''
  return `</sheetData>${filter}${rulesXml(columns, letters, lists)}${ignoredErrors(columns, letters, rows)}${drawing}</worksheet>`
}

/** Digits in a text column are meant as text: no green corner on every post code (18.3.1.52). */
function ignoredErrors(columns: OutColumn[], letters: string[], rows: number): string {
  if (rows === 0) return ''
  const ranges = columns.flatMap(({ type }, index) =>
    styleOf(type) === STYLES.text ? [`${letters[index]}2:${letters[index]}${rows + 1}`] : [],
  )
  if (ranges.length === 0) return ''
  return `<ignoredErrors><ignoredError sqref="${ranges.join(' ')}" numberStoredAsText="1"/></ignoredErrors>`
}

/** The sheet with the choices of drop-downs, one list a column. */
export function listSheetPart({ lists }: ListSheet): string {
  const length = Math.max(...lists.map((list) => list.length))
  const rows = Array.from({ length }, (_, at) => {
    const cells = lists.map((list, index) => xlsxCell(`${columnLetters(index)}${at + 1}`, list[at] ?? null, 'text'))
    return `<row r="${at + 1}">${cells.join('')}</row>`
  })
  return `${sheetStart}<sheetData>${rows.join('')}</sheetData></worksheet>`
}

/** The header and everything below it: "A1:D1001". */
export function filterRange(columns: number, rows: number): string | undefined {
  return columns === 0 ? undefined : `A1:${columnLetters(columns - 1)}${rows + 1}`
}

function tooManyRows(): TooLargeToWrite {
  return new TooLargeToWrite(
    'There are more rows than an Excel sheet can hold (1,048,575 and the header).',
    'Export as CSV, or export a part of the records.',
  )
}

function sheetHead(sheet: OutSheet, columns: OutColumn[], letters: string[]): string {
  const view =
    '<sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
  const cols = columns
    .map((column, index) => columnXml(column, index, sheet.recordIds === true && index === 0))
    .join('')
  const headers = columns.map((column, index) => headerCell(column, letters[index] ?? '')).join('')
  const columnList = cols === '' ? '' : `<cols>${cols}</cols>`
  return `${sheetStart}${view}${columnList}<sheetData><row r="1" ht="20" customHeight="1">${headers}</row>`
}

function headerCell({ header, required }: OutColumn, letters: string): string {
  return xlsxTextCell(`${letters}1`, header, required ? STYLES.requiredHeader : STYLES.header)
}

function columnXml(column: OutColumn, index: number, isHidden: boolean): string {
  const place = `min="${index + 1}" max="${index + 1}"`
  const hidden = isHidden ? ' hidden="1"' : ''
  return `<col ${place} width="${width(column)}" style="${styleOf(column.type)}"${hidden} customWidth="1"/>`
}

/** Room for the header and its filter button, and for a whole date. */
function width(column: OutColumn): number {
  const least = column.type === 'datetime' ? 20 : column.type === 'date' ? 12 : 9
  return Math.min(80, Math.max(least, column.width ?? 0, Math.min(40, column.header.length + 4)))
}

function rowXml(row: OutValue[], number: number, columns: OutColumn[], letters: string[]): string {
  let cells = ''
  for (let index = 0; index < columns.length; index += 1) {
    cells += xlsxCell(`${letters[index]}${number}`, row[index] ?? null, columns[index]?.type ?? 'text')
  }
  return `<row r="${number}">${cells}</row>`
}
