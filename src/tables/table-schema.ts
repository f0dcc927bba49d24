import type { Database } from 'better-sqlite3'
import { type Column, keyColumns, type TemplateShape } from '../columns/column.ts'
import { valueText } from '../columns/parse-value.ts'
import {
  addColumn,
  changedColumns,
  convertColumn,
  createIndexes,
  createView,
  dropColumn,
  dropIndexes,
} from './alter-table.ts'
import { rememberColumnChanges } from './column-changes.ts'
import { type Conversion, convertedColumn, defineConversion } from './convert-column.ts'
import { bumpDataVersion } from './ledger.ts'
import { fromSql, type SqlValue, sqlName } from './sql-columns.ts'
import { createTables, isCreated, readMeta, refuseForeign, setMeta, storedColumns } from './table-file.ts'

/** What bringing the table up to a changed template would lose, or why it can't be done. */
export type TableChange = {
  /** Columns that go, with how many values they hold. */
  dropped: { columnId: string; name: string; values: number }[]
  /** Columns whose type changes, with how many values can't be converted and would become empty. */
  misfits: { columnId: string; name: string; values: number; examples: string[] }[]
  /** How many records share their key with another. The change can't be made unless this is 0. */
  duplicateKeys: number
  /** Columns marked unique in which records share values; the change can't be made unless this is empty. */
  duplicates: { columnId: string; name: string; records: number; examples: string[] }[]
}

const EXAMPLES = 5

/**
 * Brings the file's columns, unique indexes and the view `data` (the records under the names that people gave) up to
 * `shape`, in one transaction; does nothing when they are. Values of a column whose type changed are converted, and
 * those that can't be become empty: `planTableChange` says beforehand how many. Dropped columns are gone, also from the
 * history. Throws when values that must be unique are not.
 */
export function syncTable(db: Database, shape: TemplateShape): void {
  if (isCurrent(db, shape)) return
  db.transaction(() => {
    if (!isCreated(db)) createTables(db, shape)
    refuseForeign(db, shape)
    const changes = changedColumns(storedColumns(db), shape.columns)
    rememberColumnChanges(db, changes)
    db.exec('DROP VIEW IF EXISTS data')
    dropIndexes(db, shape, [...changes.dropped, ...changes.converted.map(({ from }) => from)])
    for (const column of changes.added) addColumn(db, column)
    for (const column of changes.dropped) dropColumn(db, column.id)
    for (const conversion of changes.converted) convertColumn(db, conversion)
    createIndexes(db, shape)
    createView(db, shape)
    writeMeta(db, shape)
    bumpDataVersion(db)
  }).immediate()
}

function isCurrent(db: Database, shape: TemplateShape): boolean {
  if (!isCreated(db)) return false
  refuseForeign(db, shape)
  return readMeta(db, 'version') === String(shape.version) && readMeta(db, 'columns') === JSON.stringify(shape.columns)
}

function writeMeta(db: Database, shape: TemplateShape): void {
  setMeta(db, 'version', String(shape.version))
  setMeta(db, 'columns', JSON.stringify(shape.columns))
}

/** Says what `syncTable` would do to the values; changes nothing. */
export function planTableChange(db: Database, shape: TemplateShape): TableChange {
  const changes = changedColumns(storedColumns(db), shape.columns)
  const functions = new Map(changes.converted.map((each) => [each.to.id, defineConversion(db, each)]))
  const added = new Set(changes.added.map(({ id }) => id))
  const key = keyColumns(shape)
  const keyStands = key.length > 0 && key.every(({ id }) => !added.has(id))
  const uniques = shape.columns.filter(({ id, unique }) => unique && !added.has(id))
  return {
    dropped: changes.dropped.map((column) => ({ ...named(column), values: countValues(db, column) })),
    misfits: changes.converted.map((each) => misfits(db, each, functions)).filter(({ values }) => values > 0),
    duplicateKeys: keyStands ? countRepeated(db, expressions(key, functions)) : 0,
    duplicates: uniques.map((column) => duplicates(db, column, functions)).filter(({ records }) => records > 0),
  }
}

function named({ id, name }: Column): { columnId: string; name: string } {
  return { columnId: id, name }
}

function expressions(columns: Column[], functions: ReadonlyMap<string, string>): string[] {
  return columns.map((column) => convertedColumn(column, functions))
}

function countValues(db: Database, column: Column): number {
  return count(db, `SELECT count(${sqlName(column.id)}) FROM records`)
}

function misfits(db: Database, { from, to }: Conversion, functions: ReadonlyMap<string, string>) {
  const name = sqlName(from.id)
  const lost = `FROM records WHERE ${name} IS NOT NULL AND ${convertedColumn(to, functions)} IS NULL`
  const examples = sample(db, `SELECT DISTINCT ${name} ${lost} LIMIT ${EXAMPLES}`)
  return {
    ...named(to),
    values: count(db, `SELECT count(*) ${lost}`),
    examples: examples.map((value) => valueText(fromSql(value, from.type), from)),
  }
}

function duplicates(db: Database, column: Column, functions: ReadonlyMap<string, string>) {
  const value = convertedColumn(column, functions)
  const repeated = `SELECT ${value} AS value FROM records WHERE ${value} IS NOT NULL GROUP BY 1 HAVING count(*) > 1`
  const texts = sample(db, `${repeated} LIMIT ${EXAMPLES}`).map((each) => fromSql(each, column.type))
  return {
    ...named(column),
    records: countRepeated(db, [value]),
    examples: texts.map((each) => valueText(each, column)),
  }
}

function countRepeated(db: Database, values: string[]): number {
  const filled = values.map((value) => `${value} IS NOT NULL`).join(' AND ')
  const groups = values.map((_, at) => at + 1).join(', ')
  const repeated = `SELECT ${values.join(', ')}, count(*) AS records FROM records WHERE ${filled} GROUP BY ${groups} HAVING count(*) > 1`
  return count(db, `SELECT coalesce(sum(records), 0) FROM (${repeated})`)
}

function count(db: Database, sql: string): number {
  return db.prepare<[], number>(sql).pluck().get() ?? 0
}

function sample(db: Database, sql: string): SqlValue[] {
  return db.prepare<[], SqlValue>(sql).pluck().all()
}
