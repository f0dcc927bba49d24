import type { Column, Mode, Policy, TemplateShape } from '../columns/column.ts'
import type { Problem } from '../columns/problem.ts'
import type { Dialect, Format } from '../spreadsheets/spreadsheet.ts'

/** How the file was understood; shown on the job's page and kept with the job. */
export type ImportDetails = {
  format: Format
  sheet: string
  otherSheets: string[]
  headerRow: number
  dialect: Dialect | null
  /** One per column of the file, left to right. */
  headers: MatchedHeader[]
  /** Columns of the template that the file does not have. */
  missing: { columnId: string; name: string; required: boolean; suggestion: string | null }[]
  /** Sentences about what was ignored or guessed: extra columns, another order, unknown record ids. */
  warnings: string[]
}

export const MATCHED_BY = ['mark', 'mapping', 'name', 'alias'] as const
export type MatchedBy = (typeof MATCHED_BY)[number]
export type MatchedHeader = {
  index: number
  header: string
  columnId: string | null
  by: MatchedBy | null
  /** For an unmatched header: the name of the column that it nearly is. */
  suggestion: string | null
}

export type Counts = {
  read: number
  created: number
  updated: number
  unchanged: number
  deleted: number
  skipped: number
  problems: number
}

export const NO_COUNTS: Counts = {
  read: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  skipped: 0,
  problems: 0,
}

export type Progress = {
  phase: 'reading' | 'comparing' | 'applying'
  rowsDone: number
  rowsTotal: number | null
  /** 0 to 1 of this phase, or null when it can't be known. */
  fraction: number | null
  groupsDone: number
  groupsTotal: number | null
  counts: Counts
}

export type ImportTask = {
  kind: 'import'
  jobId: string
  file: { path: string; name: string; sha256: string }
  shape: TemplateShape
  mode: Mode
  onProblems: Policy
  sheet: string | null
  headerRow: number | null
  mapping: Record<string, string | null>
  dryRun: boolean
  force: boolean
  /** The fingerprint of the plan a person approved. */
  approved: string | null
  actor: string
  paths: { staging: string; table: string }
}

export const REVIEW_REASONS = ['problems', 'deletions', 'changed'] as const
export type ReviewReason = (typeof REVIEW_REASONS)[number]

export type ImportOutcome =
  | { status: 'completed'; counts: Counts; applied: boolean; records: number }
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
  | { status: 'completed'; counts: Counts; records: number }
  | { status: 'failed'; counts: Counts; error: { code: string; message: string; hint: string } }

export type ExportTask = {
  kind: 'export'
  jobId: string
  shape: TemplateShape
  format: 'xlsx' | 'csv'
  content: 'data' | 'template' | 'sample'
  filter: { q: string; columns: Record<string, string> } | null
  paths: { table: string; out: string }
}
export type ExportOutcome =
  | { status: 'completed'; rows: number; bytes: number }
  | { status: 'failed'; counts: Counts; error: { code: string; message: string; hint: string } }

/** A column proposed from a file, with what speaks for it. */
export type ProposedColumn = { column: Column; evidence: string[]; samples: string[] }
export type Proposal = {
  name: string
  sheet: string
  headerRow: number
  rows: number
  columns: ProposedColumn[]
}

export type ProblemGroup = {
  columnId: string | null
  code: Problem['code']
  count: number
  /** One sentence as an example. */
  message: string
  /** The values seen most, with how often. */
  values: { value: string; count: number }[]
  /** Row numbers as ranges: "3–17, 40". */
  rows: string
}
