import type { Column, TemplateShape } from '../columns/column.ts'
import type { Condition } from './condition.ts'
import type { RecordCursor } from './record-cursor.ts'
import { sqlName, TEXT_TYPES } from './sql-columns.ts'

/** In which order records are listed; without a column, in the one in which they came. */
export type RecordOrder = { column: Column | undefined; descending: boolean }

export function recordOrder(shape: TemplateShape, by: { sort: string | null; descending: boolean }): RecordOrder {
  return { column: shape.columns.find(({ id }) => id === by.sort), descending: by.descending }
}

/**
 * As in ORDER BY. Empty values stand last in both directions, and everything else turns around: an index can be read
 * backwards, but not backwards by value and forwards by id. With `fromEnd` all of it turns, to count pages from the
 * end; with `sorted`, SQLite finds the records first and sorts them then, whatever index has the order.
 */
export function orderBy({ column, descending }: RecordOrder, how: { fromEnd: boolean; sorted: boolean }): string {
  const direction = descending === how.fromEnd ? 'ASC' : 'DESC'
  const plus = how.sorted ? '+' : ''
  if (column === undefined) return `${plus}r.id ${direction}`
  return `${plus}${sortValue(column, 'r.')} ${direction} NULLS ${how.fromEnd ? 'FIRST' : 'LAST'}, r.id ${direction}`
}

/**
 * The records behind a cursor, as conditions of which each is a stretch of the order: those with a value, then those
 * without. No index would find both by one condition.
 */
export function stretchesAfter({ column, descending }: RecordOrder, { value, id }: RecordCursor): Condition[] {
  const beyond = descending ? '<' : '>'
  const later: Condition = { sql: `r.id ${beyond} ?`, params: [id] }
  if (column === undefined) return [later]
  const sorted = sortValue(column, 'r.')
  if (value === null) return [{ sql: `${sorted} IS NULL AND ${later.sql}`, params: later.params }]
  return [
    { sql: `${sorted} ${beyond}= ? AND (${sorted} ${beyond} ? OR ${later.sql})`, params: [value, value, id] },
    { sql: `${sorted} IS NULL`, params: [] },
  ]
}

/** What a column is sorted by: text without regard to the case of ASCII letters. */
export function sortValue({ id, type }: Column, alias = ''): string {
  return `${alias}${sqlName(id)}${TEXT_TYPES.has(type) ? ' COLLATE NOCASE' : ''}`
}
