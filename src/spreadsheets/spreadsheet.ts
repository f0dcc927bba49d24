import type { Row } from './cell.ts'

export const FORMATS = ['xlsx', 'xls', 'xlsb', 'ods', 'csv'] as const
export type Format = (typeof FORMATS)[number]

/** An opened spreadsheet: what it is, its sheets, and their rows as a stream. */
export type Spreadsheet = {
  format: Format
  sheets: SheetInfo[]
  /** What one of our own exports says about itself, when this file is one. */
  marks: ExportMarks | undefined
  /** How a text file was read; undefined for workbooks. */
  dialect: Dialect | undefined
  /** The rows of a sheet from the top, in order, without the wholly empty ones. */
  rows(sheet: string): AsyncIterable<RowBatch>
  /** Sentences about what was odd in the rows read so far and was read all the same; a workbook has none. */
  oddities?(): string[]
  close(): void
}

/** `rows` is how many rows the file says that the sheet has, the header among them; left out when only reading would tell. */
export type SheetInfo = { name: string; hidden: boolean; empty: boolean; rows?: number }

/** `escape` is what makes a quote inside quotes part of the text: the quote itself, or a backslash. Both are '' where no quote encloses cells. */
export type Dialect = { encoding: string; delimiter: string; quote: string; escape?: string }

/** A batch of rows with how far the reader is: bytes of the file consumed, of all there are. */
export type RowBatch = { rows: Row[]; bytesDone: number; bytesTotal: number }

/**
 * Our exports carry their template and, for every column, the column's id, in defined names that follow the
 * header cells when columns are moved or renamed. `columns` maps a zero-based column index to a column id.
 */
export type ExportMarks = { templateId: string; version: number; columns: Map<number, string> }

/** The header of the hidden first column of an export, which holds the record's id. */
export const RECORD_ID_HEADER = '__record_id'

export const UNREADABLE = [
  'empty_file',
  'not_a_spreadsheet',
  'encrypted',
  'damaged',
  'too_large',
  'no_sheet',
  'sheet_not_found',
  'no_header_row',
  'unknown_option',
] as const
export type Unreadable = (typeof UNREADABLE)[number]

/** The file can't be read, and it is the file's fault. `message` is a sentence for people, `hint` the way out. */
export class SpreadsheetError extends Error {
  readonly code: Unreadable
  readonly hint: string
  constructor(code: Unreadable, message: string, hint: string) {
    super(message)
    this.name = 'SpreadsheetError'
    this.code = code
    this.hint = hint
  }
}
