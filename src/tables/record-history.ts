import type { Database } from 'better-sqlite3'
import type { TemplateShape, Value, Values } from '../columns/column.ts'
import { type EntryKind, findEntry } from './ledger.ts'
import { commaNames, type SqlValue } from './sql-columns.ts'
import { readValues } from './stored-record.ts'

/** One step in the life of a record. */
export type RecordChange = {
  /** The entry of the ledger; later steps have larger ones. */
  entry: number
  action: 'create' | 'update' | 'delete'
  kind: EntryKind
  /** The import or undo that did it; null for a change by hand. */
  jobId: string | null
  file: string | null
  actor: string
  /** ISO 8601 in UTC. */
  at: string
  /** The columns that became another value. */
  changes: { columnId: string; before: Value; after: Value }[]
}

/** Only steps after the entry `after`, only those before the entry `before`, and at most `limit` of them. */
export type HistoryRange = { after?: number | undefined; before?: number | undefined; limit?: number | undefined }

type Step = { entry: number; action: RecordChange['action']; before: Values | null }

/** What happened to a record, the latest first; also of one that was deleted. Empty when there never was such a record. */
export function recordHistory(
  db: Database,
  shape: TemplateShape,
  { id, after = 0, before = Number.MAX_SAFE_INTEGER, limit }: { id: number } & HistoryRange,
): RecordChange[] {
  const { created, current } = currentState(db, shape, id)
  const steps = savedSteps(db, shape, id)
  const born = created ?? steps.find(({ created }) => created !== null)?.created
  const all: Step[] =
    born === null || born === undefined ? steps : [{ entry: born, action: 'create', before: null }, ...steps]
  return all
    .map((step, at) => ({ step, after: at + 1 < all.length ? (all[at + 1]?.before ?? null) : current }))
    .filter(({ step }) => step.entry > after && step.entry < before)
    .reverse()
    .slice(0, limit)
    .map((each) => describe(db, shape, each))
}

function currentState(
  db: Database,
  shape: TemplateShape,
  id: number,
): { created: number | null; current: Values | null } {
  const row = db
    .prepare<[number], SqlValue[]>(`SELECT created${commaNames(shape.columns)} FROM records WHERE id = ?`)
    .raw()
    .get(id)
  if (row === undefined) return { created: null, current: null }
  return { created: Number(row[0]), current: readValues(row, shape.columns, 1) }
}

function savedSteps(db: Database, shape: TemplateShape, id: number): (Step & { created: number | null })[] {
  return db
    .prepare<[number], SqlValue[]>(
      `SELECT entry, action, created${commaNames(shape.columns)} FROM history WHERE record_id = ? ORDER BY entry`,
    )
    .raw()
    .all(id)
    .map((row) => {
      const action = row[1] === 'create' || row[1] === 'delete' ? row[1] : 'update'
      const before = action === 'create' ? null : readValues(row, shape.columns, 3)
      return { entry: Number(row[0]), action, created: row[2] === null ? null : Number(row[2]), before }
    })
}

function describe(
  db: Database,
  shape: TemplateShape,
  { step, after }: { step: Step; after: Values | null },
): RecordChange {
  const entry = findEntry(db, step.entry)
  if (entry === undefined) throw new Error(`the ledger has no entry ${step.entry}`)
  const { kind, jobId, file, actor, at } = entry
  const changes = shape.columns
    .map(({ id }) => ({ columnId: id, before: step.before?.[id] ?? null, after: after?.[id] ?? null }))
    .filter(({ before, after }) => before !== after)
  return { entry: step.entry, action: step.action, kind, jobId, file, actor, at, changes }
}
