import type { Database } from 'better-sqlite3'
import { compiledOnce } from './connection.ts'
import type { Counts } from './progress.ts'

/** What an entry of the ledger records: an import, an undo, or one change by hand. */
export const ENTRY_KINDS = ['import', 'undo', 'edit'] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

export type LedgerEntry = {
  entry: number
  /** The job that did it; null for a change by hand. */
  jobId: string | null
  kind: EntryKind
  /** The entry that this one undoes. */
  undoOf: number | null
  /** The entry that has undone this one; null while its effect stands. */
  undoneBy: number | null
  file: string | null
  actor: string
  /** ISO 8601 in UTC. */
  at: string
  counts: Counts
  /** How many records the table had afterwards. */
  records: number
}

export const LEDGER_SQL = `
  CREATE TABLE ledger (
    entry INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id TEXT UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN (${ENTRY_KINDS.map((kind) => `'${kind}'`).join(', ')})),
    undo_of INTEGER REFERENCES ledger (entry),
    undone_by INTEGER REFERENCES ledger (entry),
    file TEXT,
    actor TEXT NOT NULL,
    at TEXT NOT NULL,
    read INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    deleted INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    problems INTEGER NOT NULL DEFAULT 0,
    records INTEGER NOT NULL DEFAULT 0
  ) STRICT;`

/**
 * What a job did to the table, or `undefined` when its transaction was never committed. This is how a job that was
 * interrupted learns whether it had already happened.
 */
export function findLedgerEntry(db: Database, jobId: string): LedgerEntry | undefined {
  return readEntry(compiledOnce<[string], LedgerRow>(db, 'SELECT * FROM ledger WHERE job_id = ?').get(jobId))
}

/** A job that changed the table, and the one that has undone it since. */
export type JobInLedger = { id: string; undoneBy: string | null }

export function listJobsInLedger(db: Database): JobInLedger[] {
  return db
    .prepare<[], JobInLedger>(
      `SELECT done.job_id AS id, undo.job_id AS undoneBy FROM ledger done
       LEFT JOIN ledger undo ON undo.entry = done.undone_by
       WHERE done.job_id IS NOT NULL ORDER BY done.entry`,
    )
    .all()
}

export function findEntry(db: Database, entry: number): LedgerEntry | undefined {
  return readEntry(db.prepare<[number], LedgerRow>('SELECT * FROM ledger WHERE entry = ?').get(entry))
}

/** Opens an entry inside the caller's transaction; its counts follow with `closeEntry`. */
export function insertEntry(
  db: Database,
  entry: Pick<LedgerEntry, 'kind' | 'actor' | 'at'> & Partial<Pick<LedgerEntry, 'jobId' | 'undoOf' | 'file'>>,
): number {
  const sql = 'INSERT INTO ledger (job_id, kind, undo_of, file, actor, at) VALUES (?, ?, ?, ?, ?, ?)'
  const { lastInsertRowid } = compiledOnce(db, sql).run(
    entry.jobId ?? null,
    entry.kind,
    entry.undoOf ?? null,
    entry.file ?? null,
    entry.actor,
    entry.at,
  )
  return Number(lastInsertRowid)
}

/** Completes an entry with what it did and, when it changed records, tells plans made before that they are out of date. */
export function closeEntry(db: Database, entry: number, counts: Counts): void {
  const records = countRecords(db)
  compiledOnce(
    db,
    `UPDATE ledger SET read = :read, created = :created, updated = :updated, unchanged = :unchanged, deleted = :deleted,
       skipped = :skipped, problems = :problems, records = :records WHERE entry = :entry`,
  ).run({ ...counts, records, entry })
  if (counts.created + counts.updated + counts.deleted > 0) bumpDataVersion(db)
}

export function countRecords(db: Database): number {
  return compiledOnce<[], number>(db, 'SELECT count(*) FROM records').pluck().get() ?? 0
}

/** How many records a table has. Of two sizes of a table, that of the larger `dataVersion` is the later one. */
export type TableSize = { records: number; dataVersion: number }

/** The size in one state, also outside of a transaction. */
export function sizeOf(db: Database): TableSize {
  const sql = `SELECT (SELECT count(*) FROM records) AS records,
    (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'data_version') AS dataVersion`
  return compiledOnce<[], TableSize>(db, sql).get() ?? { records: 0, dataVersion: 0 }
}

/** Grows with every transaction that changes records; `schema` is the name under which the file is attached. */
export function dataVersion(db: Database, schema: 'main' | 't' = 'main'): number {
  const sql = `SELECT value FROM ${schema}.meta WHERE key = 'data_version'`
  // Another file may be attached under that name later, for which a statement would have to be compiled anew.
  const statement = schema === 'main' ? compiledOnce<[], string>(db, sql) : db.prepare<[], string>(sql)
  const text = statement.pluck().get()
  return Number(text ?? 0)
}

export function bumpDataVersion(db: Database): void {
  const sql = `UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'data_version'`
  compiledOnce<[]>(db, sql).run()
}

type LedgerRow = Counts & {
  entry: number
  job_id: string | null
  kind: EntryKind
  undo_of: number | null
  undone_by: number | null
  file: string | null
  actor: string
  at: string
  records: number
}

function readEntry(row: LedgerRow | undefined): LedgerEntry | undefined {
  if (row === undefined) return undefined
  const { entry, kind, file, actor, at, records } = row
  const { read, created, updated, unchanged, deleted, skipped, problems } = row
  return {
    entry,
    jobId: row.job_id,
    kind,
    undoOf: row.undo_of,
    undoneBy: row.undone_by,
    file,
    actor,
    at,
    counts: { read, created, updated, unchanged, deleted, skipped, problems },
    records,
  }
}
