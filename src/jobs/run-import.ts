import path from 'node:path'
import type { JobEnd, JobRun } from './handlers.ts'

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
      approved: job.approved,
      actor,
      paths: { staging: data.staging(job.id), table: data.table(shape.id) },
    },
    steering,
  )
  // After a crash the last rows may never have been reported.
  return outcome.status === 'completed' ? { ...outcome, rows: outcome.counts.read } : outcome
}
