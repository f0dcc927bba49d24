import type { TemplateShape, Value } from '../columns/column.ts'
import type { RecordChange, StoredRecord } from '../tables/records.ts'

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

/** A step in the life of a record as the API says it. */
export type StepObject = {
  action: RecordChange['action']
  by: { kind: RecordChange['kind']; job_id: string | null; file: string | null; person: string }
  at: string
  changes: { column: string; before: Value; after: Value }[]
}

export function toStepObject(
  { action, kind, jobId, file, actor, at, changes }: RecordChange,
  shape: TemplateShape,
): StepObject {
  const names = new Map(shape.columns.map(({ id, name }) => [id, name]))
  return {
    action,
    by: { kind, job_id: jobId, file, person: actor },
    at,
    changes: changes.map(({ columnId, before, after }) => ({ column: names.get(columnId) ?? columnId, before, after })),
  }
}
