import { SpreadsheetError } from './spreadsheet.ts'

export const SAVE_AS_XLSX = 'Save it as XLSX and upload it again.'
const COPY_AGAIN = 'Copy or download the file again, or save it anew in your spreadsheet program, and upload it again.'

export function damaged(message: string, hint = COPY_AGAIN): SpreadsheetError {
  return new SpreadsheetError('damaged', message, hint)
}

export function notASpreadsheet(message: string, hint = 'Choose an XLSX, XLS, ODS or CSV file.'): SpreadsheetError {
  return new SpreadsheetError('not_a_spreadsheet', message, hint)
}

export function encrypted(): SpreadsheetError {
  return new SpreadsheetError(
    'encrypted',
    'This workbook is protected with a password.',
    'Open it, remove the password (File, Info, Protect workbook), save it and upload it again.',
  )
}

export function tooLarge(message: string, hint = 'Split it into smaller files, or save it as CSV.'): SpreadsheetError {
  return new SpreadsheetError('too_large', message, hint)
}

export function noSheet(): SpreadsheetError {
  return new SpreadsheetError(
    'no_sheet',
    'This file has no sheet with anything in it.',
    'Check that you chose the right file and that it was saved.',
  )
}

export function sheetNotFound(name: string, names: string[]): SpreadsheetError {
  const found = names.map((each) => `"${each}"`).join(', ')
  return new SpreadsheetError('sheet_not_found', `There is no sheet "${name}" in this file.`, `It has ${found}.`)
}
