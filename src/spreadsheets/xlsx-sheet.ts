import { columnLetters } from './cell.ts'
import { type OutColumn, type OutSheet, type OutValue, ROWS_PER_NOTICE, TooLargeToWrite } from './out-sheet.ts'
import { isTooLong, styleOf, xlsxCell, xlsxTextCell } from './xlsx-cell.ts'
import { STYLES, sheetStart } from './xlsx-parts.ts'

const MAX_ROWS = 1_048_575
const PIECE = 64 * 1024

/** How far the writing is; told by `sheetPieces` as it goes. */
export type WrittenSoFar = { rows: number; cutTexts: number }

/** The sheet's part (ECMA-376 Part 1, 18.3.1.99), in pieces worth compressing. */
export async function* sheetPieces(
  sheet: OutSheet,
  columns: OutColumn[],
  written: WrittenSoFar,
): AsyncGenerator<Buffer> {
  const letters = columns.map((_, index) => columnLetters(index))
  let text = sheetHead(sheet, columns, letters)
  for await (const row of sheet.rows) {
    if (written.rows === MAX_ROWS) throw tooManyRows()
    written.rows += 1
    written.cutTexts += row.filter(isTooLong).length
    text += rowXml(row, written.rows + 1, columns, letters)
    if (written.rows % ROWS_PER_NOTICE === 0) sheet.onRow?.(written.rows)
    if (text.length < PIECE) continue
    yield Buffer.from(text)
    text = ''
  }
  sheet.onRow?.(written.rows)
  const range = filterRange(columns.length, written.rows)
  yield Buffer.from(`${text}</sheetData>${range ? `<autoFilter ref="${range}"/>` : ''}</worksheet>`)
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
  const headers = columns.map(({ header }, index) => xlsxTextCell(`${letters[index]}1`, header, STYLES.header)).join('')
  const columnList = cols === '' ? '' : `<cols>${cols}</cols>`
  return `${sheetStart}${view}${columnList}<sheetData><row r="1" ht="20" customHeight="1">${headers}</row>`
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
  for (const [index, { type }] of columns.entries()) {
    cells += xlsxCell(`${letters[index]}${number}`, row[index] ?? null, type)
  }
  return `<row r="${number}">${cells}</row>`
}
