import type { Database } from 'better-sqlite3'
import type { TemplateShape, Value } from '../columns/column.ts'
import { prepareFilters } from './column-filter.ts'
import { filterCondition, type RecordFilter } from './record-filter.ts'
import { commaNames, fromSql, type SqlValue } from './sql-columns.ts'

/**
 * The records in the order in which they came, as they were when the first was read; whoever writes meanwhile does not
 * show. Each is its id and one value per column. The connection is busy until the last one was read or the loop was left.
 */
export function* iterateRecords(
  db: Database,
  shape: TemplateShape,
  filter: RecordFilter | null,
): IterableIterator<Value[]> {
  prepareFilters(db)
  const { sql, params } = filterCondition(filter ?? { q: '', columns: {} }, shape)
  const rows = db
    .prepare<SqlValue[], SqlValue[]>(
      `SELECT r.id${commaNames(shape.columns, 'r.')} FROM records r WHERE ${sql} ORDER BY r.id`,
    )
    .raw()
    .iterate(...params)
  const booleans = shape.columns.flatMap(({ type }, at) => (type === 'boolean' ? [at + 1] : []))
  for (const row of rows) {
    const values: Value[] = row
    for (const at of booleans) values[at] = fromSql(row[at] ?? null, 'boolean')
    yield values
  }
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
