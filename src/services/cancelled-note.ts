import { findJobById } from '../db/jobs.ts'
import { findTemplateRow } from '../db/templates.ts'
import type { Context } from './context.ts'
import { cancelledSentence } from './job-sentence.ts'

/** What a job that is being cancelled will say of itself: where it was, and what is left as it was. */
export function cancelledNote({ db }: Pick<Context, 'db'>, jobId: string): string | undefined {
  const job = findJobById(db, jobId)
  if (job === undefined) return undefined
  const template = findTemplateRow(db, { id: job.templateId, teamId: job.teamId })
  return cancelledSentence(job, template?.records ?? 0)
}
