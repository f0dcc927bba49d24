import { findLedgerEntry } from '../../tables/ledger.ts'
import { openTable, openTableReadonly } from '../../tables/open-table.ts'
import { planUndo, type UndoPlan, undoImport } from '../../tables/undo.ts'
import { NO_COUNTS, type UndoOutcome } from '../messages.ts'
import type { Answer, Reporter, Task } from '../protocol.ts'

/** Undoes a job's changes in one transaction; happens once, however often it is started. */
export function runUndo({ jobId, undoOf, shape, actor, paths }: Task<'undo'>, reporter: Reporter): UndoOutcome {
  const table = openTable(paths.table, shape)
  try {
    const undone = undoImport({ table, shape, jobId, undoOf, actor, onProgress: reporter.progress })
    if ('refused' in undone) return { status: 'failed', counts: NO_COUNTS, error: undone.refused }
    return { status: 'completed', counts: undone.counts, records: undone.records }
  } finally {
    table.close()
  }
}

export function planUndoOf({ table, shape, jobId }: Task<'undo.plan'>): UndoPlan | null {
  // Not read-only: the plan is collected in a temporary table.
  const db = openTable(table, shape)
  try {
    return planUndo(db, shape, jobId) ?? null
  } finally {
    db.close()
  }
}

export function findApplied({ table, jobId }: Task<'import.applied'>): Answer<'import.applied'> {
  const db = openTableReadonly(table)
  try {
    const entry = findLedgerEntry(db, jobId)
    return entry === undefined ? null : { counts: entry.counts, records: entry.records }
  } finally {
    db.close()
  }
}
