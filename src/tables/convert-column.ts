import type { Database } from 'better-sqlite3'
import { compileCheck } from '../columns/check-cell.ts'
import { isMisfit } from '../columns/checked.ts'
import type { Column, ColumnType, Value } from '../columns/column.ts'
import { valueText } from '../columns/parse-value.ts'
import type { Cell } from '../spreadsheets/cell.ts'
import { fromSql, type SqlValue, sqlName, TEXT_TYPES, toSql } from './sql-columns.ts'

/** A column before and after a change of its type. */
export type Conversion = { from: Column; to: Column }

/**
 * Registers an SQL function that converts a stored value, and gives its name. What is text becomes another type by the
 * same check as a cell of a file, so "1.234,50" is a number where the column says so; what can't be converted is NULL.
 */
export function defineConversion(db: Database, { from, to }: Conversion): string {
  const name = `convert_${to.id}`
  const convert = compileConversion({ from, to })
  db.function(name, { deterministic: true }, (stored: SqlValue) => (stored === null ? null : convert(stored)))
  return name
}

/** The values of a column as SQL, after the conversion if there is one. */
export function convertedColumn(column: Column, functions: ReadonlyMap<string, string>): string {
  const convert = functions.get(column.id)
  return convert === undefined ? sqlName(column.id) : `${convert}(${sqlName(column.id)})`
}

function compileConversion({ from, to }: Conversion): (stored: SqlValue) => SqlValue {
  if (TEXT_TYPES.has(to.type)) return (stored) => valueText(fromSql(stored, from.type), from)
  // Only the kind of value is converted. Limits are for what comes in from now on; they empty nothing that is there.
  const check = compileCheck({ ...to, required: false, min: null, max: null })
  return (stored) => {
    const checked = check(toCell(fromSql(stored, from.type), from.type))
    return isMisfit(checked) ? null : toSql(checked)
  }
}

function toCell(value: Value, type: ColumnType): Cell {
  const isDate = type === 'date' || type === 'datetime'
  return isDate && typeof value === 'string' ? { type: 'date', value, text: value } : value
}
