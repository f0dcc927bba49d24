import type { JobRow } from '../db/schema.ts'
import type { KeptSince } from '../tables/kept-records.ts'
import type { UndoPlan } from '../tables/undo-plan.ts'
import { askTable } from './ask-table.ts'
import { type Context, type Member, Refusal } from './context.ts'
import { canUndo, getJob } from './jobs.ts'
import { findTemplate } from './templates.ts'

/** A page of records that stay: `after` is the last id of the page before, `next` the `after` of the next page. */
type Page = { id: string; after: number; limit: number }

/**
 * What undoing this job would do, with its numbers and the records that would stay. Throws `Refusal`: 404 no such job,
 * 409 there is nothing to undo.
 */
export async function planUndo(
  context: Context,
  member: Member,
  { id, after, limit }: Page,
): Promise<{ job: JobRow; plan: UndoPlan; next: number | null }> {
  const job = getJob(context, member, id)
  const asked = { ...tableOf(context, member, job), jobId: id, limit: limit + 1, after }
  const found = canUndo(job) ? await askTable(context, { kind: 'undo.plan', ...asked }) : null
  if (found === null) {
    throw new Refusal(409, {
      code: 'wrong_state',
      message: `There is nothing to undo of this ${job.kind}: it changed nothing, was undone already, or is so old that what was before is no longer kept.`,
    })
  }
  const { items, next } = pageOf(found.kept, limit)
  return { job, plan: { ...found, kept: items }, next }
}

/** The records that an undo left as they are, why, and what had happened to them. */
export async function listKeptByUndo(
  context: Context,
  member: Member,
  { id, after, limit }: Page,
): Promise<{ job: JobRow; items: KeptSince[]; next: number | null }> {
  const job = getJob(context, member, id)
  const asked = { ...tableOf(context, member, job), jobId: id, limit: limit + 1, after }
  return { job, ...pageOf(await askTable(context, { kind: 'undo.kept', ...asked }), limit) }
}

function tableOf(context: Context, member: Member, { templateId }: JobRow) {
  const { shape } = findTemplate(context, member, templateId)
  return { table: context.config.data.table(templateId), shape }
}

function pageOf(found: KeptSince[], limit: number): { items: KeptSince[]; next: number | null } {
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? (items.at(-1)?.recordId ?? null) : null }
}
