import type { Database } from 'better-sqlite3'
import type { TemplateShape } from '../columns/column.ts'
import { imageColumns, saveImages } from './history.ts'

const SLICE = 20_000

/** The ledger entry that is undone, and the one that undoes it. */
type Entries = { target: number; undo: number }

/**
 * Puts the records collected in `temp.undoing` back: first all that stand in the way go, then the earlier ones come, so
 * that records which swapped values swap them back. What was there is saved for an undo of this undo.
 */
export function putBack(
  db: Database,
  shape: TemplateShape,
  { onSlice, ...entries }: Entries & { onSlice: (done: number) => void },
): void {
  const leaving = compileLeaving(db, shape, entries)
  const coming = compileComing(db, shape, entries)
  for (const pass of [leaving, coming]) inRanges(db, (from, to) => onSlice(pass(from, to)))
}

function compileLeaving(db: Database, shape: TemplateShape, entries: Entries): (from: number, to: number) => number {
  const records = `FROM undoing u CROSS JOIN records r ON r.id = u.record_id
    LEFT JOIN history h ON h.entry = :target AND h.record_id = r.id WHERE ${IN_RANGE}`
  const restored = db.prepare(`${image(shape, 'update', 'h.before_entry')} ${records} AND u.action = 'update'`)
  // A record that an import created goes back to never having been there, which is state 0.
  const removed = db.prepare(
    `${image(shape, 'delete', 'coalesce(h.before_entry, 0)')} ${records} AND u.action = 'create'`,
  )
  const remove = db.prepare(
    `DELETE FROM records WHERE id IN (SELECT u.record_id FROM undoing u WHERE ${IN_RANGE} AND u.action <> 'delete')`,
  )
  return (from, to) => {
    restored.run({ ...entries, from, to })
    removed.run({ ...entries, from, to })
    return remove.run({ from, to }).changes
  }
}

function compileComing(db: Database, shape: TemplateShape, entries: Entries): (from: number, to: number) => number {
  const images = `FROM undoing u CROSS JOIN history h ON h.entry = :target AND h.record_id = u.record_id WHERE ${IN_RANGE}`
  const broughtBack = db.prepare(
    `INSERT INTO history (entry, record_id, action, before_entry, after_entry)
     SELECT :undo, h.record_id, 'create', h.after_entry, h.before_entry ${images} AND u.action = 'delete'`,
  )
  const insert = db.prepare(
    `INSERT INTO records (id, entry, ${imageColumns(shape)})
     SELECT h.record_id, h.before_entry, ${imageColumns(shape, 'h.')} ${images} AND u.action <> 'create'`,
  )
  return (from, to) => {
    broughtBack.run({ ...entries, from, to })
    return insert.run({ target: entries.target, from, to }).changes
  }
}

const IN_RANGE = 'u.reason IS NULL AND u.record_id > :from AND u.record_id <= :to'

function image(shape: TemplateShape, action: 'update' | 'delete', after: string): string {
  return saveImages(shape, action, after).replaceAll(':entry', ':undo')
}

/** Calls `work` for ranges (from, to] of record ids that hold about `SLICE` records each. */
function inRanges(db: Database, work: (from: number, to: number) => void): void {
  const next = db
    .prepare<[number], number | null>(
      `SELECT max(record_id) FROM (SELECT record_id FROM undoing WHERE record_id > ? ORDER BY record_id LIMIT ${SLICE})`,
    )
    .pluck()
  let from = 0
  for (let to = next.get(from) ?? null; to !== null; to = next.get(from) ?? null) {
    work(from, to)
    from = to
  }
}
