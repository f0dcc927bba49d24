import { createHash } from 'node:crypto'
import { findJobByKey } from '../db/jobs.ts'
import type { JobRow } from '../db/schema.ts'
import { type Context, type Member, Refusal } from './context.ts'

/** What a job row keeps of the key under which it was asked for, and of what was asked. */
export type Sent = { idempotencyKey: string | null; idempotencyHash: string | null }

const LONGEST_KEY = 100

/** `wish` is all that was asked, with the template: under one key it is one job. Throws a 422 for a key that is too long. */
export function sentAs(key: string | undefined, wish: object): Sent {
  if (key === undefined || key === '') return { idempotencyKey: null, idempotencyHash: null }
  if (key.length > LONGEST_KEY) {
    const message = `Idempotency-Key must have at most ${LONGEST_KEY} characters.`
    throw new Refusal(422, { code: 'invalid', message, fields: [{ path: 'idempotency_key', message }] })
  }
  return { idempotencyKey: key, idempotencyHash: createHash('sha256').update(JSON.stringify(wish)).digest('hex') }
}

/**
 * The job that this very request made before: its answer was lost, somebody clicked twice or went back. Throws `Refusal`
 * 422 when the key was used for something else. Whoever finds none writes the job without waiting for anything between.
 */
export function findSent(context: Context, member: Member, sent: Sent): JobRow | undefined {
  if (sent.idempotencyKey === null) return undefined
  const earlier = findJobByKey(context.db, member.team.id, sent.idempotencyKey)
  if (earlier === undefined || earlier.idempotencyHash === sent.idempotencyHash) return earlier
  throw new Refusal(422, {
    code: 'key_reused',
    message: 'This was sent before with another file or other choices, so it was not taken a second time.',
    hint: 'Choose the file again and send it. Programs use a new Idempotency-Key for each new wish.',
  })
}
