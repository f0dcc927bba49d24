import type { Column } from '../columns/column.ts'
import type { Comparing } from './comparing.ts'
import { anyDiffers, type SqlValue, sqlName } from './sql-columns.ts'
import { STATE } from './staging.ts'

/** A group of rows with the same values: how many there are, and what they share. */
export type RepeatedGroup = { g: number; count: number; values: SqlValue[] }

/** Values as SQL over rows `r` with their match `m` and the record `o` that they match. */
export type FinalValues = { values: string[]; from: string }

/**
 * The values that a row will leave in these columns: its own, and its record's where the file has no such column.
 * `undefined` when the file has none of them, so that rows can't bring them into conflict.
 */
export function finalValues({ columns, byId }: Comparing, wanted: readonly Column[]): FinalValues | undefined {
  const present = new Set(columns)
  const inFile = wanted.filter((column) => present.has(column)).length
  if (inFile === 0 || (inFile < wanted.length && !byId)) return undefined
  const records = inFile < wanted.length ? ' LEFT JOIN t.records o ON o.id = m.record' : ''
  return {
    values: wanted.map((column) => `${present.has(column) ? 'r' : 'o'}.${sqlName(column.id)}`),
    from: `matches m CROSS JOIN rows r ON r.n = m.n${records}`,
  }
}

/** Collects the groups of rows that carry the id of the same record; how many groups there are. */
export function collectSameRecord({ staging }: Comparing): number {
  staging.exec(`
    ${DROP}
    CREATE TEMP TABLE repeated_values AS
      SELECT record_id AS v0 FROM rows WHERE record_id IS NOT NULL AND record_id IN (SELECT id FROM t.records)
      GROUP BY record_id HAVING count(*) > 1;
    CREATE TEMP TABLE repeated (g INTEGER, n INTEGER, PRIMARY KEY (g, n)) WITHOUT ROWID;
    INSERT INTO repeated SELECT p.rowid, r.n FROM repeated_values p CROSS JOIN rows r ON r.record_id = p.v0`)
  return countGroups(staging)
}

/** Collects the groups of rows that will have the same values in these columns, none of them empty; how many there are. */
export function collectSameValues(comparing: Comparing, columns: readonly Column[]): number {
  const final = finalValues(comparing, columns)
  if (final === undefined) return 0
  const { staging } = comparing
  const { values, from } = final
  const filled = values.map((value) => `${value} IS NOT NULL`).join(' AND ')
  const counted = `m.state <> ${STATE.duplicate} AND ${filled}`
  const repeated = `FROM ${from} WHERE ${counted} GROUP BY ${values.join(', ')} HAVING count(*) > 1`
  // Mostly there are none, and then a small import would take longer to make the tables than for all its rows.
  if (staging.prepare(`SELECT 1 ${repeated}`).get() === undefined) return 0
  staging.exec(`
    ${DROP}
    CREATE TEMP TABLE repeated_values AS
      SELECT ${values.map((value, at) => `${value} AS v${at}`).join(', ')} ${repeated};
    CREATE TEMP TABLE repeated (g INTEGER, n INTEGER, PRIMARY KEY (g, n)) WITHOUT ROWID`)
  const groups = countGroups(staging)
  if (groups === 0) return 0
  staging.exec(`
    CREATE INDEX temp.repeated_values_all ON repeated_values (${values.map((_, at) => `v${at}`).join(', ')});
    INSERT INTO repeated SELECT p.rowid, r.n FROM ${from}
      CROSS JOIN repeated_values p ON ${values.map((value, at) => `p.v${at} = ${value}`).join(' AND ')}
      WHERE ${counted}`)
  return groups
}

/**
 * Where all rows of a group say the same, the first counts and the others are duplicates; the row that says by its id
 * which record it is goes first. Leaves the groups whose rows differ.
 */
export function setDuplicatesAside({ staging, columns }: Comparing): void {
  staging.exec(`
    CREATE TEMP TABLE repeated_first AS SELECT g, n FROM (
      SELECT p.g, p.n, row_number() OVER (PARTITION BY p.g ORDER BY m.by_id DESC, p.n) AS place
      FROM repeated p JOIN matches m ON m.n = p.n) WHERE place = 1;
    CREATE TEMP TABLE repeated_same AS SELECT g FROM repeated EXCEPT
      SELECT p.g FROM repeated_first f CROSS JOIN repeated p ON p.g = f.g
        JOIN rows r ON r.n = p.n JOIN rows q ON q.n = f.n JOIN matches m ON m.n = p.n JOIN matches k ON k.n = f.n
        WHERE r.bad OR q.bad OR ${anyDiffers(columns, 'r.', 'q.')} OR (m.by_id AND m.record IS NOT k.record);
    UPDATE matches SET state = ${STATE.duplicate} WHERE n IN (
      SELECT p.n FROM repeated p WHERE p.g IN (SELECT g FROM repeated_same) AND p.n NOT IN (SELECT n FROM repeated_first));
    DELETE FROM repeated WHERE g IN (SELECT g FROM repeated_same)`)
}

/** The collected groups, one at a time. */
export function* repeatedGroups({ staging }: Comparing): Generator<RepeatedGroup> {
  const next = staging.prepare<[number], { g: number; count: number }>(
    'SELECT g, count(*) AS count FROM repeated WHERE g > ? GROUP BY g ORDER BY g LIMIT 1',
  )
  const shared = staging.prepare<[number], SqlValue[]>('SELECT * FROM repeated_values WHERE rowid = ?').raw()
  for (let group = next.get(0); group !== undefined; group = next.get(group.g)) {
    yield { ...group, values: shared.get(group.g) ?? [] }
  }
}

/** Removes the temporary tables. */
export function endRepeated({ staging }: Comparing): void {
  staging.exec(DROP)
}

const DROP = `
  DROP TABLE IF EXISTS temp.repeated;
  DROP TABLE IF EXISTS temp.repeated_values;
  DROP TABLE IF EXISTS temp.repeated_first;
  DROP TABLE IF EXISTS temp.repeated_same;`

function countGroups(staging: Comparing['staging']): number {
  return staging.prepare<[], number>('SELECT count(*) FROM temp.repeated_values').pluck().get() ?? 0
}
