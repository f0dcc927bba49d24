import type { Database } from 'better-sqlite3'

/** How long a connection waits for another one's lock before it fails, in milliseconds. */
export const BUSY_MS = 2000

/** Memory for pages. More makes no import of a million rows quicker, and a job process keeps ten tables open. */
const CACHE_KIB = { table: 2 * 1024, staging: 8 * 1024 } as const

/** The settings that every connection of this folder has. */
export function configure(db: Database, kind: keyof typeof CACHE_KIB): void {
  db.pragma(`cache_size = -${CACHE_KIB[kind]}`)
  db.pragma('trusted_schema = OFF')
}

/**
 * Runs `work` with the file of another connection attached under `name`, to be read and not written: a transaction over
 * two files would be atomic in each of them only. ATTACH is not possible inside a transaction, so that belongs into
 * `work`.
 */
export function withAttached<Result>(db: Database, name: 's' | 't', other: Database, work: () => Result): Result {
  db.prepare(`ATTACH ? AS ${name}`).run(other.name)
  try {
    db.pragma(`${name}.cache_size = -${CACHE_KIB[name === 't' ? 'table' : 'staging']}`)
    return work()
  } finally {
    db.exec(`DETACH ${name}`)
  }
}
