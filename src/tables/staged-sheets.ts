import type { Database } from 'better-sqlite3'

/** A sheet whose rows were staged, and which of them are its own: those after `after`, up to `last`. */
export type StagedSheet = { name: string; after: number; last: number }

/** Rows are staged sheet by sheet, so a sheet is known by its last row. */
export type SheetEnd = { name: string; last: number }

/** Sheets without rows are left out. */
export function insertStagedSheets(staging: Database, sheets: SheetEnd[]): void {
  const insert = staging.prepare('INSERT OR IGNORE INTO sheets (last_n, name) VALUES (?, ?)')
  let before = 0
  for (const { name, last } of sheets) {
    if (last > before) insert.run(last, name)
    before = last
  }
}

/** The sheets in the order of their rows. `schema` is where the staging is attached. */
export function stagedSheets(db: Database, schema = 'main'): StagedSheet[] {
  const sheets = db
    .prepare<[], { name: string; last: number }>(`SELECT name, last_n AS last FROM ${schema}.sheets ORDER BY last_n`)
    .all()
  return sheets.map(({ name, last }, at) => ({ name, after: sheets[at - 1]?.last ?? 0, last }))
}

/** The sheet of row `n` as SQL. */
export function sheetOf(n: string): string {
  return `(SELECT name FROM sheets WHERE last_n >= ${n} ORDER BY last_n LIMIT 1)`
}

/** How a row is named among sheets: by its number alone when there is only one. */
export function rowName(sheets: StagedSheet[], { n, row }: { n: number; row: number }): string {
  if (sheets.length < 2) return String(row)
  return `${sheets.find(({ last }) => last >= n)?.name ?? ''}!${row}`
}
