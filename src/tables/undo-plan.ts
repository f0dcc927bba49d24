import type { Database } from 'better-sqlite3'
import type { Column, TemplateShape } from '../columns/column.ts'
import { columnsSince } from './column-changes.ts'
import { isForgotten } from './forget-history.ts'
import { type KeptPage, type KeptRecord, type KeptSince, withSteps } from './kept-records.ts'
import { findLedgerEntry, type LedgerEntry } from './ledger.ts'
import { sameValues, sqlName, uniqueSets } from './sql-columns.ts'
import { canTurn } from './undo-chain.ts'

/** What an undo does to records, in the person's words. */
export type UndoEffect = { removes: number; restores: number; bringsBack: number }

/** `keeps` records stay as they are; without them the effect would be that of `all`. */
export type UndoCounts = UndoEffect & { keeps: number; all: UndoEffect }

export type UndoPlan = {
  counts: UndoCounts
  /** A page of those that stay, with what happened to them since. */
  kept: KeptSince[]
  /** What changes of the template since mean for it, in sentences; null when there were none. */
  columns: string | null
}

/** What undoing a job would do now; `undefined` when the job wrote nothing here or is undone already. Changes nothing. */
export function planUndo(
  db: Database,
  shape: TemplateShape,
  { jobId, ...page }: { jobId: string } & KeptPage,
): UndoPlan | undefined {
  return db.transaction((): UndoPlan | undefined => {
    const target = findLedgerEntry(db, jobId)
    if (target === undefined || isForgotten(db, target.entry) || !canTurn(db, target)) return undefined
    collectUndoing(db, shape, target)
    const counts = countUndoing(db)
    const kept = withSteps(db, shape, { kept: selectKeeping(db, page), entry: target.entry })
    db.exec('DROP TABLE temp.undoing')
    return { counts, kept, columns: columnsSince(db, target.entry) }
  })()
}

function selectKeeping(db: Database, { limit, after }: KeptPage): KeptRecord[] {
  return db
    .prepare<[number, number], KeptRecord>(
      `SELECT record_id AS recordId, reason FROM undoing
       WHERE reason IS NOT NULL AND record_id > ? ORDER BY record_id LIMIT ?`,
    )
    .all(after, limit)
}

/**
 * Collects in `temp.undoing` every record that an entry wrote, with what it did (`action`) and, when the record is to
 * be left alone, why (`reason`). A record may be put back when it is still in the state in which the entry left it.
 */
export function collectUndoing(db: Database, shape: TemplateShape, { entry }: LedgerEntry): void {
  // Of an absent record, the state is what its last deletion left.
  const absence = `(SELECT x.after_entry FROM history x WHERE x.record_id = h.record_id ORDER BY x.entry DESC LIMIT 1)`
  db.exec('CREATE TEMP TABLE undoing (record_id INTEGER PRIMARY KEY, action TEXT NOT NULL, reason TEXT)')
  db.prepare(
    `INSERT INTO undoing
     SELECT h.record_id, h.action, CASE
       WHEN h.action = 'delete' AND r.id IS NOT NULL THEN 'changed'
       WHEN h.action = 'delete' AND ${absence} IS NOT h.after_entry THEN 'deleted'
       WHEN h.action <> 'delete' AND r.id IS NULL THEN 'deleted'
       WHEN h.action <> 'delete' AND r.entry <> h.after_entry THEN 'changed' END
     FROM history h LEFT JOIN records r ON r.id = h.record_id WHERE h.entry = :entry
     UNION ALL
     SELECT id, 'create', CASE WHEN entry <> :entry THEN 'changed' END FROM records WHERE created = :entry`,
  ).run({ entry })
  // What was created and is gone has nothing left to undo.
  db.exec(`DELETE FROM undoing WHERE action = 'create' AND reason = 'deleted'`)
  keepTaken(db, shape, entry)
}

export function countUndoing(db: Database): UndoCounts {
  const rows = db
    .prepare<[], { action: string; all: number; kept: number }>(
      'SELECT action, count(*) AS "all", count(reason) AS kept FROM undoing GROUP BY action',
    )
    .all()
  const effect = (of: (row: { all: number; kept: number }) => number): UndoEffect => {
    const counts = new Map(rows.map((row) => [row.action, of(row)]))
    return {
      removes: counts.get('create') ?? 0,
      restores: counts.get('update') ?? 0,
      bringsBack: counts.get('delete') ?? 0,
    }
  }
  const keeps = rows.reduce((sum, { kept }) => sum + kept, 0)
  return { ...effect(({ all, kept }) => all - kept), keeps, all: effect(({ all }) => all) }
}

/**
 * Keeps the records whose earlier key or unique values are taken. One that is kept may hold what another one wants back,
 * so this goes on until nothing more is found.
 */
function keepTaken(db: Database, shape: TemplateShape, entry: number): void {
  const statements = uniqueSets(shape).flatMap((columns) => [takenSql(columns), sharedSql(columns)])
  const keeps = statements.map((sql) => db.prepare(sql))
  let kept = 1
  while (kept > 0) {
    kept = 0
    for (const keep of keeps) kept += keep.run({ entry }).changes
  }
}

/** The earlier values now belong to a record that will not be put back itself. */
function takenSql(columns: Column[]): string {
  return `UPDATE undoing SET reason = 'taken' WHERE reason IS NULL AND action <> 'create' AND record_id IN (
    SELECT h.record_id FROM history h CROSS JOIN records q ON ${sameValues(columns, 'q.', 'h.')} AND q.id <> h.record_id
    LEFT JOIN undoing u ON u.record_id = q.id AND u.reason IS NULL
    WHERE h.entry = :entry AND h.action <> 'create' AND u.record_id IS NULL)`
}

/** Two earlier records share values that since then must be unique. */
function sharedSql(columns: Column[]): string {
  const names = columns.map(({ id }) => `h.${sqlName(id)}`)
  return `UPDATE undoing SET reason = 'taken' WHERE reason IS NULL AND record_id IN (
    SELECT h.record_id FROM history h JOIN (
      SELECT ${names.map((name, at) => `${name} AS v${at}`).join(', ')}
      FROM undoing u CROSS JOIN history h ON h.record_id = u.record_id AND h.entry = :entry
      WHERE u.reason IS NULL AND u.action <> 'create' AND ${names.map((name) => `${name} IS NOT NULL`).join(' AND ')}
      GROUP BY ${names.join(', ')} HAVING count(*) > 1
    ) shared ON ${names.map((name, at) => `${name} = shared.v${at}`).join(' AND ')}
    WHERE h.entry = :entry)`
}
