import type { MissingColumn, SampledHeader } from '../columns/matched-header.ts'
import type { Question } from '../columns/question.ts'
import type { Dialect, Format, SheetInfo } from '../spreadsheets/spreadsheet.ts'

/** How a file was understood; shown on the job's page and kept with the job. */
export type ImportDetails = {
  /** The version of the template with whose columns and rules the rows were read and checked. */
  templateVersion: number
  format: Format
  /** The sheet that was read; '' when there was none to read. */
  sheet: string
  /** The sheets whose rows were read, when it is more than that one. */
  sheetsRead: string[]
  /** The sheet that is being read of several: the first is 1. */
  now: { sheet: string; at: number; of: number } | null
  /** All sheets of the file, the hidden ones last. */
  sheets: SheetInfo[]
  /** Null when no header was found. */
  headerRow: number | null
  dialect: Dialect | null
  /** One per column of the file, left to right. */
  headers: SampledHeader[]
  /** Columns of the template that the file does not have. */
  missing: MissingColumn[]
  /** Sentences about what was ignored or guessed: extra columns, another order, unknown record ids. */
  warnings: string[]
  /** What only a person can say; until it is answered, nothing is compared or changed. */
  questions: Question[]
  /** How many rows were not read, as totals, as the header once more or as a second table; a warning says which. */
  leftOut: number
}
