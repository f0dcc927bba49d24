import type { Database } from 'better-sqlite3'
import type { Column, TemplateShape } from '../columns/column.ts'
import { decodeCursor, encodeCursor, type RecordCursor } from './record-cursor.ts'
import { type Condition, filterCondition, prepareFilters, type RecordFilter } from './record-filter.ts'
import { type SqlValue, sqlName, TEXT_TYPES } from './sql-columns.ts'
import { RECORD_TABLES, readRecord, recordColumns, type StoredRecord } from './stored-record.ts'

export type RecordQuery = RecordFilter & {
  /** The id of the column to sort by; null for the order in which records came. */
  sort: string | null
  descending: boolean
  limit: number
  /** How many records to pass over; for pages with numbers. */
  offset?: number | undefined
  /** The `next` of the page before; for programs. */
  cursor?: string | undefined
}

export type RecordPage = {
  items: StoredRecord[]
  /** How many records the filter lets through, on all pages. */
  total: number
  next: string | null
}

type Order = { column: Column | undefined; descending: boolean }

/**
 * A page of records. Empty values come last in both directions, and records with equal values in the order in which they
 * came. Text is sorted without regard to the case of ASCII letters. Throws a RangeError for a cursor that is none
 * (`decodeCursor` tells beforehand).
 */
export function listRecords(db: Database, shape: TemplateShape, query: RecordQuery): RecordPage {
  prepareFilters(db)
  const order = { column: shape.columns.find(({ id }) => id === query.sort), descending: query.descending }
  const filter = filterCondition(query, shape)
  return db.transaction((): RecordPage => {
    const rows = selectPage(db, shape, { query, order, filter })
    const more = rows.length > query.limit
    const items = rows.slice(0, query.limit).map((row) => readRecord(row, shape))
    const last = rows[items.length - 1]
    return {
      items,
      total: countMatches(db, filter),
      next: more && last !== undefined ? encodeCursor({ value: last.at(-1) ?? null, id: Number(last[0]) }) : null,
    }
  })()
}

/** One row more than the limit, so that it is known whether there are more; the value sorted by stands last in each. */
function selectPage(
  db: Database,
  shape: TemplateShape,
  { query, order, filter }: { query: RecordQuery; order: Order; filter: Condition },
): SqlValue[][] {
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor)
  const where = after === undefined ? filter : both(filter, afterCursor(order, after))
  const sorted = order.column === undefined ? 'NULL' : `r.${sqlName(order.column.id)}`
  return db
    .prepare<SqlValue[], SqlValue[]>(
      `SELECT ${recordColumns(shape)}, ${sorted} FROM ${RECORD_TABLES} WHERE ${where.sql}
       ORDER BY ${orderBy(order)} LIMIT ? OFFSET ?`,
    )
    .raw()
    .all(...where.params, query.limit + 1, query.offset ?? 0)
}

function orderBy({ column, descending }: Order): string {
  const direction = descending ? 'DESC' : 'ASC'
  return column === undefined ? `r.id ${direction}` : `${sortValue(column)} ${direction} NULLS LAST, r.id`
}

function afterCursor({ column, descending }: Order, { value, id }: RecordCursor): Condition {
  const beyond = descending ? '<' : '>'
  if (column === undefined) return { sql: `r.id ${beyond} ?`, params: [id] }
  const sorted = sortValue(column)
  if (value === null) return { sql: `(${sorted} IS NULL AND r.id > ?)`, params: [id] }
  return {
    sql: `(${sorted} ${beyond} ? OR (${sorted} = ? AND r.id > ?) OR ${sorted} IS NULL)`,
    params: [value, value, id],
  }
}

function sortValue({ id, type }: Column): string {
  return `r.${sqlName(id)}${TEXT_TYPES.has(type) ? ' COLLATE NOCASE' : ''}`
}

function readCursor(text: string): RecordCursor {
  const cursor = decodeCursor(text)
  if (cursor === undefined) throw new RangeError(`'${text}' is not a cursor of this list`)
  return cursor
}

function both(left: Condition, right: Condition): Condition {
  return { sql: `${left.sql} AND ${right.sql}`, params: [...left.params, ...right.params] }
}

function countMatches(db: Database, { sql, params }: Condition): number {
  return (
    db
      .prepare<SqlValue[], number>(`SELECT count(*) FROM records r WHERE ${sql}`)
      .pluck()
      .get(...params) ?? 0
  )
}
