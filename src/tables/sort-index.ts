import type { Database } from 'better-sqlite3'
import type { Column, TemplateShape } from '../columns/column.ts'
import { sortValue } from './record-order.ts'
import { leadsUniqueSet, TEXT_TYPES } from './sql-columns.ts'

/** Fewer records are sorted, or looked through, in less than 50 ms. */
const LARGE = 200_000
/** Each costs room in the file, and a little time with every change. */
const MOST = 4
/** So many changes at once are made faster without the indexes; they are made again when they are next wanted. */
const MANY_CHANGES = 20_000

/** Whether pages by this column would be found sooner if there were an index. */
export function wantsSortIndex(
  db: Database,
  shape: TemplateShape,
  { column, records }: { column: Column; records: number },
): boolean {
  if (records < LARGE || sortIndexes(db).includes(indexName(column))) return false
  // The index that keeps values unique has them in this order, unless they are text: that one minds the case.
  return TEXT_TYPES.has(column.type) || !leadsUniqueSet(shape, column)
}

/**
 * Makes the index for lists that are sorted or filtered by a column, in the order in which they are sorted; when there
 * would be too many, the oldest goes. Holds the table's lock meanwhile: about a second for a million records.
 */
export function createSortIndex(db: Database, column: Column): void {
  db.transaction(() => {
    const others = sortIndexes(db).filter((index) => index !== indexName(column))
    for (const index of others.slice(0, Math.max(0, others.length - MOST + 1))) db.exec(`DROP INDEX ${index}`)
    db.exec(`CREATE INDEX IF NOT EXISTS ${indexName(column)} ON records (${sortValue(column)})`)
  }).immediate()
}

/** To be called in the transaction that makes so many changes. */
export function dropSortIndexesBefore(db: Database, { changes }: { changes: number }): void {
  if (changes > MANY_CHANGES) dropSortIndexes(db)
}

export function dropSortIndexes(db: Database): void {
  for (const index of sortIndexes(db)) db.exec(`DROP INDEX ${index}`)
}

function indexName({ id }: Column): string {
  return `sort_${id}`
}

/** The oldest first. */
function sortIndexes(db: Database): string[] {
  const names = `SELECT name FROM main.sqlite_schema WHERE type = 'index' AND name GLOB 'sort_*' ORDER BY rowid`
  return db.prepare<[], string>(names).pluck().all()
}
