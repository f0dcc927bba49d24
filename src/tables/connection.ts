import type { Database } from 'better-sqlite3'

/** How long a connection waits for another one's lock before it fails, in milliseconds. */
export const BUSY_MS = 2000

/** Memory for pages: at a million rows the index over the key stays in it. */
const CACHE_KIB = 32 * 1024

/** The settings that every connection of this folder has. */
export function configure(db: Database): void {
  db.pragma(`cache_size = -${CACHE_KIB}`)
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
    db.pragma(`${name}.cache_size = -${CACHE_KIB}`)
    return work()
  } finally {
    db.exec(`DETACH ${name}`)
  }
}
