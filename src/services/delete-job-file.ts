import { rm } from 'node:fs/promises'
import { syncCommitted } from '../db/open.ts'
import type { JobRow } from '../db/schema.ts'
import { type Context, type Member, Refusal } from './context.ts'
import { getJob } from './jobs.ts'
import { noteGone } from './missing-files.ts'

/**
 * Deletes the file of a job that is over before its time: an export, or an upload with its refused rows. What the job did
 * to the table stays, and can be undone. Doing it twice is the same as once. Throws `Refusal` 409 while the job needs it.
 */
export async function deleteJobFile(context: Context, member: Member, id: string): Promise<JobRow> {
  const job = getJob(context, member, id)
  if (job.kind === 'undo') {
    throw new Refusal(409, { code: 'no_file', message: 'An undo has no file, so there is nothing to delete.' })
  }
  if (job.finishedAt === null) {
    throw new Refusal(409, {
      code: 'wrong_state',
      message: `This ${job.kind} is ${job.status} and needs its file.`,
      hint: 'Cancel it first.',
    })
  }
  syncCommitted(context.db)
  for (const file of filesOf(context, job)) await rm(file, { recursive: true, force: true })
  if (job.fileGoneAt === null) noteGone(context, [job], new Date().toISOString())
  return getJob(context, member, id)
}

function filesOf({ config: { data } }: Context, { id, input }: JobRow): string[] {
  if (input.kind === 'export') return [data.exported(id, input.format)]
  return [data.upload(id), data.staging(id)]
}
