import type { Column, Mode, Policy } from '../columns/column.ts'

export type TemplateView = {
  id: string
  name: string
  description: string
  mode: Mode
  onProblems: Policy
  groupColumnId: string | null
  columns: Column[]
  records: number
  createdAt: string
  /** What the settings leave to chance, in a sentence. */
  hint: string | null
}
