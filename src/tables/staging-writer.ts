import type { Database, Statement } from 'better-sqlite3'
import type { Column, Value } from '../columns/column.ts'
import type { Problem } from '../columns/problem.ts'
import { columnDefinition, commaNames, type SqlValue, toSql } from './sql-columns.ts'

/** Rows in one INSERT: one statement for twenty rows costs half of twenty statements. */
const ROWS_PER_STATEMENT = 20
/** Below SQLite's limit of values to bind, however many columns there are. */
const MOST_VALUES = 32_000
/** Rows in one transaction. */
const ROWS_PER_COMMIT = 50_000
const FIXED = 4

export type StagedRow = { n: number; row: number; recordId: number | null; bad: boolean; values: Value[] }
export type StagedProblem = Omit<Problem, 'sheet'> & { n: number }

/** Writes rows into a new staging file, many at a time. `columns` are those that the file has, in the order of `values`. */
export class StagingWriter {
  readonly #db: Database
  readonly #many: Statement<SqlValue[]>
  readonly #one: Statement<SqlValue[]>
  readonly #problem: Statement
  readonly #refused: Statement
  readonly #width: number
  readonly #full: number
  #pending: SqlValue[] = []
  #uncommitted = 0

  constructor(db: Database, columns: Column[]) {
    const definitions = columns.map((column) => `, ${columnDefinition(column)}`).join('')
    db.exec(
      `CREATE TABLE rows (n INTEGER PRIMARY KEY, row INTEGER NOT NULL, record_id INTEGER, bad INTEGER NOT NULL${definitions}) STRICT`,
    )
    this.#db = db
    this.#width = FIXED + columns.length
    const many = Math.max(1, Math.min(ROWS_PER_STATEMENT, Math.floor(MOST_VALUES / this.#width)))
    this.#full = many * this.#width
    const places = `(${Array(this.#width).fill('?').join(', ')})`
    const insert = `INSERT INTO rows (n, row, record_id, bad${commaNames(columns)}) VALUES `
    this.#many = db.prepare(insert + Array(many).fill(places).join(', '))
    this.#one = db.prepare(insert + places)
    this.#problem = db.prepare(
      `INSERT INTO problems (n, row, cell, column_id, code, value, message, found) VALUES (?, ?, ?, ?, ?, ?, ?, 'reading')`,
    )
    this.#refused = db.prepare('INSERT INTO refused (n, row, cells, exact) VALUES (?, ?, ?, 1)')
    db.exec('BEGIN')
  }

  add({ n, row, recordId, bad, values }: StagedRow): void {
    this.#pending.push(n, row, recordId, bad ? 1 : 0)
    for (const value of values) this.#pending.push(toSql(value))
    if (this.#pending.length >= this.#full) {
      this.#many.run(...this.#pending)
      this.#pending = []
    }
    if (++this.#uncommitted >= ROWS_PER_COMMIT) this.#commit()
  }

  addProblem({ n, row, cell, columnId, code, value, message }: StagedProblem): void {
    this.#problem.run(n, row, cell, columnId, code, value, message)
  }

  /** Keeps the cells of a row that has problems, as the person sees them. */
  addRefused({ n, row, cells }: { n: number; row: number; cells: string[] }): void {
    this.#refused.run(n, row, JSON.stringify(cells))
  }

  /** Writes what is left. `lastRows` says for each group of the progress which row is its last. */
  finish(lastRows: Iterable<number>): void {
    for (let at = 0; at < this.#pending.length; at += this.#width) {
      this.#one.run(...this.#pending.slice(at, at + this.#width))
    }
    this.#pending = []
    const group = this.#db.prepare('INSERT INTO groups (last_n) VALUES (?)')
    for (const n of lastRows) group.run(n)
    this.#db.exec(`
      CREATE INDEX groups_last ON groups (last_n);
      CREATE INDEX rows_record ON rows (record_id) WHERE record_id IS NOT NULL;
      CREATE INDEX problems_row ON problems (n, id);
      CREATE INDEX problems_kind ON problems (column_id, code, row);
      COMMIT`)
  }

  #commit(): void {
    this.#db.exec('COMMIT; BEGIN')
    this.#uncommitted = 0
  }
}
