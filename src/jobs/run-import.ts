import path from 'node:path'
import { findImportedBefore } from '../db/jobs.ts'
import type { JobEnd, JobRun } from './handlers.ts'
import { sameFileNote } from './same-file-note.ts'

export async function runImportJob({ context, pool, job, shape, actor, steering }: JobRun): Promise<JobEnd> {
  const { input } = job
  if (input.kind !== 'import') throw new Error(`job ${job.id} is no import but ${input.kind}`)
  const { data } = context.config
  const outcome = await pool.run(
    {
      kind: 'import',
      jobId: job.id,
      file: {
        path: path.join(data.upload(job.id), 'original'),
        name: job.fileName ?? '',
        sha256: job.fileSha256 ?? '',
      },
      shape,
      mode: input.mode,
      onProblems: input.onProblems,
      reading: input.reading,
      dryRun: input.dryRun,
      force: input.force,
      importedBefore: findImportedBefore(context.db, job) !== undefined,
      approved: job.approved,
      actor,
      paths: { staging: data.staging(job.id), table: data.table(shape.id) },
    },
    steering,
  )
  if (outcome.status === 'failed') return outcome
  // While the file can be read in two ways, nobody knows what is new in it.
  if (outcome.status === 'review' && outcome.reason === 'questions') return outcome
  const { counts } = outcome
  const keyed = input.mode !== 'add' && shape.columns.some(({ key }) => key)
  if (outcome.status === 'review') return { ...outcome, note: sameFileNote(context, job, { counts, keyed }) }
  const changed = outcome.applied && counts.created + counts.updated + counts.deleted > 0
  const note = changed ? undefined : sameFileNote(context, job, { counts, keyed })
  // After a crash the last rows may never have been reported.
  return { ...outcome, rows: counts.read, note }
}
