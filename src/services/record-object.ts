import type { TemplateShape, Value } from '../columns/column.ts'
import type { StoredRecord } from '../tables/records.ts'

/** A record as the API says it, with its values under the names of the columns. */
export type RecordObject = {
  id: number
  values: Record<string, Value>
  import: { job_id: string; file: string; sheet: string; row: number } | null
  created_at: string
  updated_at: string
}

export function toRecordObject(record: StoredRecord, shape: TemplateShape): RecordObject {
  const { import: origin } = record
  return {
    id: record.id,
    values: Object.fromEntries(shape.columns.map((column) => [column.name, record.values[column.id] ?? null])),
    import: origin === null ? null : { job_id: origin.jobId, file: origin.file, sheet: origin.sheet, row: origin.row },
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  }
}
