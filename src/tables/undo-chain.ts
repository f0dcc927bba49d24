import type { Database } from 'better-sqlite3'
import { findEntry, type LedgerEntry } from './ledger.ts'

/**
 * Whether the effect of an entry stands and can be undone. For an undo that means that what it has undone is still down
 * because of it, and would not come to stand beside another undo of the same entry.
 */
export function canTurn(db: Database, target: LedgerEntry): boolean {
  let expected: number | null = null
  for (const each of chain(db, target)) {
    if (each.undoneBy !== expected) return false
    expected = expected === null ? each.entry : null
  }
  return true
}

/** Marks the target as undone. What the target had undone stands again; what that one had undone falls again; and so on. */
export function turn(db: Database, target: LedgerEntry, undo: number): void {
  const mark = db.prepare<[number | null, number]>('UPDATE ledger SET undone_by = ? WHERE entry = ?')
  let by: number | null = undo
  for (const each of chain(db, target)) {
    mark.run(by, each.entry)
    by = by === null ? each.entry : null
  }
}

/** The entry, the one that it undid, the one that this had undone, and so on. */
function* chain(db: Database, target: LedgerEntry): Generator<LedgerEntry> {
  let each: LedgerEntry | undefined = target
  while (each !== undefined) {
    yield each
    each = each.undoOf === null ? undefined : findEntry(db, each.undoOf)
  }
}
