import { existsSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import type { TemplateShape } from '../../columns/column.ts'
import { openTable, openTableReadonly } from '../../tables/open-table.ts'
import { isCreated, readMeta } from '../../tables/table-file.ts'

/**
 * Opens a table for reading. Should a crash have come between a template and its table, when it was made or its columns
 * were changed, the table is brought up to `shape` first; for that alone it is opened for writing.
 */
export function openTableForReading(file: string, shape: TemplateShape): Database {
  if (existsSync(file)) {
    const db = openTableReadonly(file)
    if (!isBehind(db, shape)) return db
    db.close()
  }
  openTable(file, shape).close()
  return openTableReadonly(file)
}

function isBehind(db: Database, shape: TemplateShape): boolean {
  return !isCreated(db) || Number(readMeta(db, 'version')) < shape.version
}
