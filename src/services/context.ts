import type { Config } from '../config.ts'
import type { Db } from '../db/open.ts'
import type { Events } from '../events.ts'
import type { ProcessPool } from '../processes/pool.ts'
import type { TableSizes } from './table-sizes.ts'
import type { Workers } from './workers.ts'

/**
 * What services work with. `desk` answers in another process whatever may take longer than a moment; `workers` knows how
 * the processes that work on jobs are, `sizes` keeps the counts of records in app.db in order.
 */
export type Context = {
  config: Config
  db: Db
  events: Events
  desk: ProcessPool
  workers: Workers
  sizes: TableSizes
}

/** Who asks: a person of a team, by session or by key. */
export type Member = {
  user: { id: string; name: string; email: string }
  team: { id: string; name: string }
}

/**
 * An expected refusal, for people and programs alike. `status` is the HTTP status that both answers carry;
 * `fields` names what to correct in a form.
 */
export class Refusal extends Error {
  readonly status: 400 | 404 | 409 | 410 | 413 | 415 | 422 | 429 | 503 | 507
  readonly code: string
  readonly hint: string
  readonly fields: { path: string; message: string }[]
  /** An own path that shows what stands in the way, if there is one. */
  readonly link: string | undefined
  /** When it makes sense to ask again. */
  readonly retryAfterSeconds: number | undefined
  constructor(
    status: Refusal['status'],
    refusal: {
      code: string
      message: string
      hint?: string
      fields?: { path: string; message: string }[]
      link?: string
      retryAfterSeconds?: number
    },
  ) {
    super(refusal.message)
    this.name = 'Refusal'
    this.status = status
    this.code = refusal.code
    this.hint = refusal.hint ?? ''
    this.fields = refusal.fields ?? []
    this.link = refusal.link
    this.retryAfterSeconds = refusal.retryAfterSeconds
  }
}
