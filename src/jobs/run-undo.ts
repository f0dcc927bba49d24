import { findJobById } from '../db/jobs.ts'
import type { JobEnd, JobRun } from './handlers.ts'

export async function runUndoJob({ context, pool, job, shape, actor, steering }: JobRun): Promise<JobEnd> {
  const { input } = job
  if (input.kind !== 'undo') throw new Error(`job ${job.id} is no undo but ${input.kind}`)
  const undone = findJobById(context.db, input.undoOf)
  if (undone === undefined) throw new Error(`job ${job.id} undoes ${input.undoOf}, which does not exist`)
  return pool.run(
    {
      kind: 'undo',
      jobId: job.id,
      undoOf: input.undoOf,
      shape,
      actor,
      paths: { table: context.config.data.table(shape.id) },
    },
    steering,
  )
}
