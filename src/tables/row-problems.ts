import { isMisfit } from '../columns/checked.ts'
import type { Column, Value } from '../columns/column.ts'
import { valueText } from '../columns/parse-value.ts'
import type { ProblemCode } from '../columns/problem.ts'
import { compileFilledCheck } from './check-rows.ts'
import type { Comparing } from './comparing.ts'
import { namedValues } from './record-rules.ts'
import { repeatedGroups } from './repeated-rows.ts'
import { fromSql, type SqlValue, sqlName } from './sql-columns.ts'
import { rowName, stagedSheets } from './staged-sheets.ts'
import { STATE } from './staging.ts'

/** How many row numbers a sentence names. */
const ROWS_NAMED = 10
/** How many rows are held in memory while their problems are written. */
const PAGE = 1000

/** Refuses every row of the collected groups; `sentence` says why, given how many rows there are and which. */
export function refuseGroups(
  comparing: Comparing,
  columns: readonly Column[],
  { code, sentence }: { code: ProblemCode; sentence: (name: string, count: number, rows: string) => string },
): void {
  const { staging } = comparing
  const sheets = stagedSheets(staging)
  const first = staging.prepare<[number], { n: number; row: number }>(
    `SELECT r.n, r.row FROM repeated p CROSS JOIN rows r ON r.n = p.n WHERE p.g = ? ORDER BY r.n LIMIT ${ROWS_NAMED}`,
  )
  const rowsOf = 'SELECT n FROM repeated WHERE g = :g'
  const insert = staging.prepare(insertSql(comparing, columns, rowsOf))
  const refuse = staging.prepare(`UPDATE matches SET state = ${STATE.problem} WHERE n IN (${rowsOf})`)
  for (const { g, count, values } of repeatedGroups(comparing)) {
    const names = first.all(g).map((each) => rowName(sheets, each))
    const rows = listed(names, count)
    const message = sentence(nameOf(columns, values), count, rows)
    insert.run({ g, code, message, value: textOf(columns, values) })
    refuse.run({ g })
  }
}

/** Refuses the rows that `select` finds, each for the values it would leave in the columns: n and those values. */
export function refuseRows(
  comparing: Comparing,
  columns: readonly Column[],
  { select, code, sentence }: { select: string; code: ProblemCode; sentence: (name: string) => string },
): number {
  const { staging } = comparing
  staging.exec(`CREATE TEMP TABLE refusing AS ${select}`)
  const page = staging
    .prepare<[number], SqlValue[]>(`SELECT rowid, * FROM temp.refusing WHERE rowid > ? LIMIT ${PAGE}`)
    .raw()
  const insert = staging.prepare(insertSql(comparing, columns, 'SELECT :n'))
  const refuse = staging.prepare<[number]>(`UPDATE matches SET state = ${STATE.problem} WHERE n = ?`)
  let refused = 0
  for (let rows = page.all(0); rows.length > 0; rows = page.all(refused)) {
    for (const [, n, ...values] of rows) {
      insert.run({ n, code, message: sentence(nameOf(columns, values)), value: textOf(columns, values) })
      refuse.run(Number(n))
    }
    refused += rows.length
  }
  staging.exec('DROP TABLE temp.refusing')
  return refused
}

/** Rows that were let through without their key because of their record id, which turned out to be unknown. */
export function refuseMissingKeys(comparing: Comparing): void {
  if (!comparing.hasIds) return
  const { staging, columns } = comparing
  // In mode add ids say nothing, so there every row that carries one is without a known record.
  const unknown = `FROM matches m CROSS JOIN rows r ON r.n = m.n WHERE r.record_id IS NOT NULL AND m.by_id = 0 AND m.state <> ${STATE.duplicate}`
  for (const column of comparing.key) {
    const missing = compileFilledCheck(column)(null)
    if (!isMisfit(missing)) continue
    const empty = columns.includes(column) ? `AND r.${sqlName(column.id)} IS NULL` : ''
    // A key cell that did not pass its check is empty here, too, and has its problem already.
    const rows = `SELECT m.n ${unknown} ${empty}
      AND NOT EXISTS (SELECT 1 FROM problems p WHERE p.n = m.n AND p.column_id = '${column.id}')`
    staging
      .prepare(insertSql(comparing, [column], rows))
      .run({ code: missing.code, message: missing.message, value: '' })
  }
  staging.exec(
    `UPDATE matches SET state = ${STATE.problem} WHERE n IN (SELECT n FROM problems WHERE found = 'comparing')`,
  )
}

/** A problem for each row of a query; about a cell when there is one column, about the row when there are several. */
function insertSql({ lettersOf }: Comparing, columns: readonly Column[], rows: string): string {
  const only = columns.length === 1 ? columns[0] : undefined
  const letters = only === undefined ? null : lettersOf(only)
  const cell = letters === null ? 'NULL' : `'${letters}' || r.row`
  const column = only === undefined ? 'NULL' : `'${only.id}'`
  return `INSERT INTO problems (n, row, cell, column_id, code, value, message, found)
    SELECT r.n, r.row, ${cell}, ${column}, :code, :value, :message, 'comparing' FROM rows r WHERE r.n IN (${rows})`
}

function nameOf(columns: readonly Column[], values: SqlValue[]): string {
  return namedValues(columns, (column) => sharedValue(columns, values, column))
}

function textOf(columns: readonly Column[], values: SqlValue[]): string {
  return columns.map((column) => valueText(sharedValue(columns, values, column), column)).join(', ')
}

function sharedValue(columns: readonly Column[], values: SqlValue[], column: Column): Value {
  return fromSql(values[columns.indexOf(column)] ?? null, column.type)
}

function listed(rows: string[], count: number): string {
  if (count <= rows.length) return rows.join(', ')
  return `${rows.join(', ')} and ${(count - rows.length).toLocaleString('en')} more`
}
