import type { Database, Statement } from 'better-sqlite3'
import { type SqlValue, sqlName } from './sql-columns.ts'

/** Rows in one INSERT: one statement for twenty rows costs half of twenty statements. */
const ROWS_PER_STATEMENT = 20
/** Below SQLite's limit of values to bind, however many columns there are. */
const MOST_VALUES = 32_000
/** Rows in one transaction. */
const ROWS_PER_COMMIT = 50_000
/** The columns in front of those of the file. `n` counts the rows by itself. */
const FIXED = ['row', 'record_id', 'bad'] as const

/** What is written at once; plain values, so that it can be handed to another thread. `rows` are one after the other. */
export type StagedBatch = { rows: SqlValue[]; problems: SqlValue[][]; refused: SqlValue[][] }

/** Inserts batches into a staging file whose tables are there. */
export class StagingInsert {
  readonly #db: Database
  readonly #many: Statement<[readonly SqlValue[]]>
  readonly #one: Statement<[readonly SqlValue[]]>
  readonly #problem: Statement<[readonly SqlValue[]]>
  readonly #refused: Statement<[readonly SqlValue[]]>
  readonly #width: number
  readonly #full: number
  #uncommitted = 0

  /** @param columnIds of the columns that the file has, in the order of a row's values */
  constructor(db: Database, columnIds: readonly string[]) {
    this.#db = db
    this.#width = FIXED.length + columnIds.length
    const many = Math.max(1, Math.min(ROWS_PER_STATEMENT, Math.floor(MOST_VALUES / this.#width)))
    this.#full = many * this.#width
    const places = `(${Array(this.#width).fill('?').join(', ')})`
    const insert = `INSERT INTO rows (${[...FIXED, ...columnIds.map(sqlName)].join(', ')}) VALUES `
    this.#many = db.prepare<[readonly SqlValue[]]>(insert + Array(many).fill(places).join(', '))
    this.#one = db.prepare<[readonly SqlValue[]]>(insert + places)
    this.#problem = db.prepare<[readonly SqlValue[]]>(
      `INSERT INTO problems (n, row, cell, column_id, code, value, message, found) VALUES (?, ?, ?, ?, ?, ?, ?, 'reading')`,
    )
    this.#refused = db.prepare<[readonly SqlValue[]]>('INSERT INTO refused (n, row, cells, exact) VALUES (?, ?, ?, 1)')
    db.exec('BEGIN')
  }

  write({ rows, problems, refused }: StagedBatch): void {
    let at = 0
    for (; at + this.#full <= rows.length; at += this.#full) this.#many.run(rows.slice(at, at + this.#full))
    for (; at < rows.length; at += this.#width) this.#one.run(rows.slice(at, at + this.#width))
    for (const problem of problems) this.#problem.run(problem)
    for (const row of refused) this.#refused.run(row)
    this.#uncommitted += rows.length / this.#width
    if (this.#uncommitted < ROWS_PER_COMMIT) return
    this.#db.exec('COMMIT; BEGIN')
    this.#uncommitted = 0
  }

  /** Ends the transaction; nothing is written after it. */
  end(): void {
    this.#db.exec('COMMIT')
  }
}
