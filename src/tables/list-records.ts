import type { Database } from 'better-sqlite3'
import type { Column, TemplateShape } from '../columns/column.ts'
import { prepareFilters } from './column-filter.ts'
import { type Condition, EVERYTHING } from './condition.ts'
import { countRecords } from './ledger.ts'
import { decodeCursor, encodeCursor } from './record-cursor.ts'
import { comparedColumn, filterCondition, type RecordFilter } from './record-filter.ts'
import { orderBy, type RecordOrder, recordOrder, stretchesAfter } from './record-order.ts'
import { wantsSortIndex } from './sort-index.ts'
import { type SqlValue, sqlName } from './sql-columns.ts'
import { type StoredRecord, selectRecords } from './stored-record.ts'

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
  /** The id of the column by which a page like this would be found sooner if there were an index; see sort-index.ts. */
  wantsIndex: string | null
}

/**
 * A page of records. Empty values come last in both directions, and records with equal values in the order in which they
 * came, turned around when descending. Text is sorted without regard to the case of ASCII letters. Throws a RangeError
 * for a cursor that is none (`decodeCursor` tells beforehand).
 */
export function listRecords(db: Database, shape: TemplateShape, query: RecordQuery): RecordPage {
  prepareFilters(db)
  const order = recordOrder(shape, query)
  const filter = filterCondition(query, shape)
  return db.transaction((): RecordPage => {
    const records = countRecords(db)
    const total = filter === EVERYTHING ? records : countMatches(db, filter)
    const places = findPlaces(db, { query, order, filter, total, records })
    const shown = places.slice(0, query.limit)
    const last = shown.at(-1)
    return {
      items: selectRecords(
        db,
        shape,
        shown.map(([id]) => id),
      ),
      total,
      next: places.length > query.limit && last !== undefined ? encodeCursor({ id: last[0], value: last[1] }) : null,
      wantsIndex: missingIndex(db, shape, { column: order.column ?? comparedColumn(query, shape), records }),
    }
  })()
}

/** A record's id and the value that it is sorted by. */
type Place = [id: number, value: SqlValue]
/** `records` is how many there are at all. */
type Finding = { query: RecordQuery; order: RecordOrder; filter: Condition; total: number; records: number }

/**
 * One more than the limit, so that it is known whether there are more. Nothing but ids and the value sorted by is read:
 * an index holds both, and whole records are wanted only of those that are shown.
 */
function findPlaces(db: Database, finding: Finding): Place[] {
  const { query, order, filter, total } = finding
  const wanted = query.limit + 1
  if (query.cursor !== undefined) {
    const found: Place[] = []
    for (const after of stretchesAfter(order, readCursor(query.cursor))) {
      const limit = wanted - found.length
      if (limit > 0) found.push(...selectPlaces(db, finding, { where: both(filter, after), skip: 0, limit }))
    }
    return found
  }
  const skip = query.offset ?? 0
  const limit = Math.min(wanted, total - skip)
  if (limit <= 0) return []
  const first = placeWithoutGaps(db, finding, skip)
  if (first !== undefined) return selectPlaces(db, finding, { where: first, skip: 0, limit })
  if (skip <= total / 2) return selectPlaces(db, finding, { where: filter, skip, limit })
  return selectPlaces(db, finding, { where: filter, skip: total - skip - limit, limit, fromEnd: true }).reverse()
}

/**
 * Where a page begins, when no id is missing between the first and the last: to count off half a million records would
 * mean to read them.
 */
function placeWithoutGaps(db: Database, { order, filter, records }: Finding, skip: number): Condition | undefined {
  if (order.column !== undefined || filter !== EVERYTHING) return undefined
  const end = (which: 'min' | 'max') =>
    db.prepare<[], number | null>(`SELECT ${which}(id) FROM records`).pluck().get() ?? 0
  const [first, last] = [end('min'), end('max')]
  if (last - first + 1 !== records) return undefined
  return order.descending ? { sql: 'r.id <= ?', params: [last - skip] } : { sql: 'r.id >= ?', params: [first + skip] }
}

function selectPlaces(
  db: Database,
  finding: Finding,
  { where, skip, limit, fromEnd = false }: { where: Condition; skip: number; limit: number; fromEnd?: boolean },
): Place[] {
  const { column } = finding.order
  const value = column === undefined ? 'NULL' : `r.${sqlName(column.id)}`
  const order = orderBy(finding.order, { fromEnd, sorted: isSorted(finding, skip + limit) })
  return db
    .prepare<SqlValue[], Place>(
      `SELECT r.id, ${value} FROM records r WHERE ${where.sql} ORDER BY ${order} LIMIT ? OFFSET ?`,
    )
    .raw()
    .all(...where.params, limit, skip)
}

const FEW = 1 / 20

/**
 * Whether it is quicker to find all that the filter lets through and to sort them, than to go through the records in
 * order and to filter them on the way: when few fit, or, by an index whose every record has to be fetched, when many
 * are passed over. SQLite doesn't know how many there are.
 */
function isSorted({ order, filter, total, records }: Finding, passed: number): boolean {
  if (filter === EVERYTHING) return false
  return order.column === undefined ? total < FEW * records : passed > FEW * total
}

function missingIndex(
  db: Database,
  shape: TemplateShape,
  { column, records }: { column: Column | undefined; records: number },
): string | null {
  return column !== undefined && wantsSortIndex(db, shape, { column, records }) ? column.id : null
}

function readCursor(text: string) {
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
