import type { MatchedHeader, MissingColumn } from '../columns/matched-header.ts'
import type { Dialect, Format } from '../spreadsheets/spreadsheet.ts'

/** How a file was understood; shown on the job's page and kept with the job. */
export type ImportDetails = {
  format: Format
  sheet: string
  otherSheets: string[]
  headerRow: number
  dialect: Dialect | null
  /** One per column of the file, left to right. */
  headers: MatchedHeader[]
  /** Columns of the template that the file does not have. */
  missing: MissingColumn[]
  /** Sentences about what was ignored or guessed: extra columns, another order, unknown record ids. */
  warnings: string[]
}
