import { closeSync, openSync, readSync } from 'node:fs'
import type { Database, Statement } from 'better-sqlite3'
import type { SqlValue } from '../sql-columns.ts'
import { Pages, writeWhole } from './pages.ts'
import { TablePages } from './table-pages.ts'

/** Places in the header of a database (https://sqlite.org/fileformat2.html#the_database_header). */
const HEADER = { length: 100, changes: 24, pages: 28, validFor: 92 } as const

/**
 * Fills empty tables by writing SQLite's pages straight into the file, so that no value goes through a statement. It is
 * for a file that nobody else has open and that may be lost: nothing here is journaled or synced. Until `finish` the
 * connection must not be used, and the tables look empty to it. Nobody checks what is written: values must be of the
 * types of their columns, and tables that have an index can't be filled. Throws what the file system throws.
 */
export class BulkLoad {
  readonly #fd: number
  readonly #pages: Pages
  readonly #tables: TablePages[] = []
  readonly #db: Database
  readonly #rootOf: Statement<[string], number>

  constructor(db: Database) {
    this.#db = db
    this.#rootOf = db
      .prepare<[string], number>(`SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?`)
      .pluck()
    const size = Number(db.pragma('page_size', { simple: true }))
    const count = Number(db.pragma('page_count', { simple: true }))
    this.#fd = openSync(db.name, 'r+')
    this.#pages = new Pages(this.#fd, { size, count })
  }

  /** A table to be filled. Its rows come in the order of their row ids, with a value for every column. */
  table(name: string): { add(rowId: number, values: readonly SqlValue[]): void } {
    const root = this.#rootOf.get(name)
    if (root === undefined) throw new Error(`${this.#db.name} has no table ${name}`)
    const table = new TablePages(this.#pages, root)
    this.#tables.push(table)
    return table
  }

  /** From here on the connection sees the rows. Call `close` whatever happens. */
  finish(): void {
    for (const table of this.#tables) table.finish()
    this.#pages.flush()
    const header = Buffer.alloc(HEADER.length)
    readSync(this.#fd, header, 0, header.length, 0)
    // By this number a connection sees that what it remembers of the file no longer holds.
    const changes = (header.readUInt32BE(HEADER.changes) + 1) >>> 0
    header.writeUInt32BE(changes, HEADER.changes)
    header.writeUInt32BE(changes, HEADER.validFor)
    header.writeUInt32BE(this.#pages.count, HEADER.pages)
    writeWhole(this.#fd, header, 0)
  }

  /** Not within a transaction: on POSIX, closing a file lets go of every lock that this process has on it. */
  close(): void {
    closeSync(this.#fd)
  }
}
