import { type ByteSource, openBytes } from '../byte-source.ts'
import type { Cell, Row } from '../cell.ts'
import { namesToMarks } from '../export-marks.ts'
import { damaged, noSheet, SAVE_AS_XLSX, sheetNotFound, tooLarge } from '../refusals.ts'
import { type Format, type RowBatch, type Spreadsheet, SpreadsheetError } from '../spreadsheet.ts'
import { tooManyCells } from '../zip/zip-check.ts'
import { openXls } from './open-xls.ts'
import { openZipWorkbook } from './open-zip-workbook.ts'
import type { LibraryCell, LibrarySheet } from './sheetjs.ts'
import { toCell } from './workbook-cell.ts'
import type { WorkbookFile, WorkbookOptions } from './workbook-file.ts'

const BATCH_ROWS = 500
// The limits of a worksheet (ECMA-376 Part 1, 18.3.1.73 and 18.3.1.4, as every program has them).
const MAX_ROWS = 1_048_576
const MAX_COLUMNS = 16_384

const MB = 1024 * 1024
/** These kinds are read whole, into many times their size; XLSX is read as a stream and has no such limit. */
const MAX_FILE_BYTES = 64 * MB

/** Opens XLSB, ODS and XLS. Throws a SpreadsheetError when the file is damaged, too large or has nothing in it. */
export async function openWorkbook(
  path: string,
  format: Exclude<Format, 'csv' | 'xlsx'>,
  options: WorkbookOptions,
): Promise<Spreadsheet> {
  const source = await openBytes(path)
  try {
    if (source.size > MAX_FILE_BYTES) throw tooLargeFor(format, source.size)
    const file = await asSpreadsheetErrors(() =>
      format === 'xls' ? openXls(source) : openZipWorkbook(source, format, options),
    )
    if (file.sheets.every((sheet) => sheet.empty)) throw noSheet()
    return spreadsheet(source, format, file, options)
  } catch (error) {
    await source.close()
    throw error
  }
}

function tooLargeFor(format: Format, size: number) {
  const [has, most] = [Math.ceil(size / MB), MAX_FILE_BYTES / MB]
  return tooLarge(
    `This ${format.toUpperCase()} file has ${has.toLocaleString('en')} MB; files of this kind are read up to ${most} MB.`,
    SAVE_AS_XLSX,
  )
}

function spreadsheet(source: ByteSource, format: Format, file: WorkbookFile, options: WorkbookOptions): Spreadsheet {
  const { Names = [], WBProps } = file.workbook.Workbook ?? {}
  const date1904 = WBProps?.date1904 === true
  let last: { index: number; sheet: LibrarySheet } | undefined

  async function load(index: number): Promise<LibrarySheet> {
    if (last?.index === index) return last.sheet
    last = undefined
    const sheet = await asSpreadsheetErrors(() => file.sheet(index))
    if (!sheet?.['!data']) throw damaged(`The sheet "${file.sheets[index]?.name}" of this workbook is damaged.`)
    checkSize(sheet['!data'], options)
    last = { index, sheet }
    return sheet
  }

  async function* rows(index: number): AsyncGenerator<RowBatch> {
    if (file.sheets[index]?.empty) return
    const sheet = await load(index)
    yield* batches(sheet['!data'] ?? [], date1904, source.size)
  }

  return {
    format,
    sheets: file.sheets,
    marks: namesToMarks(Names.map(({ Name, Ref }) => ({ name: Name, reference: Ref }))),
    dialect: undefined,
    rows(name) {
      const index = file.sheets.findIndex((sheet) => sheet.name === name)
      if (index >= 0) return rows(index)
      throw sheetNotFound(
        name,
        file.sheets.map((sheet) => sheet.name),
      )
    },
    close() {
      last = undefined
      void source.close()
    },
  }
}

/** Only rows that are there are looked at: a single cell at XFD1048576 makes an array of 16,384 places, not a sheet. */
function* batches(data: (LibraryCell | undefined)[][], date1904: boolean, bytes: number): Generator<RowBatch> {
  const numbers = Object.keys(data)
  let rows: Row[] = []
  for (const [done, key] of numbers.entries()) {
    const cells = toCells(data[Number(key)] ?? [], date1904)
    if (cells.length > 0) rows.push({ number: Number(key) + 1, cells })
    if (rows.length < BATCH_ROWS) continue
    yield { rows, bytesDone: Math.floor((bytes * (done + 1)) / numbers.length), bytesTotal: bytes }
    rows = []
  }
  if (rows.length > 0) yield { rows, bytesDone: bytes, bytesTotal: bytes }
}

function toCells(row: (LibraryCell | undefined)[], date1904: boolean): Cell[] {
  const cells: Cell[] = []
  for (let at = 0; at < row.length; at += 1) cells.push(toCell(row[at], date1904))
  while (cells.length > 0 && cells.at(-1) === null) cells.pop()
  return cells
}

function checkSize(data: (LibraryCell | undefined)[][], options: WorkbookOptions): void {
  let cells = 0
  for (const key of Object.keys(data)) {
    const row = data[Number(key)] ?? []
    if (Number(key) >= MAX_ROWS || row.length > MAX_COLUMNS) {
      throw damaged('This workbook has cells at places that no worksheet has.')
    }
    cells += row.length > 256 ? Object.keys(row).length : row.length
  }
  if (cells > options.maxCells) throw tooManyCells(options.maxCells)
}

/** The library throws for what is wrong with a file; the file has been found whole before, so these are rare. */
async function asSpreadsheetErrors<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof SpreadsheetError) throw error
    if (error instanceof RangeError) {
      throw tooLarge('This workbook is too large to be read in one piece.', SAVE_AS_XLSX)
    }
    if (error instanceof Error && 'syscall' in error) throw error
    const refusal = damaged('This workbook is damaged.')
    refusal.cause = error
    throw refusal
  }
}
