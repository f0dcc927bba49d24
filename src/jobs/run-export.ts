import { NO_COUNTS } from '../tables/progress.ts'
import type { JobEnd, JobRun } from './handlers.ts'

export async function runExportJob({ context, pool, job, shape, steering }: JobRun): Promise<JobEnd> {
  const { input } = job
  if (input.kind !== 'export') throw new Error(`job ${job.id} is no export but ${input.kind}`)
  const { data } = context.config
  const outcome = await pool.run(
    {
      kind: 'export',
      jobId: job.id,
      shape,
      format: input.format,
      content: input.content,
      filter: input.filter,
      changesOf: input.changesOf,
      delimiter: input.delimiter,
      paths: { table: data.table(shape.id), out: data.exported(job.id, input.format) },
    },
    steering,
  )
  return outcome.status === 'failed' ? outcome : { ...outcome, counts: NO_COUNTS }
}
