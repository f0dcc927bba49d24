import { createHash } from 'node:crypto'
import Database from 'better-sqlite3'
import type { Column } from '../../src/columns/column.ts'
import type { Counts } from '../../src/tables/progress.ts'
import type { EditSeen } from './edits.ts'

export type Entry = Counts & {
  entry: number
  job_id: string
  kind: 'import' | 'undo' | 'edit'
  undo_of: number | null
  file: string | null
  records: number
  /** What is seen of it when it is a change by hand. */
  edit: EditSeen | null
}

/** A digest of each part of a table, without its times, the names of its columns and the ids of jobs. */
export type TableState = {
  records: string
  history: string
  ledger: string
  kept: string
  count: number
  entries: Entry[]
}

const PARTS = { records: 'id', history: 'entry, record_id', ledger: 'entry', kept: 'entry, record_id' } as const
const OWN_TO_A_RUN = ['at', 'created_at', 'updated_at', 'job_id']

export function readTableState(file: string): TableState {
  const db = new Database(file, { readonly: true, fileMustExist: true })
  try {
    const digests = Object.entries(PARTS).map(([part, order]) => [part, digestOf(db, part, order)])
    return {
      ...(Object.fromEntries(digests) as Record<keyof typeof PARTS, string>),
      count: db.prepare<[], number>('SELECT count(*) FROM records').pluck().get() ?? 0,
      entries: readEntries(db),
    }
  } finally {
    db.close()
  }
}

function readEntries(db: Database.Database): Entry[] {
  const deleted = db
    .prepare<[number], number>(`SELECT record_id FROM history WHERE entry = ? AND action = 'delete'`)
    .pluck()
  // Where the state that it brought about stands, or stood.
  const name = nameColumn(db)
  const named = db
    .prepare<{ entry: number }, string | null>(
      `SELECT "${name}" FROM records WHERE entry = :entry
       UNION ALL SELECT "${name}" FROM history WHERE before_entry = :entry`,
    )
    .pluck()
  const seen = (entry: number): EditSeen => {
    const record = deleted.get(entry)
    return record === undefined ? { name: named.get({ entry }) ?? null } : { deleted: record }
  }
  return db
    .prepare<[], Omit<Entry, 'edit'>>('SELECT * FROM ledger ORDER BY entry')
    .all()
    .map((each) => ({ ...each, edit: each.kind === 'edit' ? seen(each.entry) : null }))
}

function nameColumn(db: Database.Database): string {
  const json = db.prepare<[], string>(`SELECT value FROM meta WHERE key = 'columns'`).pluck().get() ?? '[]'
  const columns: Column[] = JSON.parse(json)
  return columns.find(({ name }) => name === 'Name')?.id ?? 'no such column'
}

function digestOf(db: Database.Database, part: string, order: string): string {
  const rows = db.prepare<[], unknown[]>(`SELECT * FROM ${part} ORDER BY ${order}`).raw()
  const compared = rows.columns().map(({ name }) => !OWN_TO_A_RUN.includes(name))
  const hash = createHash('sha256')
  for (const row of rows.iterate()) hash.update(`${JSON.stringify(row.filter((_value, at) => compared[at]))}\n`)
  return hash.digest('hex').slice(0, 16)
}

/** What SQLite itself finds wrong with a file. */
export function findDamage(file: string): string[] {
  const db = new Database(file, { fileMustExist: true })
  try {
    const intact = db.pragma('integrity_check', { simple: true })
    const foreign = db.pragma('foreign_key_check') as unknown[]
    return [
      ...(intact === 'ok' ? [] : [`${file} is damaged: ${intact}`]),
      ...(foreign.length === 0 ? [] : [`${file} has ${foreign.length} rows that refer to nothing`]),
    ]
  } finally {
    db.close()
  }
}
