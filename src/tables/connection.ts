import type { Database, Statement } from 'better-sqlite3'

/** How long a connection waits for another one's lock before it fails, in milliseconds. */
export const BUSY_MS = 2000

/** Memory for pages. More makes no import of a million rows quicker, and a job process keeps ten tables open. */
const CACHE_KIB = { table: 2 * 1024, staging: 8 * 1024 } as const

/** The settings that every connection of this folder has. */
export function configure(db: Database, kind: keyof typeof CACHE_KIB): void {
  db.pragma(`cache_size = -${CACHE_KIB[kind]}`)
  db.pragma('trusted_schema = OFF')
}

const compiled = new WeakMap<Database, Map<string, Statement>>()

/**
 * A statement that a connection needs again and again, of which compiling is most of what it costs. When the schema has
 * changed, SQLite compiles it anew by itself. It is one for all who ask, so none of them may iterate over it.
 */
export function compiledOnce<Bound extends unknown[] = unknown[], Row = unknown>(
  db: Database,
  sql: string,
): Statement<Bound, Row> {
  const own = compiled.get(db) ?? new Map<string, Statement>()
  compiled.set(db, own)
  const statement = own.get(sql) ?? db.prepare(sql)
  own.set(sql, statement)
  return statement as Statement<Bound, Row>
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
