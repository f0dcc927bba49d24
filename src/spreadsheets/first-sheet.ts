import { type Spreadsheet, SpreadsheetError } from './spreadsheet.ts'

/**
 * The name of the sheet that a person most likely means: the first visible one that is not empty; else the first hidden
 * one that is not. Throws a SpreadsheetError when every sheet is empty.
 */
export function firstSheet({ sheets }: Pick<Spreadsheet, 'sheets'>): string {
  const filled = sheets.filter((sheet) => !sheet.empty)
  const sheet = filled.find((each) => !each.hidden) ?? filled[0]
  if (sheet === undefined) {
    throw new SpreadsheetError(
      'no_sheet',
      'Every sheet of this file is empty.',
      'Upload a file that has a header and rows.',
    )
  }
  return sheet.name
}
