import { openCsv } from './csv.ts'
import { sniffFormat } from './sniff.ts'
import type { Spreadsheet } from './spreadsheet.ts'
import { openWorkbook } from './workbook.ts'
import { ZIP_LIMITS } from './zip-check.ts'

/**
 * Opens a spreadsheet of any kind by its content. A workbook has been read through and found whole when this returns.
 * Throws a SpreadsheetError when the file can't be read, for whatever reason lies in the file. Reading rows may throw
 * one too. Close it after use.
 */
export async function openSpreadsheet(path: string, options: { maxCells?: number } = {}): Promise<Spreadsheet> {
  const { maxCells = ZIP_LIMITS.maxCells } = options
  const format = await sniffFormat(path)
  return format === 'csv' ? openCsv(path, { maxCells }) : openWorkbook(path, format, { maxCells })
}
