import type { Mode, Policy, TemplateShape } from '../columns/column.ts'
import type { ProposedColumn } from '../columns/propose-columns.ts'
import type { Dialect, SheetInfo } from '../spreadsheets/spreadsheet.ts'
import type { TableSize } from '../tables/ledger.ts'
import type { Counts } from '../tables/progress.ts'
import type { Reading } from '../tables/reading.ts'

export type ImportTask = {
  kind: 'import'
  jobId: string
  file: { path: string; name: string; sha256: string }
  shape: TemplateShape
  mode: Mode
  onProblems: Policy
  reading: Reading
  dryRun: boolean
  force: boolean
  /** The same bytes were imported into this table before, and still stand there. */
  importedBefore: boolean
  /** The fingerprint of the plan a person approved. */
  approved: string | null
  actor: string
  paths: { staging: string; table: string }
}

export const REVIEW_REASONS = ['questions', 'problems', 'deletions', 'same_file', 'changed'] as const
export type ReviewReason = (typeof REVIEW_REASONS)[number]

export type ImportOutcome =
  | { status: 'completed'; counts: Counts; applied: boolean; size: TableSize }
  | { status: 'review'; counts: Counts; plan: string; reason: ReviewReason }
  | { status: 'failed'; counts: Counts; error: { code: string; message: string; hint: string } }

export type UndoTask = {
  kind: 'undo'
  jobId: string
  undoOf: string
  shape: TemplateShape
  actor: string
  paths: { table: string }
}
export type UndoOutcome =
  | { status: 'completed'; counts: Counts; size: TableSize; note?: string | undefined }
  | { status: 'failed'; counts: Counts; error: { code: string; message: string; hint: string } }

export type ExportTask = {
  kind: 'export'
  jobId: string
  shape: TemplateShape
  format: 'xlsx' | 'csv'
  content: 'data' | 'template' | 'sample' | 'changes'
  /** The import or undo whose changes are wanted. */
  changesOf?: string | undefined
  /** Of a CSV; commas when it is not said. */
  delimiter?: 'comma' | 'semicolon' | undefined
  filter: { q: string; columns: Record<string, string> } | null
  paths: { table: string; out: string }
}
export type ExportOutcome =
  | { status: 'completed'; rows: number; bytes: number; note?: string | undefined }
  | { status: 'failed'; counts: Counts; error: { code: string; message: string; hint: string } }

/** A template proposed from a file that shows what its rows look like. */
export type Proposal = {
  name: string
  sheet: string
  sheets: SheetInfo[]
  /** How a text was read; null for a workbook. */
  dialect: Dialect | null
  /** The last line of the header. */
  headerRow: number
  /** Sentences about what was odd in the file, lines of the header that were joined or left out, and a second table. */
  warnings: string[]
  rows: number
  columns: ProposedColumn[]
}

/** What a person said about such a file; null for what is left to be found. */
export type ProposalReading = Pick<Reading, 'sheet' | 'headerRow' | 'encoding' | 'delimiter' | 'quote' | 'oneTable'>
