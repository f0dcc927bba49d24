import { existsSync } from 'node:fs'
import type { FileToSend } from '../web/send-file.ts'
import { type Context, type Member, Refusal } from './context.ts'
import { getJob } from './jobs.ts'

/** The finished file of an export. Throws `Refusal`: 404 no such job or no export, 409 not ready, 410 expired. */
export function findExportFile(context: Context, member: Member, id: string): FileToSend {
  const job = getJob(context, member, id)
  if (job.input.kind !== 'export') {
    throw new Refusal(404, { code: 'no_export', message: 'This job is no export, so it has no file to download.' })
  }
  if (job.status !== 'completed') {
    throw new Refusal(409, { code: 'not_ready', message: `This export is ${job.status}, so there is no file yet.` })
  }
  const path = context.config.data.exported(id, job.input.format)
  if (!existsSync(path)) {
    throw new Refusal(410, {
      code: 'expired',
      message: 'The file of this export is no longer kept.',
      hint: 'Export again to get the data as it is now.',
    })
  }
  return { path, name: job.fileName ?? `export.${job.input.format}`, temporary: false }
}
