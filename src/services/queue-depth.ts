import { countWaiting } from '../db/job-order.ts'
import { type Context, type Member, Refusal } from './context.ts'

/** So many jobs of a team may wait. Each keeps an upload on the disk, and nobody looks through more of them. */
const MOST_WAITING = 1000
const AGAIN_AFTER_SECONDS = 60

/**
 * Throws a 429 when too many jobs of the team wait already: asked before an upload is received, and again before its job is
 * written, because others may have been faster meanwhile.
 */
export function refuseFullQueue({ db }: Pick<Context, 'db'>, { team }: Pick<Member, 'team'>): void {
  if (countWaiting(db, team.id) < MOST_WAITING) return
  throw new Refusal(429, {
    code: 'queue_full',
    message: `${MOST_WAITING.toLocaleString('en')} jobs of your team are waiting already, so this one was not taken.`,
    hint: 'Try again when some of them are done, or cancel those that nobody needs.',
    link: '/jobs',
    retryAfterSeconds: AGAIN_AFTER_SECONDS,
  })
}
