import type { Database as Connection } from 'better-sqlite3'
import type { DataFolder } from '../../src/config.ts'
import { Database } from '../sqlite.ts'

/** Looks from outside at what the jobs table says. */
export class JobsWatch {
  readonly #db: Connection

  constructor(folder: DataFolder) {
    // Not read-only: such a connection, when it is the first on a database with a log, never sees what others add.
    this.#db = new Database(folder.appDb, { fileMustExist: true })
    this.#db.pragma('query_only = ON')
  }

  /** How many jobs are over; throws when one of them is not completed, for then nothing was measured. */
  get finished(): number {
    const wrong = this.#db
      .prepare<[], string>(`SELECT error FROM jobs WHERE status NOT IN ('pending', 'processing', 'completed')`)
      .pluck()
      .get()
    if (wrong !== undefined) throw new Error(`an import did not complete: ${wrong}`)
    return this.#count(`SELECT count(*) FROM jobs WHERE status = 'completed'`)
  }

  isFinished(id: string): boolean {
    return this.#db.prepare<[string]>(`SELECT 1 FROM jobs WHERE id = ? AND status = 'completed'`).get(id) !== undefined
  }

  get waiting(): number {
    return this.#count(`SELECT count(*) FROM jobs WHERE status = 'pending'`)
  }

  /** How often a job was taken up. */
  get attempts(): number {
    return this.#count('SELECT coalesce(sum(attempts), 0) FROM jobs')
  }

  /** From the first start to the last end of the jobs that are over, in milliseconds, as the server wrote it down. */
  get spanMs(): number {
    const sql = `SELECT (julianday(max(finished_at)) - julianday(min(started_at))) * 86400000 FROM jobs`
    return this.#count(sql)
  }

  /** From the row of the job to its start, for each job, in milliseconds. */
  startDelays(ids: string[]): number[] {
    const delay = this.#db
      .prepare<[string], number>(
        `SELECT (julianday(started_at) - julianday(created_at)) * 86400000 FROM jobs WHERE id = ?`,
      )
      .pluck()
    return ids.map((id) => delay.get(id) ?? Number.NaN)
  }

  close(): void {
    this.#db.close()
  }

  #count(sql: string): number {
    return this.#db.prepare<[], number>(sql).pluck().get() ?? 0
  }
}
