import { RECORD_ID_HEADER } from './spreadsheet.ts'

/** What a writer is given. The types are said here again, since spreadsheets/ imports nothing of the rest. */
export type OutType = 'text' | 'number' | 'integer' | 'boolean' | 'date' | 'datetime' | 'email' | 'url' | 'choice'

/** Dates are YYYY-MM-DD, date-times YYYY-MM-DDTHH:MM:SS. */
export type OutValue = string | number | boolean | null

export type OutColumn = {
  /** The column's id, under which an XLSX remembers it when `marks` are given; null for a column that is not the template's. */
  id: string | null
  header: string
  type: OutType
  /** In characters; without it the header decides. */
  width?: number
  /** The decimal sign of numbers in a CSV, where they are text. */
  decimal?: 'point' | 'comma'
  /** An XLSX shows by the header's colour that the column must be filled. */
  required?: boolean
  /** What an XLSX lets a person type into the column. */
  rule?: OutRule
  /** What an XLSX tells of the column, at its header; lines end with LF. */
  note?: string
}

/** The type of the column says what kind of rule it is; without bounds any value of that type is good. */
export type OutRule = {
  choices?: string[]
  /** Numbers for numbers and for the length of texts, ISO dates for dates. Both are allowed themselves. */
  min?: number | string
  max?: number | string
  /** The sentence for a value that is not allowed. */
  error: string
  /** The sentence beside a cell that is about to be filled. */
  prompt?: string
}

export type OutSheet = {
  name: string
  columns: OutColumn[]
  /** One value per column, in the order of the columns; with `recordIds` the record's id before them. */
  rows: Iterable<OutValue[]>
  marks?: { templateId: string; version: number }
  /** Every row begins with a record's id (or null), before its columns. In an XLSX that column is hidden. */
  recordIds?: boolean
  /** Called now and then, and at the end, with the rows written so far. */
  onRow?(rows: number): void
}

/** `cutTexts` counts the texts that were too long for the format and have been cut. */
export type Written = { rows: number; bytes: number; cutTexts: number }

/** The rows don't fit into the format. `message` is a sentence for people, `hint` the way out. */
export class TooLargeToWrite extends Error {
  readonly hint: string
  constructor(message: string, hint: string) {
    super(message)
    this.name = 'TooLargeToWrite'
    this.hint = hint
  }
}

/** The columns as they are written, the one for record ids included. */
export function allColumns(sheet: OutSheet): OutColumn[] {
  return sheet.recordIds ? [{ id: null, header: RECORD_ID_HEADER, type: 'integer' }, ...sheet.columns] : sheet.columns
}

export const ROWS_PER_NOTICE = 500
