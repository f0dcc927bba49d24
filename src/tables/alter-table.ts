import type { Database } from 'better-sqlite3'
import type { Column, TemplateShape } from '../columns/column.ts'
import { type Conversion, defineConversion } from './convert-column.ts'
import { dropSortIndexes } from './sort-index.ts'
import { columnDefinition, sqlName, storageOf, TEXT_TYPES, uniqueSets } from './sql-columns.ts'

/** Records and history hold the same columns, so that a before-image is always a whole row. */
const VALUE_TABLES = ['records', 'history'] as const

export type ColumnChanges = { added: Column[]; dropped: Column[]; converted: Conversion[] }

/** What has to be done to the SQL columns; a change of rules or of the kind of text needs nothing. */
export function changedColumns(before: Column[], after: Column[]): ColumnChanges {
  const old = new Map(before.map((column) => [column.id, column]))
  const kept = new Set(after.map(({ id }) => id))
  const changes: ColumnChanges = { added: [], dropped: before.filter(({ id }) => !kept.has(id)), converted: [] }
  for (const to of after) {
    const from = old.get(to.id)
    if (from === undefined) changes.added.push(to)
    else if (valueKind(from) !== valueKind(to)) changes.converted.push({ from, to })
  }
  return changes
}

/** The name of the index over a unique set; it says what it covers, so an index that fits is left standing. */
export function indexName(columns: readonly Column[]): string {
  return `unique_${columns.map(({ id }) => id).join('_')}`
}

/** Creates the unique indexes that are missing. */
export function createIndexes(db: Database, shape: TemplateShape): void {
  for (const columns of uniqueSets(shape)) {
    const names = columns.map(({ id }) => sqlName(id)).join(', ')
    db.exec(`CREATE UNIQUE INDEX IF NOT EXISTS ${indexName(columns)} ON records (${names})`)
  }
}

function valueKind({ type }: Column): string {
  return TEXT_TYPES.has(type) ? 'text' : type
}

export function addColumn(db: Database, column: Column): void {
  for (const table of VALUE_TABLES) db.exec(`ALTER TABLE ${table} ADD COLUMN ${columnDefinition(column)}`)
}

export function dropColumn(db: Database, id: string): void {
  for (const table of VALUE_TABLES) db.exec(`ALTER TABLE ${table} DROP COLUMN ${sqlName(id)}`)
}

export function convertColumn(db: Database, conversion: Conversion): void {
  const name = sqlName(conversion.to.id)
  const convert = defineConversion(db, conversion)
  for (const table of VALUE_TABLES) {
    db.exec(`ALTER TABLE ${table} ADD COLUMN converted ${storageOf(conversion.to.type)}`)
    db.exec(`UPDATE ${table} SET converted = ${convert}(${name}) WHERE ${name} IS NOT NULL`)
    db.exec(`ALTER TABLE ${table} DROP COLUMN ${name}`)
    db.exec(`ALTER TABLE ${table} RENAME COLUMN converted TO ${name}`)
  }
}

/** Drops the unique indexes that are no longer wanted or that stand on a column about to change, and what lists are sorted by. */
export function dropIndexes(db: Database, shape: TemplateShape, changed: Column[]): void {
  const wanted = new Set(uniqueSets(shape).map(indexName))
  for (const index of uniqueIndexes(db)) {
    const stands = wanted.has(index) && !changed.some(({ id }) => index.split('_').includes(id))
    if (!stands) db.exec(`DROP INDEX ${index}`)
  }
  dropSortIndexes(db)
}

/** Drops all unique indexes, to be created again in the same transaction. */
export function dropUniqueIndexes(db: Database): void {
  for (const index of uniqueIndexes(db)) db.exec(`DROP INDEX ${index}`)
}

function uniqueIndexes(db: Database): string[] {
  const names = `SELECT name FROM main.sqlite_schema WHERE type = 'index' AND name GLOB 'unique_*'`
  return db.prepare<[], string>(names).pluck().all()
}

export function createView(db: Database, shape: TemplateShape): void {
  const columns = shape.columns.map(({ id, name }) => `, ${sqlName(id)} AS ${quotedName(name)}`)
  db.exec(`CREATE VIEW data AS SELECT id AS "__record_id"${columns.join('')} FROM records`)
}

/** A name that a person chose, as an SQL identifier; the one place where such a name is part of SQL. */
function quotedName(name: string): string {
  return `"${name.replaceAll('\0', '').replaceAll('"', '""')}"`
}
