import type { SheetInfo } from '../spreadsheet.ts'
import type { LibraryWorkbook } from './sheetjs.ts'
import { toCell } from './workbook-cell.ts'

/** The sheets of a workbook whose sheets are all parsed. A chart has a place among the sheets, and no cells. */
export function sheetInfos(workbook: LibraryWorkbook, isHidden: (name: string) => boolean = () => false): SheetInfo[] {
  return workbook.SheetNames.map((name, index) => {
    const states = workbook.Workbook?.Sheets ?? []
    const state = states.find((each) => each.name === name) ?? states[index]
    const hidden = (state?.Hidden ?? 0) > 0 || isHidden(name)
    const rows = countRows(workbook, name)
    return { name, hidden, empty: rows === 0, rows }
  })
}

function countRows(workbook: LibraryWorkbook, name: string): number {
  const data = workbook.Sheets[name]?.['!data'] ?? []
  // `some` leaves out the places between rows and cells that were never set.
  return Object.values(data).filter((row) => row?.some((cell) => toCell(cell, false) !== null)).length
}
