import { existsSync } from 'node:fs'
import { countRecords, findLedgerEntry } from '../../tables/ledger.ts'
import { openTable, openTableReadonly } from '../../tables/open-table.ts'
import { NO_COUNTS } from '../../tables/progress.ts'
import { isCreated } from '../../tables/table-file.ts'
import { type KeptRecord, listKept, planUndo, type UndoPlan, undoImport } from '../../tables/undo.ts'
import type { UndoOutcome } from '../messages.ts'
import type { Answer, Reporter, Task } from '../protocol.ts'

/** Undoes a job's changes in one transaction; happens once, however often it is started. */
export function runUndo({ jobId, undoOf, shape, actor, paths }: Task<'undo'>, reporter: Reporter): UndoOutcome {
  const table = openTable(paths.table, shape)
  try {
    const undone = undoImport({ table, shape, jobId, undoOf, actor, onProgress: reporter.progress })
    if ('refused' in undone) return { status: 'failed', counts: NO_COUNTS, error: undone.refused }
    // Counted now: after a crash, what is answered happened some time ago.
    return { status: 'completed', counts: undone.counts, records: countRecords(table) }
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
  if (!existsSync(table)) return null
  const db = openTableReadonly(table)
  try {
    const entry = isCreated(db) ? findLedgerEntry(db, jobId) : undefined
    return entry === undefined ? null : { counts: entry.counts, records: countRecords(db) }
  } finally {
    db.close()
  }
}

export function listKeptRecords({ table, jobId, limit, after }: Task<'undo.kept'>): KeptRecord[] {
  const db = openTableReadonly(table)
  try {
    return listKept(db, jobId, { limit, after })
  } finally {
    db.close()
  }
}
