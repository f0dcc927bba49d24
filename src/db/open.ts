import { closeSync, fdatasyncSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import { inspectDb } from './inspect.ts'
import * as schema from './schema.ts'

export type Db = BetterSQLite3Database<typeof schema> & { $client: Database.Database }
/** What a query needs: the database itself, or a transaction on it. */
export type Queries = BaseSQLiteDatabase<'sync', Database.RunResult, typeof schema>

/** NORMAL loses commits that were acknowledged when the power goes; FULL loses none. */
const SYNCED = 'synchronous = FULL'

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))

/**
 * Opens app.db, creating it or bringing its schema up to date in one transaction. Only the main process does this.
 * Throws `UnusableDb` when the file is damaged or of a later version, and leaves it as it is.
 */
export function openDb(file: string): Db {
  inspectDb(file, { migrations: MIGRATIONS })
  const db = connect(file)
  migrate(db, { migrationsFolder: MIGRATIONS })
  return db
}

/** Opens an app.db that is there, as it is; a second process may do this beside the main one. */
export function connectDb(file: string): Db {
  return connect(file, { fileMustExist: true })
}

/**
 * Commits what a power cut may take back, because it would come about again by itself: it is on the disk with the next
 * commit or `syncCommitted`, not at once. That nothing is ever lost out of order, and nothing by a kill, stays true.
 */
export function unsynced<T>({ $client }: Db, work: () => T): T {
  // As `exec`, because a statement that `pragma` makes is kept until a garbage collection that may not come for hours.
  $client.exec('PRAGMA synchronous = NORMAL')
  try {
    return work()
  } finally {
    $client.exec(`PRAGMA ${SYNCED}`)
  }
}

/** Everything that was committed is on the disk when this returns: asked before a file goes that would be needed again. */
export function syncCommitted({ $client }: Db): void {
  const log = openSync(`${$client.name}-wal`, 'r+')
  try {
    fdatasyncSync(log)
  } finally {
    closeSync(log)
  }
}

function connect(file: string, options: Database.Options = {}): Db {
  const client = new Database(file, options)
  client.pragma('journal_mode = WAL')
  client.pragma(SYNCED)
  client.pragma('foreign_keys = ON')
  client.pragma('trusted_schema = OFF')
  // A page asks for little, and what the operating system keeps need not be kept twice.
  client.pragma('cache_size = -4096')
  client.pragma('busy_timeout = 5000')
  client.pragma('journal_size_limit = 67108864')
  return drizzle(client, { schema })
}
