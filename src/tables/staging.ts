import { createHash } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { TemplateShape } from '../columns/column.ts'
import { BUSY_MS, compiledOnce, configure } from './connection.ts'
import type { Reading } from './reading.ts'

/** "SHPS" */
const APPLICATION_ID = 0x53485053
/** Grows when the tables of the file or the way of reading change, so that an older staging is not reused. */
const SCHEMA = 7
/** A file of fewer rows is sooner read again than its rows are synced to the disk. */
const WORTH_KEEPING = 1_000

/** What determines the rows of a staging file: the same source gives the same rows. */
export type StagingSource = {
  /** Of the uploaded file. */
  sha256: string
  shape: TemplateShape
  reading: Reading
}

/** What became of a row. `problem` rows are refused; a `duplicate` says nothing that an earlier row has not said. */
export const STATE = { new: 0, changed: 1, unchanged: 2, duplicate: 3, problem: 4 } as const

/** How many rows of `matches` are in each state. */
export function countMatches(db: Database.Database): Record<keyof typeof STATE, number> {
  // Grouping would sort them, and there may be millions.
  const counts = Object.entries(STATE).map(([name, state]) => `count(*) FILTER (WHERE state = ${state}) AS "${name}"`)
  const row = db.prepare<[], Record<keyof typeof STATE, number>>(`SELECT ${counts.join(', ')} FROM matches`).get()
  return row ?? { new: 0, changed: 0, unchanged: 0, duplicate: 0, problem: 0 }
}

const TABLES_SQL = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE problems (
    id INTEGER PRIMARY KEY,
    n INTEGER NOT NULL,
    row INTEGER NOT NULL,
    cell TEXT,
    column_id TEXT,
    code TEXT NOT NULL,
    value TEXT NOT NULL,
    message TEXT NOT NULL,
    found TEXT NOT NULL CHECK (found IN ('reading', 'comparing'))
  ) STRICT;
  -- The cells of refused rows as a JSON array: as the person sees them in the file (exact), or as their checked values.
  CREATE TABLE refused (
    n INTEGER PRIMARY KEY,
    row INTEGER NOT NULL,
    cells TEXT NOT NULL,
    exact INTEGER NOT NULL
  ) STRICT;
  -- The sheets in the order of their rows, each with its last one.
  CREATE TABLE sheets (last_n INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
  -- For each group of the progress, its last row.
  CREATE TABLE groups (last_n INTEGER NOT NULL) STRICT;
  -- What the comparison found: beside the rows, so that comparing does not rewrite them.
  CREATE TABLE matches (n INTEGER PRIMARY KEY, state INTEGER NOT NULL, record INTEGER, by_id INTEGER NOT NULL) STRICT;
  CREATE TABLE deletions (record INTEGER PRIMARY KEY, entry INTEGER NOT NULL) STRICT;`

/**
 * Opens the staging file of a job. One that is complete and came from the same source is used as it is; anything else
 * that may be there, the remains of a crash for example, is replaced by an empty one.
 */
export function openStaging(file: string, source: StagingSource): { staging: Database.Database; complete: boolean } {
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([SCHEMA, source]))
    .digest('hex')
  const complete = openComplete(file, fingerprint)
  return complete === undefined
    ? { staging: createStaging(file, fingerprint), complete: false }
    : { staging: complete, complete: true }
}

/** Opens a staging file for questions about its problems; throws when there is none. */
export function openStagingReadonly(file: string): Database.Database {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS })
  configure(db, 'staging')
  return db
}

/** The rows are read to the end. Few of them are kept only when somebody asks for it; see `keepStaging`. */
export function endReading(staging: Database.Database, rows: number): void {
  if (rows >= WORTH_KEEPING) keepStaging(staging)
}

/**
 * Marks rows that were read to the end as complete, so that they are used as they are from now on. Everything is on the
 * disk before the mark is written: a staging with the mark is intact whatever happens to the machine.
 */
export function keepStaging(staging: Database.Database): void {
  if (isComplete(staging)) return
  makeDurable(staging)
  setStagingMeta(staging, 'read', '1')
  setStagingMeta(staging, 'complete', '1')
}

export function stagingMeta(staging: Database.Database, key: string): string | undefined {
  return compiledOnce<[string], string>(staging, 'SELECT value FROM meta WHERE key = ?').pluck().get(key)
}

export function setStagingMeta(staging: Database.Database, key: string, value: string): void {
  compiledOnce<[string, string]>(staging, 'INSERT OR REPLACE INTO meta VALUES (?, ?)').run(key, value)
}

/** Takes back what was staged, so that the file can be read in another way. A bulk load only appends, so room is made. */
export function emptyStaging(staging: Database.Database): void {
  staging.exec(`
    DROP TABLE IF EXISTS rows; DROP INDEX IF EXISTS groups_last;
    DROP INDEX IF EXISTS problems_row; DROP INDEX IF EXISTS problems_kind;
    DELETE FROM problems; DELETE FROM refused; DELETE FROM groups; DELETE FROM sheets; VACUUM`)
}

/** Keeps only what was refused and why, which is all that is asked of a staging file once its import is over. */
export function trimStaging(staging: Database.Database): void {
  setStagingMeta(staging, 'complete', '0')
  staging.exec('DROP TABLE IF EXISTS rows; DELETE FROM matches; DELETE FROM deletions; DELETE FROM groups; VACUUM')
}

/** From here on changes are journaled: a crash leaves what was there before them. */
function makeDurable(staging: Database.Database): void {
  staging.pragma('journal_mode = DELETE')
  staging.pragma('synchronous = FULL')
}

function isComplete(staging: Database.Database): boolean {
  return stagingMeta(staging, 'complete') === '1'
}

function openComplete(file: string, fingerprint: string): Database.Database | undefined {
  if (!existsSync(file)) return undefined
  let db: Database.Database | undefined
  try {
    db = new Database(file, { timeout: BUSY_MS })
    const isOurs = db.pragma('application_id', { simple: true }) === APPLICATION_ID
    if (isOurs && isComplete(db) && stagingMeta(db, 'fingerprint') === fingerprint) {
      makeDurable(db)
      configure(db, 'staging')
      return db
    }
  } catch (error) {
    // Its journal went with the process that died over it, so it may be anything; it is read again.
    if (!(error instanceof Database.SqliteError)) throw error
  }
  db?.close()
  return undefined
}

function createStaging(file: string, fingerprint: string): Database.Database {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(file + suffix, { force: true })
  const db = new Database(file, { timeout: BUSY_MS })
  // Rows are written and read in their order only, which large pages make quicker.
  db.pragma('page_size = 16384')
  makeVolatile(db)
  configure(db, 'staging')
  db.transaction(() => {
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.exec(TABLES_SQL)
    setStagingMeta(db, 'fingerprint', fingerprint)
  })()
  return db
}

/** A staging that was not finished is read again: what is written may be rolled back, but need not survive a crash. */
function makeVolatile(db: Database.Database): void {
  // OFF, which would save the memory, too, is refused as long as a database is guarded against being damaged.
  db.pragma('journal_mode = MEMORY')
  db.pragma('synchronous = OFF')
}
