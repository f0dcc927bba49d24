import type { Database } from 'better-sqlite3'
import type { TemplateShape } from '../columns/column.ts'
import { columnsSince } from './column-changes.ts'
import { isForgotten } from './forget-history.ts'
import { type KeptRecord, selectKept } from './kept-records.ts'
import { closeEntry, findEntry, findLedgerEntry, insertEntry, type LedgerEntry } from './ledger.ts'
import type { Counts, Progress } from './progress.ts'
import { putBack } from './put-back.ts'
import { dropSortIndexesBefore } from './sort-index.ts'
import { canTurn, turn } from './undo-chain.ts'
import { collectUndoing, countUndoing, type UndoCounts } from './undo-plan.ts'

export type UndoOptions = {
  table: Database
  shape: TemplateShape
  /** The job that does the undo. */
  jobId: string
  /** The job that is undone: an import, or an undo. */
  undoOf: string
  actor: string
  /** May throw to stop; nothing has happened then. */
  onProgress?: ((progress: Progress) => void) | undefined
}

/**
 * `kept` are the first of them; `counts.skipped` says how many there are, and `listKept` lists them all. `columns` says
 * what changes of the template meant for it.
 */
export type Undone = { counts: Counts; kept: KeptRecord[]; columns: string | null }

export const UNDO_REFUSALS = ['not_applied', 'already_undone', 'history_gone'] as const
export type UndoRefusal = { code: (typeof UNDO_REFUSALS)[number]; message: string; hint: string }

const KEPT_ANSWERED = 100

/**
 * Undoes what a job did to the table, in one transaction with a ledger entry of its own: records are as they were
 * before, with their ids, stamps and provenance. Those that somebody changed since are kept and listed. Undoing an undo
 * does the job again. It happens once for each `jobId`: asked again, it answers what was done.
 */
export function undoImport({ table, undoOf, ...options }: UndoOptions): Undone | { refused: UndoRefusal } {
  return table
    .transaction((): Undone | { refused: UndoRefusal } => {
      const done = findLedgerEntry(table, options.jobId)
      const target = findLedgerEntry(table, undoOf)
      if (target === undefined) return { refused: NOT_APPLIED }
      if (done !== undefined) return doneBefore(table, { done, target: target.entry })
      return undoInTransaction(table, { ...options, entry: target.entry })
    })
    .immediate()
}

function doneBefore(table: Database, { done, target }: { done: LedgerEntry; target: number }): Undone {
  const { counts, entry } = done
  return { counts, kept: firstKept(table, entry), columns: columnsSince(table, target) }
}

/** Undoes an entry of the ledger, which may also be a change by hand. */
export function undoEntry(table: Database, options: EntryOptions): Undone | { refused: UndoRefusal } {
  return table.transaction(() => undoInTransaction(table, options)).immediate()
}

type EntryOptions = Omit<UndoOptions, 'table' | 'undoOf' | 'jobId'> & { entry: number; jobId: string | null }

/** Not in a nested transaction: SQLite would keep every page that it changes in memory, to be able to take it back. */
function undoInTransaction(
  table: Database,
  { entry, shape, jobId, actor, onProgress }: EntryOptions,
): Undone | { refused: UndoRefusal } {
  const target = findEntry(table, entry)
  if (target === undefined) return { refused: NOT_APPLIED }
  if (isForgotten(table, entry)) return { refused: FORGOTTEN }
  if (!canTurn(table, target)) return { refused: ALREADY_UNDONE }
  const undo = insertEntry(table, { kind: 'undo', jobId, undoOf: entry, actor, at: new Date().toISOString() })
  turn(table, target, undo)
  collectUndoing(table, shape, target)
  const counts = toCounts(countUndoing(table))
  dropSortIndexesBefore(table, { changes: counts.created + counts.updated + counts.deleted })
  putBack(table, shape, { target: entry, undo, onSlice: reporter(counts, onProgress) })
  table.prepare('INSERT INTO kept SELECT ?, record_id, reason FROM undoing WHERE reason IS NOT NULL').run(undo)
  table.exec('DROP TABLE temp.undoing')
  const columns = columnsSince(table, entry)
  closeEntry(table, undo, counts)
  return { counts, kept: firstKept(table, undo), columns }
}

const NOT_APPLIED: UndoRefusal = {
  code: 'not_applied',
  message: 'This job changed nothing in the table, so there is nothing to undo.',
  hint: 'Only a completed import or undo can be undone.',
}

const FORGOTTEN: UndoRefusal = {
  code: 'history_gone',
  message: 'This job is so old that what the records were before is no longer kept, so it can not be undone.',
  hint: 'Whoever runs this server says with KEEP_HISTORY_DAYS how long it is kept.',
}

const ALREADY_UNDONE: UndoRefusal = {
  code: 'already_undone',
  message: 'What this job did no longer stands in the table: it was undone already.',
  hint: 'To do it again, undo the undo.',
}

function firstKept(db: Database, entry: number): KeptRecord[] {
  return selectKept(db, { entry, limit: KEPT_ANSWERED, after: 0 })
}

function toCounts({ removes, restores, bringsBack, keeps }: UndoCounts): Counts {
  const read = removes + restores + bringsBack + keeps
  return { read, created: bringsBack, updated: restores, unchanged: 0, deleted: removes, skipped: keeps, problems: 0 }
}

/** Half of the work is to save and remove what is there, half to put back what was; both are reported as one way. */
function reporter(counts: Counts, onProgress: UndoOptions['onProgress']): (changed: number) => void {
  const rows = counts.created + counts.updated + counts.deleted
  const steps = counts.created + 2 * counts.updated + counts.deleted
  let done = 0
  return (changed) => {
    done += changed
    const fraction = steps === 0 ? 1 : done / steps
    const rowsDone = Math.round(fraction * rows)
    onProgress?.({ phase: 'applying', rowsDone, rowsTotal: rows, fraction, groupsDone: 0, groupsTotal: null, counts })
  }
}
