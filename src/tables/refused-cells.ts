import { setImmediate } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import { cellText } from '../columns/cell-text.ts'
import { isRecordIdHeader } from '../columns/claim-columns.ts'
import type { Column } from '../columns/column.ts'
import { valueText } from '../columns/parse-value.ts'
import type { Spreadsheet } from '../spreadsheets/spreadsheet.ts'
import type { Comparing } from './comparing.ts'
import { readStaged } from './read-and-check.ts'
import { fromSql, type SqlValue, sqlName } from './sql-columns.ts'
import { stagedSheets } from './staged-sheets.ts'
import { STATE } from './staging.ts'

const PAGE = 1000

/**
 * Keeps cells for the rows that only the comparison refuses. While the file is read nobody knows which rows these will
 * be, so for now they are the values as checked, in the places of their columns; `keepRefusedCells` gets the real ones.
 */
export function keepCheckedValues({ staging, columns }: Comparing): void {
  const { details } = readStaged(staging)
  const byId = new Map(columns.map((column) => [column.id, column]))
  const places = details.headers.map(({ header, columnId }): Column | 'id' | undefined =>
    isRecordIdHeader(header) ? 'id' : columnId === null ? undefined : byId.get(columnId),
  )
  const names = places.map((place) =>
    place === undefined ? 'NULL' : place === 'id' ? 'r.record_id' : `r.${sqlName(place.id)}`,
  )
  const page = staging
    .prepare<[number], SqlValue[]>(
      `SELECT r.n, r.row${names.map((name) => `, ${name}`).join('')} FROM matches m CROSS JOIN rows r ON r.n = m.n
       WHERE m.state = ${STATE.problem} AND m.n > ? AND NOT EXISTS (SELECT 1 FROM refused f WHERE f.n = m.n)
       ORDER BY m.n LIMIT ${PAGE}`,
    )
    .raw()
  const insert = staging.prepare('INSERT INTO refused (n, row, cells, exact) VALUES (?, ?, ?, 0)')
  for (let last = 0, rows = page.all(last); rows.length > 0; rows = page.all(last)) {
    for (const [n, row, ...values] of rows) {
      insert.run(n, row, JSON.stringify(places.map((place, at) => textOf(place, values[at] ?? null))))
      last = Number(n)
    }
  }
}

/** How many refused rows there are of which only the checked values are kept. */
export function countInexactCells(staging: Database): number {
  return staging.prepare<[], number>('SELECT count(*) FROM refused WHERE exact = 0').pluck().get() ?? 0
}

/**
 * Reads the file once more and keeps the cells of the rows that only the comparison refused as they are in the file,
 * with the columns that the template does not have.
 */
export async function keepRefusedCells(staging: Database, spreadsheet: Spreadsheet): Promise<void> {
  const next = staging.prepare<[number], { n: number; row: number }>(
    'SELECT n, row FROM refused WHERE exact = 0 AND n > ? ORDER BY n LIMIT 1',
  )
  const update = staging.prepare('UPDATE refused SET cells = ?, exact = 1 WHERE n = ?')
  let wanted = next.get(0)
  for (const { name, last } of stagedSheets(staging)) {
    const isHere = () => wanted !== undefined && wanted.n <= last
    if (!isHere()) continue
    // Rows come in their order, in the file as in the staging, so both are gone through together.
    for await (const { rows } of spreadsheet.rows(name)) {
      staging.transaction(() => {
        for (const { number, cells } of rows) {
          if (number !== wanted?.row || !isHere()) continue
          update.run(JSON.stringify(Array.from(cells, cellText)), wanted.n)
          wanted = next.get(wanted.n)
        }
      })()
      if (!isHere()) break
      await setImmediate()
    }
  }
}

function textOf(place: Column | 'id' | undefined, value: SqlValue): string {
  if (place === undefined || value === null) return ''
  return place === 'id' ? String(value) : valueText(fromSql(value, place.type), place)
}
