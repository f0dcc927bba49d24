import { createHash } from 'node:crypto'
import Database from 'better-sqlite3'
import type { Counts } from '../../src/tables/progress.ts'

export type Entry = Counts & {
  entry: number
  job_id: string
  kind: 'import' | 'undo' | 'edit'
  undo_of: number | null
  file: string | null
  records: number
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
      entries: db.prepare<[], Entry>('SELECT * FROM ledger ORDER BY entry').all(),
    }
  } finally {
    db.close()
  }
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
