import type { Column } from '../columns/column.ts'
import type { Proposal } from '../processes/messages.ts'
import type { TemplateView } from './templates.ts'

/** A template as the API says it. What `POST /api/templates` takes, with what the server knows besides. */
export type TemplateObject = {
  id: string
  name: string
  description: string
  key: string[]
  mode: string
  on_problems: string
  group: string | null
  columns: ColumnObject[]
  records: number
  version: number
  created_at: string
  updated_at: string
}

export type ColumnObject = Omit<Column, 'dateOrder' | 'key'> & { date_order: Column['dateOrder'] }

export function toTemplateObject(template: TemplateView): TemplateObject {
  const { columns, groupColumnId } = template
  return {
    id: template.id,
    name: template.name,
    description: template.description,
    key: columns.filter((column) => column.key).map((column) => column.name),
    mode: template.mode,
    on_problems: template.onProblems,
    group: columns.find((column) => column.id === groupColumnId)?.name ?? null,
    columns: columns.map(toColumnObject),
    records: template.records,
    version: template.version,
    created_at: template.createdAt,
    updated_at: template.updatedAt,
  }
}

/** A proposal as the API says it: columns as `POST /api/templates` takes them, each with what speaks for it. */
export function toProposalObject(proposal: Proposal) {
  const { name, sheet, sheets, headerRow, dialect, warnings, rows, columns } = proposal
  return {
    name,
    sheet,
    sheets: sheets.map((each) => ({ ...each, rows: each.rows ?? null })),
    header_row: headerRow,
    dialect,
    warnings,
    rows,
    key: columns.filter(({ column }) => column.key).map(({ column }) => column.name),
    columns: columns.map(({ column, evidence, samples }) => ({ ...toColumnObject(column), evidence, samples })),
  }
}

function toColumnObject({ dateOrder, key: _key, ...column }: Column): ColumnObject {
  return { ...column, date_order: dateOrder }
}
