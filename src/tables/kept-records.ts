import type { Database } from 'better-sqlite3'
import type { TemplateShape } from '../columns/column.ts'
import { findLedgerEntry } from './ledger.ts'
import { type RecordChange, recordHistory } from './record-history.ts'

/**
 * Why an undo leaves a record alone: it was changed since, it was deleted since, or its earlier key or unique value now
 * belongs to another record.
 */
export const KEPT_REASONS = ['changed', 'deleted', 'taken'] as const
export type KeptReason = (typeof KEPT_REASONS)[number]

/** A record that an undo leaves as it is. */
export type KeptRecord = { recordId: number; reason: KeptReason }

/** The same with what happened to it after what is undone, the latest first. */
export type KeptSince = KeptRecord & { since: RecordChange[] }

/** `after` is the last id of the page before. */
export type KeptPage = { limit: number; after: number }

/** A record that was changed very often is told in its own history. */
const STEPS_TOLD = 5

/** The records that an undo kept, in the order of their ids. */
export function listKept(
  db: Database,
  shape: TemplateShape,
  { jobId, ...page }: { jobId: string } & KeptPage,
): KeptSince[] {
  const undo = findLedgerEntry(db, jobId)
  if (undo === undefined) return []
  return withSteps(db, shape, {
    kept: selectKept(db, { entry: undo.entry, ...page }),
    entry: undo.undoOf ?? undo.entry,
  })
}

export function selectKept(db: Database, { entry, limit, after }: { entry: number } & KeptPage): KeptRecord[] {
  return db
    .prepare<[number, number, number], KeptRecord>(
      'SELECT record_id AS recordId, reason FROM kept WHERE entry = ? AND record_id > ? ORDER BY record_id LIMIT ?',
    )
    .all(entry, after, limit)
}

/** Adds to each record what happened to it since an entry. */
export function withSteps(
  db: Database,
  shape: TemplateShape,
  { kept, entry }: { kept: KeptRecord[]; entry: number },
): KeptSince[] {
  return kept.map((record) => {
    const since = recordHistory(db, shape, { id: record.recordId, after: entry, limit: STEPS_TOLD })
    return { ...record, since }
  })
}
