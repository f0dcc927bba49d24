import type { Values } from '../columns/column.ts'

export type RecordView = {
  id: number
  values: Values
  import: { jobId: string; file: string; sheet: string; row: number } | null
  createdAt: string
  updatedAt: string
}

/** What a page of records shows, as its address says it. */
export type RecordsQuery = {
  q: string
  /** Wanted texts by column id. */
  columns: Record<string, string>
  sort: string | null
  descending: boolean
  page: number
  importId: string | null
}

/** The query as fields of an address or a form; what is not set is left out. */
export function queryFields(query: RecordsQuery): Record<string, string> {
  const fields: Record<string, string> = {}
  if (query.q) fields.q = query.q
  for (const [columnId, text] of Object.entries(query.columns)) if (text) fields[`filter[${columnId}]`] = text
  if (query.sort) fields.sort = query.descending ? `-${query.sort}` : query.sort
  if (query.importId) fields.import = query.importId
  if (query.page > 1) fields.page = String(query.page)
  return fields
}
