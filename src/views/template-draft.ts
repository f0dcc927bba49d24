import type { ColumnType, Mode, Policy } from '../columns/column.ts'
import type { FieldError } from './form-errors.tsx'

/** A column as it stands in the form: everything is the text that was typed. */
export type ColumnDraft = {
  /** Names the fields of the row; it stays while rows move. */
  index: number
  /** Empty for a column that is new. */
  id: string
  name: string
  type: ColumnType
  required: boolean
  unique: boolean
  key: boolean
  /** One a line. */
  aliases: string
  choices: string
  min: string
  max: string
  pattern: string
  dateOrder: string
  decimal: string
  /** What speaks for a column that was proposed from a file, one a line. */
  evidence: string
  samples: string
}

export type TemplateDraft = {
  /** The version that the change is made for; empty for a new template. */
  version: string
  name: string
  description: string
  mode: Mode
  onProblems: Policy
  /** The index of the column that progress is counted by, or empty. */
  group: string
  columns: ColumnDraft[]
  /** Names of saved columns that were taken out, so that the form can warn. */
  removed: string[]
}

/** What the editor shows beside the draft. */
export type EditorState = {
  action: string
  records: number
  errors: FieldError[]
  /** The index of the row whose name wants the focus. */
  focus: number | null
}
