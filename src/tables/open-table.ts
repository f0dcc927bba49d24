import Database from 'better-sqlite3'
import type { TemplateShape } from '../columns/column.ts'
import { BUSY_MS, configure } from './connection.ts'
import { refuseSetAside } from './set-aside.ts'
import { syncTable } from './table-schema.ts'

/**
 * Opens the table of a template for writing: creates the file when there is none, and brings its columns up to `shape`.
 * Throws when the file belongs to another template, was last written with a later version of this one, or is not a table;
 * `TableDamaged` when it was damaged and set aside.
 */
export function openTable(file: string, shape: TemplateShape): Database.Database {
  refuseSetAside(file)
  const db = new Database(file, { timeout: BUSY_MS })
  try {
    // Only a new file takes it. A large import writes and reads a quarter of the pages, and is a fifth quicker for it.
    db.pragma('page_size = 16384')
    db.pragma('journal_mode = WAL')
    // NORMAL loses commits that were acknowledged when the power goes; FULL loses none.
    db.pragma('synchronous = FULL')
    db.pragma('journal_size_limit = 67108864')
    configure(db, 'table')
    syncTable(db, shape)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Opens a table that is there for reading; it sees the last committed state and never waits for a writer. */
export function openTableReadonly(file: string): Database.Database {
  refuseSetAside(file)
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS })
  configure(db, 'table')
  return db
}
