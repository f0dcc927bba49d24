import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { findJobByKey, insertJob } from '../db/jobs.ts'
import type { JobInput, JobRow } from '../db/schema.ts'
import { newId } from '../ids.ts'
import { EXPORT_CONTENTS, EXPORT_FORMATS } from '../states.ts'
import { type Context, type Member, Refusal } from './context.ts'
import { refuseInvalid } from './refuse-invalid.ts'
import { findTemplate } from './templates.ts'

const exportInput = z.object({
  format: z.enum(EXPORT_FORMATS).default('xlsx'),
  content: z.enum(EXPORT_CONTENTS).default('data'),
  filter: z.object({ q: z.string().default(''), columns: z.record(z.string(), z.string()).default({}) }).nullish(),
  idempotency_key: z.string().max(100).optional(),
})

/**
 * Enqueues an export. Sending the same form twice answers the first job as long as that is not finished; after that it
 * means the data as it is now. Throws `Refusal`: 404 no such template, 409 a template without columns, 422 fields.
 */
export function startExport(
  context: Context,
  member: Member,
  { templateId, input }: { templateId: string; input: unknown },
): JobRow {
  const template = findTemplate(context, member, templateId)
  const { format, content, filter, idempotency_key: key } = refuseInvalid(exportInput, input)
  if (template.shape.columns.length === 0) {
    throw new Refusal(409, {
      code: 'no_columns',
      message: 'The template has no columns yet, so there is nothing to export.',
      hint: 'Add columns to the template first.',
    })
  }
  const wish: JobInput = { kind: 'export', format, content, filter: filter ?? null }
  const earlier = key === undefined ? undefined : findJobByKey(context.db, member.team.id, key)
  if (earlier !== undefined) refuseOtherWish(earlier, { templateId, wish })
  if (earlier !== undefined && earlier.finishedAt === null) return earlier
  const job = insertJob(context.db, {
    id: newId(),
    teamId: member.team.id,
    templateId,
    createdBy: member.user.id,
    kind: 'export',
    input: wish,
    fileName: exportName(template.name, { content, format }),
    idempotencyKey: earlier === undefined ? (key ?? null) : null,
  })
  const event = { jobId: job.id, templateId, teamId: member.team.id }
  context.events.emit('job.enqueued', event)
  context.events.emit('job.changed', event)
  return job
}

function refuseOtherWish(earlier: JobRow, { templateId, wish }: { templateId: string; wish: JobInput }): void {
  if (earlier.templateId === templateId && isDeepStrictEqual(earlier.input, wish)) return
  const message = 'This form was already sent with another wish. Load the page again to send one more.'
  throw new Refusal(422, { code: 'key_reused', message })
}

/** The template's name as a file name that every system takes, then what is in it: "Inventory_data.xlsx". */
function exportName(templateName: string, { content, format }: { content: string; format: string }): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  const safe = templateName.replace(/[\u0000-\u001f\u007f<>:"/\\|?*]/g, '_').replace(/^\.+|[. ]+$/g, '')
  return `${safe === '' ? 'table' : safe.slice(0, 120)}_${content}.${format}`
}
