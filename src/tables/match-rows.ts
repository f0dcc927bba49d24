import { type Comparing, inSlices } from './comparing.ts'
import { anyDiffers, joinTerms, sameValues, sqlName } from './sql-columns.ts'
import { STATE } from './staging.ts'

const SLICE = 50_000

/** Forgets an earlier comparison. */
export function resetMatches({ staging }: Comparing): void {
  staging.exec(`
    DROP INDEX IF EXISTS matches_record;
    DELETE FROM matches;
    DELETE FROM deletions;
    DELETE FROM problems WHERE found = 'comparing';
    DELETE FROM refused WHERE NOT exact`)
}

/**
 * Gives every row its record and state. A row with a known record id is that record. Any other is the record with its
 * key, unless another row says by its id that it is that record: then the key has moved on, and the row is new.
 */
export function matchRows(comparing: Comparing, onSlice: (rowsDone: number) => void): void {
  const { staging, byId } = comparing
  const known = byId ? staging.prepare(matchByIdSql(comparing)) : undefined
  const others = staging.prepare(matchByKeySql(comparing))
  inSlices(comparing.rows, SLICE, (from, to) => {
    known?.run({ from, to })
    others.run({ from, to })
    onSlice(to)
  })
}

/** A row without any value says nothing when its record id is unknown, or left over from where the rows were copied. */
export function setEmptyAside({ staging, columns, hasIds }: Comparing): void {
  if (!hasIds) return
  const isEmpty = joinTerms(
    columns.map(({ id }) => `r.${sqlName(id)} IS NULL`),
    'AND',
  )
  staging.exec(`UPDATE matches SET state = ${STATE.duplicate} WHERE state = ${STATE.new} AND n IN (
    SELECT n FROM rows r WHERE r.record_id IS NOT NULL AND ${isEmpty})`)
}

/** How many rows carry a record id that the table does not know. */
export function countUnknownIds({ staging, byId }: Comparing): number {
  if (!byId) return 0
  const unknown =
    'SELECT count(*) FROM rows WHERE record_id IS NOT NULL AND record_id NOT IN (SELECT id FROM t.records)'
  return staging.prepare<[], number>(unknown).pluck().get() ?? 0
}

function matchByIdSql({ columns }: Comparing): string {
  return `INSERT INTO matches (n, state, record, by_id)
    SELECT r.n, CASE WHEN r.bad THEN ${STATE.problem} ELSE ${changedOrNot(columns)} END, q.id, 1
    FROM rows r CROSS JOIN t.records q ON q.id = r.record_id
    WHERE r.n > :from AND r.n <= :to`
}

function matchByKeySql({ mode, columns, key, keyInFile, byId, tableIsEmpty }: Comparing): string {
  const range = 'r.n > :from AND r.n <= :to'
  const unknown = byId ? 'AND NOT EXISTS (SELECT 1 FROM t.records k WHERE k.id = r.record_id)' : ''
  if (!keyInFile || tableIsEmpty) {
    return `INSERT INTO matches (n, state, record, by_id)
      SELECT r.n, CASE WHEN r.bad THEN ${STATE.problem} ELSE ${STATE.new} END, NULL, 0 FROM rows r WHERE ${range} ${unknown}`
  }
  const unclaimed = byId ? 'AND q.id NOT IN (SELECT record_id FROM rows WHERE record_id IS NOT NULL)' : ''
  // In mode add every row must be new, so a record with its key is a problem.
  const found = mode === 'add' ? STATE.problem : changedOrNot(columns)
  return `INSERT INTO matches (n, state, record, by_id)
    SELECT r.n, CASE WHEN r.bad THEN ${STATE.problem} WHEN q.id IS NULL THEN ${STATE.new} ELSE ${found} END, q.id, 0
    FROM rows r LEFT JOIN t.records q ON ${sameValues(key, 'q.', 'r.')} ${unclaimed}
    WHERE ${range} ${unknown}`
}

function changedOrNot(columns: Comparing['columns']): string {
  return `CASE WHEN ${anyDiffers(columns, 'r.', 'q.')} THEN ${STATE.changed} ELSE ${STATE.unchanged} END`
}
