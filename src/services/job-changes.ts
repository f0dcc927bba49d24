import { existsSync } from 'node:fs'
import type { Value, Values } from '../columns/column.ts'
import type { JobRow } from '../db/schema.ts'
import { CHANGE_KINDS, type ChangeKind, type RecordDiff } from '../tables/job-changes.ts'
import { askTable } from './ask-table.ts'
import { type Context, type Member, Refusal } from './context.ts'
import { getJob } from './jobs.ts'
import { findTemplate, type TemplateView } from './templates.ts'

export { CHANGE_KINDS } from '../tables/job-changes.ts'

export type JobChanges = {
  job: JobRow
  template: TemplateView
  kind: ChangeKind
  items: RecordDiff[]
  /** The `after` of the next page. */
  next: number | null
  /** The import is in review and has changed nothing yet. */
  planned: boolean
  /** False when somebody changed the table since it was compared for the plan. */
  current: boolean
}

/** A change as the API says it: values by the names of columns. */
export type ChangeObject = {
  change: ChangeKind
  record: number | null
  row: number | null
  sheet: string | null
  values: Record<string, { before: Value; after: Value }>
}

type Asked = { id: string; kind?: ChangeKind | undefined; after: number; limit: number }

/**
 * A page of what a job did to the records, or would do when it is an import in review; without a kind, of the first kind
 * that there is. Throws `Refusal`: 404 no such job, 409 it changes no records or nobody knows yet which.
 */
export async function listJobChanges(context: Context, member: Member, asked: Asked): Promise<JobChanges> {
  const job = getJob(context, member, asked.id)
  const template = findTemplate(context, member, job.templateId)
  const kind = asked.kind ?? CHANGE_KINDS.find((each) => job[each] > 0) ?? 'created'
  const found = await findChanges(context, {
    job,
    template,
    page: { kind, after: asked.after, limit: asked.limit + 1 },
  })
  const items = found.items.slice(0, asked.limit)
  const next = found.items.length > asked.limit ? (items.at(-1)?.at ?? null) : null
  return { ...found, job, template, kind, items, next }
}

/** Where a list of changes goes on. */
export type ChangePosition = { kind: ChangeKind; after: number }

/** A page as the API says it: of one kind, or of one kind after the other. */
export async function listChangeObjects(
  context: Context,
  member: Member,
  {
    id,
    kind: only,
    from,
    limit,
  }: { id: string; kind?: ChangeKind | undefined; from?: ChangePosition | undefined; limit: number },
): Promise<{ items: ChangeObject[]; next: ChangePosition | null }> {
  const page = { id, kind: from?.kind ?? only, after: from?.after ?? 0, limit }
  const { job, template, kind, items, next: after } = await listJobChanges(context, member, page)
  const further = CHANGE_KINDS.slice(CHANGE_KINDS.indexOf(kind) + 1).find((each) => job[each] > 0)
  const nextKind = only === undefined && further !== undefined ? { kind: further, after: 0 } : null
  return {
    items: items.map((diff) => toChangeObject(diff, template, kind)),
    next: after === null ? nextKind : { kind, after },
  }
}

/** Whether the job wrote records, and its changes can be listed and downloaded. */
export function hasChanges(job: JobRow): boolean {
  const dryRun = job.input.kind === 'import' && job.input.dryRun
  return job.kind !== 'export' && job.status === 'completed' && !dryRun && job.created + job.updated + job.deleted > 0
}

type Found = Pick<JobChanges, 'items' | 'planned' | 'current'>
type Page = { kind: ChangeKind; after: number; limit: number }

async function findChanges(
  context: Context,
  { job, template, page }: { job: JobRow; template: TemplateView; page: Page },
): Promise<Found> {
  const { data } = context.config
  const { shape } = template
  const table = data.table(job.templateId)
  if (hasChanges(job)) {
    const none = job[page.kind] === 0
    const items = none ? [] : await askTable(context, { kind: 'changes.list', table, shape, jobId: job.id, page })
    return { items, planned: false, current: true }
  }
  const staging = data.staging(job.id)
  if (job.status !== 'review' || !existsSync(staging)) throw noChanges(job)
  const plan = await askTable(context, { kind: 'changes.plan', paths: { table, staging }, shape, page })
  return { ...plan, planned: true }
}

function noChanges(job: JobRow): Refusal {
  const waits = job.kind !== 'export' && (job.status === 'pending' || job.status === 'processing')
  return new Refusal(409, {
    code: 'wrong_state',
    message: waits
      ? `This ${job.kind} is ${job.status}, so nobody knows yet what it changes.`
      : `This ${job.kind} changed no records.`,
  })
}

function toChangeObject(
  { recordId, row, sheet, before, after }: RecordDiff,
  { columns }: TemplateView,
  change: ChangeKind,
) {
  const valuesOf = (side: Values | null, id: string): Value => side?.[id] ?? null
  const values = columns.map(({ id, name }) => [name, { before: valuesOf(before, id), after: valuesOf(after, id) }])
  return { change, record: recordId, row, sheet, values: Object.fromEntries(values) }
}
