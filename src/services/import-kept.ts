import type { JobRow } from '../db/schema.ts'
import { newId } from '../ids.ts'
import type { Context, Member } from './context.ts'
import { startImport } from './imports.ts'
import { getJob, refuseGoneFile, wrongState } from './jobs.ts'
import { refuseFullQueue } from './queue-depth.ts'
import { copyUpload } from './receive-upload.ts'

type Options = {
  id: string
  /** The fields of `readingFields`, as a form sends them; what is not there is as it was. */
  reading: Record<string, string>
  /** Under one key it is one job. */
  key: string
}

/**
 * The file of an import that has been completed is imported once more, read in another way, as a job of its own; what was
 * imported stays. Throws `Refusal`: as `startImport`, and 409 for an import that is not over, 410 when its file is gone.
 */
export async function importKept(context: Context, member: Member, { id, reading, key }: Options): Promise<JobRow> {
  const job = getJob(context, member, id)
  if (job.input.kind !== 'import' || job.status !== 'completed') throw wrongState(job, 'retry')
  await refuseGoneFile(context, job)
  refuseFullQueue(context, member)
  const { data } = context.config
  const jobId = newId()
  const folder = data.upload(jobId)
  const file = {
    path: await copyUpload(data.upload(id), folder),
    name: job.fileName ?? '',
    size: job.fileSize ?? 0,
    sha256: job.fileSha256 ?? '',
  }
  const checkOnly = job.input.dryRun ? { dry_run: 'yes' } : {}
  const fields = new Map(Object.entries({ ...reading, ...checkOnly, settings_of: id, idempotency_key: key }))
  return await startImport(context, member, { templateId: job.templateId, jobId, upload: { folder, file, fields } })
}
