import { openCsv, type TextOptions } from './csv/open-csv.ts'
import { openWorkbook } from './sheetjs/open-workbook.ts'
import { sniffFormat } from './sniff.ts'
import type { Spreadsheet } from './spreadsheet.ts'
import { openXlsx } from './xlsx/read/open-xlsx.ts'
import { ZIP_LIMITS } from './zip/zip-check.ts'

/** Cells that pass through cost time and no memory: so many are what the largest upload may well hold. */
const MOST_STREAMED_CELLS = 200_000_000

/**
 * What a text is like is of no matter to a workbook. `inThread` says that all rows are wanted: those of a large XLSX are
 * then read in a thread of their own.
 */
export type OpenOptions = TextOptions & { maxCells?: number; inThread?: boolean }

/**
 * Opens a spreadsheet of any kind by its content. Throws a SpreadsheetError when the file can't be read, for whatever
 * reason lies in the file. Reading rows may throw one too, also after some have come: CSV and XLSX are checked while they
 * stream, the other workbooks have been read through and found whole when this returns. Close it after use.
 */
export async function openSpreadsheet(path: string, options: OpenOptions = {}): Promise<Spreadsheet> {
  const { maxCells, inThread = false, ...text } = options
  const format = await sniffFormat(path)
  if (format === 'csv') return openCsv(path, { maxCells: maxCells ?? MOST_STREAMED_CELLS, ...text })
  if (format === 'xlsx') return openXlsx(path, { maxCells: maxCells ?? MOST_STREAMED_CELLS, inThread })
  return openWorkbook(path, format, { maxCells: maxCells ?? ZIP_LIMITS.maxCells })
}
