import type { Database } from 'better-sqlite3'
import type { Column, Value } from '../columns/column.ts'
import type { Problem } from '../columns/problem.ts'
import { BulkLoad } from './bulk-load/bulk-load.ts'
import { compiledOnce } from './connection.ts'
import { columnDefinition, type SqlValue, toSql } from './sql-columns.ts'
import { insertStagedSheets, type SheetEnd } from './staged-sheets.ts'
import { setStagingMeta } from './staging.ts'

export type StagedRow = { n: number; row: number; recordId: number | null; bad: boolean; values: Value[] }
export type StagedProblem = Omit<Problem, 'sheet'> & { n: number }

/** The columns of a row in front of those of the file. */
const FIXED = 4

/**
 * Writes rows into a new staging file, which nobody may use meanwhile. `columns` are those that the file has, in the
 * order of `values`; rows come in the order of their `n`, from 1 on. Call `finish` after the last row, and `close`
 * whatever happens.
 */
export class StagingWriter {
  readonly #db: Database
  readonly #load: BulkLoad
  readonly #rows: ReturnType<BulkLoad['table']>
  readonly #problems: ReturnType<BulkLoad['table']>
  readonly #refused: ReturnType<BulkLoad['table']>
  /** The row being written; its first place is that of `n`, by which the row is found. */
  readonly #row: SqlValue[]
  #problemId = 0
  #hasIds = false

  constructor(db: Database, columns: Column[]) {
    const definitions = columns.map((column) => `, ${columnDefinition(column)}`).join('')
    db.exec(
      `CREATE TABLE rows (n INTEGER PRIMARY KEY, row INTEGER NOT NULL, record_id INTEGER, bad INTEGER NOT NULL${definitions}) STRICT`,
    )
    this.#db = db
    this.#load = new BulkLoad(db)
    this.#rows = this.#load.table('rows')
    this.#problems = this.#load.table('problems')
    this.#refused = this.#load.table('refused')
    this.#row = new Array(FIXED + columns.length).fill(null)
  }

  add({ n, row, recordId, bad, values }: StagedRow): void {
    const all = this.#row
    all[1] = row
    all[2] = recordId
    all[3] = bad ? 1 : 0
    for (let at = 0; at < values.length; at += 1) all[FIXED + at] = toSql(values[at] ?? null)
    this.#rows.add(n, all)
    if (recordId !== null) this.#hasIds = true
  }

  addProblem({ n, row, cell, columnId, code, value, message }: StagedProblem): void {
    this.#problemId += 1
    this.#problems.add(this.#problemId, [null, n, row, cell, columnId, code, value, message, 'reading'])
  }

  /** Keeps the cells of a row that has problems, as the person sees them. */
  addRefused({ n, row, cells }: { n: number; row: number; cells: string[] }): void {
    this.#refused.add(n, [null, row, JSON.stringify(cells), 1])
  }

  /** Writes what is left. `lastRows` says for each group of the progress which row is its last, `sheets` the same for each sheet. */
  finish({ lastRows, sheets }: { lastRows: Iterable<number>; sheets: SheetEnd[] }): void {
    this.#load.finish()
    this.#db.transaction(() => {
      for (const n of lastRows) compiledOnce(this.#db, 'INSERT INTO groups (last_n) VALUES (?)').run(n)
      insertStagedSheets(this.#db, sheets)
      // Most files have no record ids, and to find that out the index would go through all rows.
      setStagingMeta(this.#db, 'has_ids', this.#hasIds ? '1' : '0')
      if (this.#hasIds) this.#db.exec('CREATE INDEX rows_record ON rows (record_id) WHERE record_id IS NOT NULL')
      this.#db.exec(`
        CREATE INDEX groups_last ON groups (last_n);
        CREATE INDEX problems_row ON problems (n, id);
        CREATE INDEX problems_kind ON problems (column_id, code, row)`)
    })()
  }

  /** Lets go of the file, also when the rows did not come to their end. */
  close(): void {
    this.#load.close()
  }
}
