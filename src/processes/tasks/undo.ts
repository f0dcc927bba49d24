import { existsSync } from 'node:fs'
import { type KeptSince, listKept } from '../../tables/kept-records.ts'
import { findLedgerEntry, sizeOf } from '../../tables/ledger.ts'
import { openTable, openTableReadonly } from '../../tables/open-table.ts'
import { NO_COUNTS } from '../../tables/progress.ts'
import { isCreated } from '../../tables/table-file.ts'
import { undoImport } from '../../tables/undo.ts'
import { planUndo, type UndoPlan } from '../../tables/undo-plan.ts'
import type { UndoOutcome } from '../messages.ts'
import type { Answer, Reporter, Task } from '../protocol.ts'
import { openTableForReading } from './read-table.ts'
import { tidyStaging } from './tidy-staging.ts'

/** Undoes a job's changes in one transaction; happens once, however often it is started. */
export function runUndo({ jobId, undoOf, shape, actor, paths }: Task<'undo'>, reporter: Reporter): UndoOutcome {
  const table = openTable(paths.table, shape)
  try {
    const undone = undoImport({ table, shape, jobId, undoOf, actor, onProgress: reporter.progress })
    if ('refused' in undone) return { status: 'failed', counts: NO_COUNTS, error: undone.refused }
    const note = undone.columns ?? undefined
    return { status: 'completed', counts: undone.counts, size: sizeOf(table), note }
  } finally {
    table.close()
  }
}

export function planUndoOf({ table, shape, ...asked }: Task<'undo.plan'>): UndoPlan | null {
  // Not read-only: the plan is collected in a temporary table.
  const db = openTable(table, shape)
  try {
    return planUndo(db, shape, asked) ?? null
  } finally {
    db.close()
  }
}

export function findApplied({ table, jobId, staging }: Task<'import.applied'>): Answer<'import.applied'> {
  const applied = existsSync(table) ? readApplied(table, jobId) : null
  // The process that did it may have died over this, and then it can't be read until somebody who may write opens it.
  if (applied !== null && staging !== null) tidyStaging(staging, applied.counts)
  return applied
}

function readApplied(table: string, jobId: string): Answer<'import.applied'> {
  const db = openTableReadonly(table)
  try {
    const entry = isCreated(db) ? findLedgerEntry(db, jobId) : undefined
    return entry === undefined ? null : { counts: entry.counts, size: sizeOf(db) }
  } finally {
    db.close()
  }
}

export function listKeptRecords({ table, shape, ...asked }: Task<'undo.kept'>): KeptSince[] {
  const db = openTableForReading(table, shape)
  try {
    return listKept(db, shape, asked)
  } finally {
    db.close()
  }
}
