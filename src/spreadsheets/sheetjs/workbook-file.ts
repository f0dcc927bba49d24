import type { SheetInfo } from '../spreadsheet.ts'
import type { LibrarySheet, LibraryWorkbook } from './sheetjs.ts'

export type WorkbookOptions = { maxCells: number }

/** A workbook whose file has been found whole: names and states of its sheets, and each sheet when it is asked for. */
export type WorkbookFile = {
  workbook: LibraryWorkbook
  sheets: SheetInfo[]
  /** Parses one sheet; undefined when the library could not. */
  sheet(index: number): Promise<LibrarySheet | undefined>
}
