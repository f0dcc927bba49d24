import { findApplyingJob } from '../db/jobs.ts'
import { type Context, Refusal } from './context.ts'

/** So many rows hold a table for longer than a change by hand waits for its lock. */
const LARGE = 50_000

/**
 * A change by hand waits a moment for the table. While a large import is being applied that would be in vain and hold up
 * others, so it is refused at once, with a 409 that says for what it would have to wait.
 */
export function refuseWhileApplied({ db }: Context, templateId: string): void {
  const job = findApplyingJob(db, templateId)
  if (job === undefined || (job.rowsTotal ?? 0) < LARGE) return
  const done = job.percent === null ? '' : `, ${job.percent} % done`
  throw new Refusal(409, {
    code: 'table_busy',
    message: `${job.fileName ?? 'An import'} is being applied to this table${done}, so this was not saved.`,
    hint: 'Try again when it has ended.',
    link: `/templates/${templateId}/jobs/${job.id}`,
  })
}
