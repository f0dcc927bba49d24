import type { Database } from 'better-sqlite3'
import { readMeta, setMeta } from './table-file.ts'

/** Rows that go in one transaction, so that nobody waits long for the table. */
const SLICE = 20_000

/**
 * Lets go of what records were before the entries of the ledger that are older than `before` (ISO 8601 in UTC). The
 * entries stay, because records say by them where they come from; they can't be undone any more. Answers how many there
 * were.
 */
export function forgetHistory(db: Database, before: string): number {
  const already = forgottenTo(db)
  const to = lastEntryBefore(db, before)
  if (to <= already) return 0
  // First of all: from here on nobody begins to undo what is about to go.
  setMeta(db, 'forgotten', String(to))
  const some = db.prepare(
    `DELETE FROM history WHERE (entry, record_id) IN (SELECT entry, record_id FROM history WHERE entry <= ? LIMIT ${SLICE})`,
  )
  while (some.run(to).changes > 0);
  db.prepare('DELETE FROM kept WHERE entry <= ?').run(to)
  return (
    db
      .prepare<[number, number], number>('SELECT count(*) FROM ledger WHERE entry > ? AND entry <= ?')
      .pluck()
      .get(already, to) ?? 0
  )
}

/** Whether what was before this entry is no longer kept. */
export function isForgotten(db: Database, entry: number): boolean {
  return entry <= forgottenTo(db)
}

function forgottenTo(db: Database): number {
  return Number(readMeta(db, 'forgotten') ?? 0)
}

/** The one before the first that is young enough: a clock that once went wrong makes no young entry old. */
function lastEntryBefore(db: Database, before: string): number {
  const young = db.prepare<[string], number | null>('SELECT min(entry) FROM ledger WHERE at >= ?').pluck().get(before)
  if (young !== null && young !== undefined) return young - 1
  return db.prepare<[], number | null>('SELECT max(entry) FROM ledger').pluck().get() ?? 0
}
