import { rm } from 'node:fs/promises'
import { z } from 'zod'
import { MODES, POLICIES, type TemplateShape } from '../columns/column.ts'
import { findSameImport, insertJob } from '../db/jobs.ts'
import type { JobInput, JobRow } from '../db/schema.ts'
import { tellJobEnqueued } from '../events.ts'
import { sniffFormat } from '../spreadsheets/sniff.ts'
import { SpreadsheetError } from '../spreadsheets/spreadsheet.ts'
import { AS_FOUND } from '../tables/reading.ts'
import { type Context, type Member, Refusal } from './context.ts'
import { findSent, sentAs } from './idempotency.ts'
import { findImportSettings, type ImportSettings } from './import-settings.ts'
import { refuseFullQueue } from './queue-depth.ts'
import { flag, readingFields, readingFrom } from './reading-input.ts'
import type { Upload } from './receive-upload.ts'
import { refuseInvalid } from './refuse-invalid.ts'
import { rememberHeaders } from './remember-headers.ts'
import { findTemplate } from './templates.ts'

/** The fields beside the file, the same for the form and the API. */
const importFields = readingFields.extend({
  mode: z.enum(MODES).optional(),
  on_problems: z.enum(POLICIES).optional(),
  dry_run: flag.optional(),
  force: flag.optional(),
  /** An earlier import of this template: what is not said here is as it was there. */
  settings_of: z.string().max(100).optional(),
  idempotency_key: z.string().optional(),
})

/**
 * Takes an upload in: the job that will import it, on disk before this returns.
 * Sending the same form twice answers the first job. Throws `Refusal`: 404 no such template, 409 the same file is being
 * imported, 415 not a spreadsheet, 422 fields, 429 too many jobs wait. The upload's folder is removed whenever no job was
 * made of it.
 */
export async function startImport(
  context: Context,
  member: Member,
  { templateId, jobId, upload }: { templateId: string; jobId: string; upload: Upload },
): Promise<JobRow> {
  try {
    const job = await enqueueImport(context, member, { templateId, jobId, upload })
    if (job.id !== jobId) await rm(upload.folder, { recursive: true, force: true })
    return job
  } catch (error) {
    await rm(upload.folder, { recursive: true, force: true })
    throw error
  }
}

async function enqueueImport(
  context: Context,
  member: Member,
  { templateId, jobId, upload }: { templateId: string; jobId: string; upload: Upload },
): Promise<JobRow> {
  const template = findTemplate(context, member, templateId)
  const fields = refuseInvalid(importFields, withoutEmpty(upload.fields))
  const settings =
    fields.settings_of === undefined
      ? undefined
      : settingsOf(context, member, { id: fields.settings_of, shape: template.shape })
  const input: JobInput = {
    kind: 'import',
    mode: fields.mode ?? settings?.mode ?? template.mode,
    onProblems: fields.on_problems ?? settings?.onProblems ?? template.onProblems,
    reading: readingFrom(fields, settings?.reading ?? AS_FOUND, template.shape),
    dryRun: fields.dry_run ?? false,
    force: fields.force ?? false,
  }
  await refuseNoSpreadsheet(upload.file.path)
  // No await from here on: between looking for the same form or file and writing the job nobody else may come in.
  findTemplate(context, member, templateId)
  const { idempotency_key: key, ...asked } = fields
  const sent = sentAs(key, { import: templateId, file: upload.file.sha256, ...asked })
  const earlier = findSent(context, member, sent)
  if (earlier !== undefined) return earlier
  refuseSameFile(context, { templateId, sha256: upload.file.sha256, force: input.force })
  refuseFullQueue(context, member)
  const job = context.db.transaction((tx) => {
    if (fields.remember) rememberHeaders(tx, { templateId, teamId: member.team.id }, input.reading.mapping)
    return insertJob(context.db, {
      id: jobId,
      teamId: member.team.id,
      templateId,
      createdBy: member.user.id,
      kind: 'import',
      input,
      fileName: upload.file.name,
      fileSize: upload.file.size,
      fileSha256: upload.file.sha256,
      ...sent,
    })
  })
  tellJobEnqueued(context.events, job)
  if (fields.remember) context.events.emit('template.changed', { templateId, teamId: member.team.id })
  return job
}

/** An empty field means the same as one that was left out, unless it is about the reading: there it means "to be found". */
function withoutEmpty(fields: Map<string, string>): Record<string, string> {
  const isReading = (name: string) => name in readingFields.shape && name !== 'mapping'
  return Object.fromEntries([...fields].filter(([name, value]) => value !== '' || isReading(name)))
}

function settingsOf(
  context: Context,
  member: Member,
  { id, shape }: { id: string; shape: TemplateShape },
): ImportSettings {
  const settings = findImportSettings(context, member, { id, shape })
  if (settings !== undefined) return settings
  const message = 'The import whose settings were wanted is no longer kept, or is none of this template.'
  const hint = 'Look at the settings and send the file again.'
  throw new Refusal(422, { code: 'no_settings', message, hint, fields: [{ path: 'settings_of', message }] })
}

async function refuseNoSpreadsheet(path: string): Promise<void> {
  try {
    await sniffFormat(path)
  } catch (error) {
    if (!(error instanceof SpreadsheetError)) throw error
    throw new Refusal(415, {
      code: error.code,
      message: error.message,
      hint: error.hint,
      fields: [{ path: 'file', message: error.message }],
    })
  }
}

function refuseSameFile(
  context: Context,
  { templateId, sha256, force }: { templateId: string; sha256: string; force: boolean },
): void {
  const same = force ? undefined : findSameImport(context.db, templateId, sha256)
  if (same === undefined) return
  throw new Refusal(409, {
    code: 'same_file',
    message: `This very file is already being imported, as ${same.fileName}.`,
    hint: 'Follow the import that runs; nothing was started twice.',
    link: `/templates/${templateId}/jobs/${same.id}`,
  })
}
