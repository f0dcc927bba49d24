import { log } from '../log.ts'
import type { Context } from './context.ts'

/** So long a write that worked stands for the next one: anyone may ask, and each is synced to the disk. */
const TRUST_MS = 10_000

/** Whether the tool does what it is there for, asked by whoever watches the server. */
export class Health {
  readonly #db: Context['db']
  readonly #queue: { readonly moves: boolean }
  #wrote = Number.NEGATIVE_INFINITY

  constructor({ db }: Pick<Context, 'db'>, queue: { readonly moves: boolean }) {
    this.#db = db
    this.#queue = queue
  }

  /** What is wrong, in a few words that tell strangers nothing else; `undefined` when all is well. */
  trouble(): string | undefined {
    if (!this.#canWrite()) return 'the database can not be written'
    return this.#queue.moves ? undefined : 'the queue does not move'
  }

  #canWrite(): boolean {
    if (performance.now() - this.#wrote < TRUST_MS) return true
    try {
      // A whole transaction with its sync, which changes nothing that anybody reads.
      this.#db.$client.exec('BEGIN IMMEDIATE; PRAGMA user_version = 0; COMMIT')
      this.#wrote = performance.now()
      return true
    } catch (error) {
      if (this.#db.$client.inTransaction) this.#db.$client.exec('ROLLBACK')
      log('error', 'health.not_written', { error })
      return false
    }
  }
}
