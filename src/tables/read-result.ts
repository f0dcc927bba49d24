import type { ImportDetails } from './import-details.ts'

export const READ_FAILURES = [
  'no_columns',
  'sheet_not_found',
  'no_sheet',
  'no_header',
  'missing_columns',
  'no_rows',
] as const

/** Why a file can't be imported as a whole: a sentence for people, and the way out. */
export type ReadFailure = { code: (typeof READ_FAILURES)[number]; message: string; hint: string }

export type ReadSummary = {
  details: ImportDetails
  /** How many rows the file has, without empty ones. */
  rows: number
  /** How many of them have a problem. */
  bad: number
  /** How many distinct values the template's group column has; null when it has none, or too many to count. */
  groups: number | null
}

/** `details` of a failure are how far the file was understood; null when it did not get as far as its headers. */
export type ReadResult = { read: ReadSummary } | { failed: ReadFailure; details: ImportDetails | null }
