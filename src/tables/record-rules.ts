import type { Database } from 'better-sqlite3'
import type { Column, TemplateShape, Value, Values } from '../columns/column.ts'
import { valueText } from '../columns/parse-value.ts'
import { type SqlValue, sqlName, toSql, uniqueSets } from './sql-columns.ts'

/** Why a record can't be written: the column, and a sentence for the person. */
export type FieldRefusal = { path: string; message: string }

/**
 * What speaks against a record having these values; `id` is the record itself when it exists, and `given` the columns
 * that are being written: an old record that misses a value can still have another one corrected.
 */
export function refuseRecord(
  db: Database,
  shape: TemplateShape,
  { id, values, given }: { id: number | null; values: Values; given: ReadonlySet<string> },
): FieldRefusal[] {
  const missing = shape.columns
    .filter((column) => (column.required || column.key) && given.has(column.id) && isEmpty(values[column.id]))
    .map((column) => ({ path: column.id, message: `${column.name} must be filled.` }))
  const taken = uniqueSets(shape)
    .filter((columns) => columns.some((column) => given.has(column.id)) && isTaken(db, { id, values }, columns))
    .map((columns) => ({ path: columns[0]?.id ?? '', message: takenSentence(columns, values) }))
  const empty = shape.columns.every((column) => isEmpty(values[column.id]))
  if (!empty || missing.length > 0) return [...missing, ...taken]
  return [{ path: '', message: 'At least one column must be filled.' }]
}

/** "SKU '4711'", or "Scout 'Ann' with Badge 'Swimming'" for a key of several columns. */
export function namedValues(columns: readonly Column[], value: (column: Column) => Value): string {
  return columns.map((column) => `${column.name} '${valueText(value(column), column)}'`).join(' with ')
}

export function takenSentence(columns: readonly Column[], values: Values): string {
  return `${namedValues(columns, ({ id }) => values[id] ?? null)} is already used by another record.`
}

function isEmpty(value: Value | undefined): boolean {
  return value === null || value === undefined || value === ''
}

function isTaken(db: Database, { id, values }: { id: number | null; values: Values }, columns: Column[]): boolean {
  const wanted = columns.map((column): SqlValue => toSql(values[column.id] ?? null))
  if (wanted.includes(null)) return false
  const same = columns.map((column) => `${sqlName(column.id)} = ?`).join(' AND ')
  return db.prepare<SqlValue[]>(`SELECT 1 FROM records WHERE ${same} AND id IS NOT ?`).get(...wanted, id) !== undefined
}
