import type { JobRow } from '../db/schema.ts'
import type { KeptRecord, UndoPlan } from '../tables/undo.ts'
import { askTable } from './ask-table.ts'
import { type Context, type Member, Refusal } from './context.ts'
import { canUndo, getJob } from './jobs.ts'
import { findTemplate } from './templates.ts'

/** What undoing this job would do, with its numbers. Throws `Refusal`: 404 no such job, 409 there is nothing to undo. */
export async function planUndo(context: Context, member: Member, id: string): Promise<{ job: JobRow; plan: UndoPlan }> {
  const job = getJob(context, member, id)
  const { shape } = findTemplate(context, member, job.templateId)
  const table = context.config.data.table(job.templateId)
  const plan = canUndo(job) ? await askTable(context, { kind: 'undo.plan', table, shape, jobId: id }) : null
  if (plan === null) {
    throw new Refusal(409, { code: 'wrong_state', message: `There is nothing to undo of this ${job.kind}.` })
  }
  return { job, plan }
}

/** The records that an undo left as they are and why, a page at a time; `next` is the `after` of the next page. */
export async function listKeptByUndo(
  context: Context,
  member: Member,
  { id, after, limit }: { id: string; after: number; limit: number },
): Promise<{ job: JobRow; items: KeptRecord[]; next: number | null }> {
  const job = getJob(context, member, id)
  const table = context.config.data.table(job.templateId)
  const found = await askTable(context, { kind: 'undo.kept', table, jobId: id, limit: limit + 1, after })
  const items = found.slice(0, limit)
  return { job, items, next: found.length > limit ? (items.at(-1)?.recordId ?? null) : null }
}
