import { existsSync, readFileSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'

/** The database can't be used as it is; the message says what to do. Nothing was changed. */
export class UnusableDb extends Error {}

/**
 * Looks at an app.db before anything is written to it. Throws `UnusableDb` when it is damaged, and when a later version
 * of this program has changed its schema: this one would not keep what it does not know.
 */
export function inspectDb(file: string, { migrations }: { migrations: string }): void {
  if (!existsSync(file) || statSync(file).size === 0) return
  try {
    const db = new Database(file, { readonly: true })
    try {
      const found = db.pragma('quick_check(1)', { simple: true })
      if (found !== 'ok') throw damaged(file, found)
      if (newestMigration(db) > newestKnown(migrations)) throw newer(file)
    } finally {
      db.close()
    }
  } catch (error) {
    if (!(error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code))) throw error
    throw damaged(file, error.message)
  }
}

function newestMigration(db: Database.Database): number {
  const migrated = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = '__drizzle_migrations'`).get()
  if (migrated === undefined) return 0
  return Number(db.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get() ?? 0)
}

function newestKnown(migrations: string): number {
  const journal: { entries: { when: number }[] } = JSON.parse(readFileSync(`${migrations}/meta/_journal.json`, 'utf8'))
  return Math.max(...journal.entries.map(({ when }) => when))
}

function damaged(file: string, found: unknown): UnusableDb {
  return new UnusableDb(
    `${file} is damaged (${String(found).replace(/\s+/g, ' ')}). Nothing was changed. Keep it aside, with the files ${file}-wal and ${file}-shm if they are there, and put the app.db of a backup in its place.`,
  )
}

function newer(file: string): UnusableDb {
  return new UnusableDb(
    `${file} was last used by a later version of Sheetport, which this one does not know. Nothing was changed. Start that version, or restore a backup made before it.`,
  )
}
