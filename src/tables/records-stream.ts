import type { Database } from 'better-sqlite3'
import type { TemplateShape, Values } from '../columns/column.ts'
import { filterCondition, prepareFilters, type RecordFilter } from './record-filter.ts'
import { commaNames, type SqlValue } from './sql-columns.ts'
import { readValues } from './stored-record.ts'

/**
 * The records in the order in which they came, as they were when the first was read; whoever writes meanwhile does not
 * show. The connection is busy until the last one was read or the loop was left.
 */
export function* iterateRecords(
  db: Database,
  shape: TemplateShape,
  filter: RecordFilter | null,
): IterableIterator<{ id: number; values: Values }> {
  prepareFilters(db)
  const { sql, params } = filterCondition(filter ?? { q: '', columns: {} }, shape)
  const rows = db
    .prepare<SqlValue[], SqlValue[]>(
      `SELECT r.id${commaNames(shape.columns, 'r.')} FROM records r WHERE ${sql} ORDER BY r.id`,
    )
    .raw()
    .iterate(...params)
  for (const row of rows) yield { id: Number(row[0]), values: readValues(row, shape.columns, 1) }
}

/** How many records `iterateRecords` will give, for a progress in percent. */
export function countRecordsWhere(db: Database, shape: TemplateShape, filter: RecordFilter | null): number {
  prepareFilters(db)
  const { sql, params } = filterCondition(filter ?? { q: '', columns: {} }, shape)
  return (
    db
      .prepare<SqlValue[], number>(`SELECT count(*) FROM records r WHERE ${sql}`)
      .pluck()
      .get(...params) ?? 0
  )
}
