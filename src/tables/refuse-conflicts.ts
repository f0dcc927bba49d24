import { type Column, keyColumns } from '../columns/column.ts'
import type { Comparing } from './comparing.ts'
import { collectSameRecord, collectSameValues, endRepeated, finalValues, setDuplicatesAside } from './repeated-rows.ts'
import { refuseGroups, refuseMissingKeys, refuseRows } from './row-problems.ts'
import { sqlName, uniqueSets } from './sql-columns.ts'
import { STATE } from './staging.ts'

/** Refuses the rows that contradict each other: the same record, key or unique value more than once in the file. */
export function refuseRepeated(comparing: Comparing): void {
  const { shape, key, byId } = comparing
  if (byId && collectSameRecord(comparing) > 0) {
    setDuplicatesAside(comparing)
    refuseGroups(comparing, [], {
      code: 'duplicate_record',
      sentence: (_name, count, rows) =>
        `The same record stands ${count} times in the file with different values (rows ${rows}). A row that was copied to make a new record needs an empty record id.`,
    })
  }
  if (collectSameValues(comparing, key) > 0) {
    setDuplicatesAside(comparing)
    refuseGroups(comparing, key, {
      code: 'duplicate_key',
      sentence: (name, count, rows) => `${name} appears ${count} times with different values (rows ${rows}).`,
    })
  }
  for (const columns of uniqueSets(shape).filter((columns) => !isKey(comparing, columns))) {
    if (collectSameValues(comparing, columns) === 0) continue
    refuseGroups(comparing, columns, {
      code: 'not_unique',
      sentence: (name, count, rows) => `${name} appears ${count} times, but must be unique (rows ${rows}).`,
    })
  }
  endRepeated(comparing)
}

/** Refuses the rows that can't be written beside what is in the table and stays there. */
export function refuseTaken(comparing: Comparing): void {
  refuseMissingKeys(comparing)
  if (comparing.mode === 'add') refuseExistingKeys(comparing)
  const { staging, shape, tableIsEmpty } = comparing
  if (tableIsEmpty) return
  const sets = uniqueSets(shape).filter((columns) => collectClashes(comparing, columns))
  if (sets.length === 0) return
  staging.exec('CREATE INDEX IF NOT EXISTS matches_record ON matches (record)')
  // A refused row leaves its record as it is, and so may take a value from another row that counted on it.
  let refused = 1
  while (refused > 0) {
    refused = 0
    for (const columns of sets) refused += refuseClashes(comparing, columns)
  }
  for (const columns of sets) staging.exec(`DROP TABLE temp.${clashTable(columns)}`)
}

function isKey({ shape }: Comparing, columns: Column[]): boolean {
  const key = keyColumns(shape)
  return key.length === columns.length && columns.every((column) => column.key)
}

function refuseExistingKeys(comparing: Comparing): void {
  const { key, keyInFile } = comparing
  if (!keyInFile) return
  const values = key.map(({ id }) => `r.${sqlName(id)}`).join(', ')
  refuseRows(comparing, key, {
    select: `SELECT m.n AS n, ${values} FROM matches m JOIN rows r ON r.n = m.n
      WHERE m.record IS NOT NULL AND m.state = ${STATE.problem} AND NOT r.bad
        AND NOT EXISTS (SELECT 1 FROM problems p WHERE p.n = m.n AND p.found = 'comparing')`,
    code: 'key_exists',
    sentence: (name) => `${name} is already in the table, and this import only adds new rows.`,
  })
}

/** Collects the rows that will have the same values as a record which is not theirs, with that record; whether there are any. */
function collectClashes(comparing: Comparing, columns: Column[]): boolean {
  const { staging, byId } = comparing
  // By key alone, a row with the key of a record is that record's.
  if (isKey(comparing, columns) && !byId) return false
  const final = finalValues(comparing, columns)
  if (final === undefined) return false
  const table = clashTable(columns)
  const same = columns.map(({ id }, at) => `q.${sqlName(id)} = ${final.values[at]}`).join(' AND ')
  staging.exec(`
    CREATE TEMP TABLE ${table} AS SELECT m.n AS n, q.id AS other
      FROM ${final.from} CROSS JOIN t.records q ON ${same}
      WHERE m.state IN (${STATE.new}, ${STATE.changed}) AND q.id IS NOT m.record`)
  if (staging.prepare(`SELECT 1 FROM temp.${table}`).get() !== undefined) return true
  staging.exec(`DROP TABLE temp.${table}`)
  return false
}

/** Refuses rows whose clash is with a record that keeps its values: no good row changes it, nor will it be deleted. */
function refuseClashes(comparing: Comparing, columns: Column[]): number {
  const final = finalValues(comparing, columns)
  if (final === undefined) return 0
  const good = `x.record = c.other AND x.state IN (${STATE.changed}, ${STATE.unchanged})`
  const deleted = comparing.mode === 'replace' ? 'AND EXISTS (SELECT 1 FROM matches y WHERE y.record = c.other)' : ''
  return refuseRows(comparing, columns, {
    select: `SELECT DISTINCT m.n AS n, ${final.values.map((value, at) => `${value} AS v${at}`).join(', ')}
      FROM temp.${clashTable(columns)} c CROSS JOIN ${final.from}
      WHERE m.n = c.n AND m.state IN (${STATE.new}, ${STATE.changed})
        AND NOT EXISTS (SELECT 1 FROM matches x WHERE ${good}) ${deleted}`,
    code: isKey(comparing, columns) ? 'key_exists' : 'not_unique',
    sentence: (name) => `${name} is already used by another record.`,
  })
}

function clashTable(columns: Column[]): string {
  return `clash_${columns.map(({ id }) => id).join('_')}`
}
