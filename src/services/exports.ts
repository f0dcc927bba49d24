import path from 'node:path'
import { z } from 'zod'
import { hasTableChangedSince, insertJob } from '../db/jobs.ts'
import type { JobInput, JobRow } from '../db/schema.ts'
import { tellJobEnqueued } from '../events.ts'
import { newId } from '../ids.ts'
import { EXPORT_CONTENTS, EXPORT_DELIMITERS, EXPORT_FORMATS } from '../states.ts'
import { type Context, type Member, Refusal } from './context.ts'
import { findSent, sentAs } from './idempotency.ts'
import { hasChanges } from './job-changes.ts'
import { getJob } from './jobs.ts'
import { refuseFullQueue } from './queue-depth.ts'
import { refuseInvalid } from './refuse-invalid.ts'
import { named } from './template-columns.ts'
import { findTemplate, type TemplateView } from './templates.ts'

const SAME_WISH_MS = 60_000

const exportInput = z
  .object({
    format: z.enum(EXPORT_FORMATS).default('xlsx'),
    content: z.enum(EXPORT_CONTENTS).default('data'),
    /** Of a CSV. */
    delimiter: z.enum(EXPORT_DELIMITERS).default('comma'),
    /** Wanted texts by column name or id. What is not understood must not pass for "everything". */
    filter: z
      .strictObject(
        { q: z.string().default(''), columns: z.record(z.string(), z.string()).default({}) },
        { error: 'must be like {"q": "text in any column", "columns": {"Column name": "text"}}' },
      )
      .nullish(),
    /** The import or undo whose `changes` are wanted. */
    job: z.string().optional(),
    idempotency_key: z.string().optional(),
  })
  .refine(({ content, job }) => content !== 'changes' || job !== undefined, {
    path: ['job'],
    error: 'must name the import or undo whose changes are wanted',
  })

/**
 * Enqueues an export. Under the same `key` it is the same job, always; a form that is sent twice answers the first job
 * as long as that can be meant. Throws `Refusal`: 404 no such template, 409 a template without columns or
 * a job without changes, 422 fields.
 */
export function startExport(
  context: Context,
  member: Member,
  { templateId, input, key }: { templateId: string; input: unknown; key?: string | undefined },
): JobRow {
  const template = findTemplate(context, member, templateId)
  const asked = refuseInvalid(exportInput, input)
  const { format, content, filter, job: ofJob, idempotency_key: formKey } = asked
  if (template.shape.columns.length === 0) {
    throw new Refusal(409, {
      code: 'no_columns',
      message: 'The template has no columns yet, so there is nothing to export.',
      hint: 'Add columns to the template first.',
    })
  }
  const changed = content === 'changes' ? findChangedBy(context, member, { templateId, id: ofJob ?? '' }) : undefined
  const wish: JobInput = {
    kind: 'export',
    format,
    content,
    filter: filter ? { q: filter.q, columns: byId(template, filter.columns) } : null,
    ...(changed && { changesOf: changed.id }),
    ...(format === 'csv' && asked.delimiter !== 'comma' && { delimiter: asked.delimiter }),
  }
  const sent = sentAs(key ?? formKey, { export: templateId, ...wish })
  const earlier = findSent(context, member, sent)
  if (earlier !== undefined && (key !== undefined || isStillMeant(context, earlier))) return earlier
  refuseFullQueue(context, member)
  const job = insertJob(context.db, {
    id: newId(),
    teamId: member.team.id,
    templateId,
    createdBy: member.user.id,
    kind: 'export',
    input: wish,
    fileName: exportName(changed === undefined ? template.name : baseName(changed), { content, format }),
    ...(earlier === undefined && sent),
  })
  tellJobEnqueued(context.events, job)
  return job
}

function byId(template: TemplateView, wanted: Record<string, string>): Record<string, string> {
  const entries = Object.entries(wanted).map(([name, text]) => [
    named(template.columns, name, `filter.columns.${name}`).id,
    text,
  ])
  return Object.fromEntries(entries)
}

/** The job whose changes are wanted; one of another template is none of this template's. */
function findChangedBy(
  context: Context,
  member: Member,
  { templateId, id }: { templateId: string; id: string },
): JobRow {
  const job = getJob(context, member, id)
  if (job.templateId === templateId && hasChanges(job)) return job
  throw new Refusal(409, { code: 'no_changes', message: 'This job changed no records of this template.' })
}

/** The name of the file that was imported, without what says its format. */
function baseName({ fileName }: JobRow): string {
  return path.parse(fileName ?? 'import').name
}

/**
 * A form that is sent again means the same export for a while: somebody clicked twice, or the answer was lost. Later, or
 * when the table has changed since, it means the data as it is now.
 */
function isStillMeant({ db }: Context, earlier: JobRow): boolean {
  if (earlier.finishedAt === null) return true
  return Date.now() - Date.parse(earlier.finishedAt) < SAME_WISH_MS && !hasTableChangedSince(db, earlier)
}

/** The template's name as a file name that every system takes, then what is in it: "Inventory_data.xlsx". */
function exportName(templateName: string, { content, format }: { content: string; format: string }): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  const safe = templateName.replace(/[\u0000-\u001f\u007f<>:"/\\|?*]/g, '_').replace(/^\.+|[. ]+$/g, '')
  return `${safe === '' ? 'table' : safe.slice(0, 120)}_${content}.${format}`
}
