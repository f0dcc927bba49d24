import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import type { Column, Value } from '../columns/column.ts'
import type { Problem } from '../columns/problem.ts'
import { packValues } from './packed-values.ts'
import { columnDefinition, toSql } from './sql-columns.ts'
import { setStagingMeta } from './staging.ts'
import { type StagedBatch, StagingInsert } from './staging-insert.ts'
import type { FromThread, ThreadData, ToThread } from './staging-thread.ts'

/** With so many rows a thread of its own is started for the writing; a smaller file is read before it were ready. */
const ROWS_BEFORE_THREAD = 5_000
/**
 * Characters and values that are handed on at once. The texts of a batch become one string, and V8 makes room for each
 * one of more than 128 KB (half as many characters) by asking the system for memory, which takes several times as long.
 */
const BATCH_SIZE = 40_000
/** How much may be on its way to the thread, in characters and values: the memory of a few batches. */
const MOST_ON_THE_WAY = 1_500_000

export type StagedRow = { n: number; row: number; recordId: number | null; bad: boolean; values: Value[] }
export type StagedProblem = Omit<Problem, 'sheet'> & { n: number }

/**
 * Writes rows into a new staging file, many at a time. `columns` are those that the file has, in the order of `values`;
 * rows come in the order of their `n`, from 1 on. Call `settle` now and then, `finish` after the last row, and `close`
 * whatever happens.
 */
export class StagingWriter {
  readonly #db: Database.Database
  readonly #columnIds: string[]
  #insert: StagingInsert | undefined
  #thread: StagingThread | undefined
  #batch: StagedBatch = emptyBatch()
  #batchSize = 0
  #rows = 0
  #hasIds = false

  constructor(db: Database.Database, columns: Column[]) {
    const definitions = columns.map((column) => `, ${columnDefinition(column)}`).join('')
    db.exec(
      `CREATE TABLE rows (n INTEGER PRIMARY KEY, row INTEGER NOT NULL, record_id INTEGER, bad INTEGER NOT NULL${definitions}) STRICT`,
    )
    this.#db = db
    this.#columnIds = columns.map(({ id }) => id)
    this.#insert = new StagingInsert(db, this.#columnIds)
  }

  add({ row, recordId, bad, values }: StagedRow): void {
    const { rows } = this.#batch
    rows.push(row, recordId, bad ? 1 : 0)
    if (recordId !== null) this.#hasIds = true
    for (const value of values) {
      rows.push(toSql(value))
      this.#batchSize += typeof value === 'string' ? value.length + 1 : 1
    }
    this.#rows += 1
    if (this.#batchSize >= BATCH_SIZE) this.#handOn()
  }

  addProblem({ n, row, cell, columnId, code, value, message }: StagedProblem): void {
    this.#batch.problems.push([n, row, cell, columnId, code, value, message])
    this.#batchSize += value.length + message.length
  }

  /** Keeps the cells of a row that has problems, as the person sees them. */
  addRefused({ n, row, cells }: { n: number; row: number; cells: string[] }): void {
    const json = JSON.stringify(cells)
    this.#batch.refused.push([n, row, json])
    this.#batchSize += json.length
  }

  /** Waits while too much of what was handed on is not yet written. */
  async settle(): Promise<void> {
    await this.#thread?.room()
  }

  /** Writes what is left. `lastRows` says for each group of the progress which row is its last. */
  async finish(lastRows: Iterable<number>): Promise<void> {
    this.#handOn()
    // A thread that was not ready before the rows ended has nothing to do.
    if (this.#insert === undefined) await this.#thread?.finish()
    else await this.#thread?.stop()
    this.#thread = undefined
    this.#endInsert()
    this.#db.transaction(() => {
      const group = this.#db.prepare('INSERT INTO groups (last_n) VALUES (?)')
      for (const n of lastRows) group.run(n)
      // Most files have no record ids, and to find that out the index would go through all rows.
      setStagingMeta(this.#db, 'has_ids', this.#hasIds ? '1' : '0')
      if (this.#hasIds) this.#db.exec('CREATE INDEX rows_record ON rows (record_id) WHERE record_id IS NOT NULL')
      this.#db.exec(`
        CREATE INDEX groups_last ON groups (last_n);
        CREATE INDEX problems_row ON problems (n, id);
        CREATE INDEX problems_kind ON problems (column_id, code, row)`)
    })()
  }

  /** Lets go of everything, also when the rows did not come to their end. */
  async close(): Promise<void> {
    await this.#thread?.stop()
    if (this.#db.inTransaction) this.#db.exec('COMMIT')
  }

  #handOn(): void {
    const batch = this.#batch
    if (this.#rows > ROWS_BEFORE_THREAD)
      this.#thread ??= new StagingThread({ file: this.#db.name, columnIds: this.#columnIds })
    // Once the thread writes, this connection does not touch the file until it has ended.
    if (this.#thread?.isReady) this.#endInsert()
    if (this.#insert === undefined) this.#thread?.write(batch, this.#batchSize)
    else this.#insert.write(batch)
    this.#batch = emptyBatch()
    this.#batchSize = 0
  }

  #endInsert(): void {
    this.#insert?.end()
    this.#insert = undefined
  }
}

function emptyBatch(): StagedBatch {
  return { rows: [], problems: [], refused: [] }
}

/** The thread that writes batches, and how much is on its way to it. */
class StagingThread {
  readonly #worker: Worker
  readonly #ended: Promise<unknown>
  readonly #sizes = new Map<number, number>()
  #isReady = false
  #onTheWay = 0
  #number = 0
  #failure: Error | undefined
  #wake: (() => void) | undefined

  constructor(workerData: ThreadData) {
    // Like the process it belongs to, it is plain TypeScript, and its values are short-lived.
    this.#worker = new Worker(new URL('./staging-thread.ts', import.meta.url), {
      ...{ workerData, execArgv: [], env: { TZ: 'UTC' } },
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    })
    this.#worker.on('message', (message: FromThread) => {
      if (message === 'ready') this.#isReady = true
      else this.#written(message)
    })
    this.#worker.on('error', (error) => {
      this.#failure = asThrown(error)
      this.#wake?.()
    })
    this.#ended = once(this.#worker, 'exit').catch(() => {})
  }

  /** It takes a while to start, in which others had better do its work. */
  get isReady(): boolean {
    return this.#isReady
  }

  write(batch: StagedBatch, size: number): void {
    this.#number += 1
    this.#sizes.set(this.#number, size)
    this.#onTheWay += size
    const rows = packValues(batch.rows)
    const message: ToThread = { number: this.#number, batch: { ...batch, rows } }
    this.#worker.postMessage(message, [rows.kinds.buffer, rows.numbers.buffer])
  }

  async room(): Promise<void> {
    while (this.#onTheWay > MOST_ON_THE_WAY && this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#failure !== undefined) throw this.#failure
  }

  async finish(): Promise<void> {
    this.#worker.postMessage(null satisfies ToThread)
    await this.#ended
    if (this.#failure !== undefined) throw this.#failure
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
  }

  #written(number: number): void {
    this.#onTheWay -= this.#sizes.get(number) ?? 0
    this.#sizes.delete(number)
    this.#wake?.()
  }
}

/** An error loses its class on the way from a thread, but not its code. */
function asThrown(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  const isSqlite = 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_')
  return isSqlite ? new Database.SqliteError(error.message, String(error.code)) : error
}
