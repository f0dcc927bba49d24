import type { Database } from 'better-sqlite3'
import type { Column, TemplateShape, Values } from '../columns/column.ts'
import { commaNames, fromSql, type SqlValue } from './sql-columns.ts'

/** A record as pages and the API show it. */
export type StoredRecord = {
  id: number
  values: Values
  /** The import that wrote it last, and from where; null when it was only ever written by hand. */
  import: { jobId: string; file: string; sheet: string; row: number } | null
  /** ISO 8601 in UTC. */
  createdAt: string
  updatedAt: string
}

/** The columns that `readRecord` expects, with `r` for records and `l` for the ledger entry of its import. */
export function recordColumns(shape: TemplateShape): string {
  return `r.id, l.job_id, l.file, r.sheet, r.row, r.created_at, r.updated_at${commaNames(shape.columns, 'r.')}`
}

/** Tables for `recordColumns`. */
const RECORD_TABLES = 'records r LEFT JOIN ledger l ON l.entry = r.source'

const FIXED = 7

/** The records of these ids, in the order of the ids; one that is not there is left out. */
export function selectRecords(db: Database, shape: TemplateShape, ids: number[]): StoredRecord[] {
  const byId = db
    .prepare<[number], SqlValue[]>(`SELECT ${recordColumns(shape)} FROM ${RECORD_TABLES} WHERE r.id = ?`)
    .raw()
  return ids.flatMap((id) => {
    const row = byId.get(id)
    return row === undefined ? [] : [readRecord(row, shape)]
  })
}

/** Reads a raw row: an array in the order of `recordColumns`. */
export function readRecord(row: SqlValue[], shape: TemplateShape): StoredRecord {
  const [id, jobId, file, sheet, line, createdAt, updatedAt] = row
  return {
    id: Number(id),
    values: readValues(row, shape.columns, FIXED),
    import:
      typeof jobId === 'string'
        ? { jobId, file: String(file ?? ''), sheet: String(sheet ?? ''), row: Number(line) }
        : null,
    createdAt: String(createdAt),
    updatedAt: String(updatedAt),
  }
}

/** Values by column id, from a raw row in which those of `columns` begin at `from`. */
export function readValues(row: SqlValue[], columns: Column[], from: number): Values {
  const values: Values = {}
  for (const [at, column] of columns.entries()) values[column.id] = fromSql(row[from + at] ?? null, column.type)
  return values
}
