import { rm } from 'node:fs/promises'
import type { JobRow } from '../db/schema.ts'
import type { Context } from '../services/context.ts'
import type { JobEnd } from './handlers.ts'

/** Removes what a job whose process died leaves behind, but for refused rows, which a person may want to repair. */
export async function removeLeftovers({ config }: Context, job: JobRow, end: JobEnd | 'cancelled'): Promise<void> {
  for (const file of leftovers(config.data, job, end)) await rm(file, { force: true })
}

function leftovers(data: Context['config']['data'], job: JobRow, end: JobEnd | 'cancelled'): string[] {
  const completed = end !== 'cancelled' && end.status === 'completed'
  if (job.input.kind === 'export' && !completed) {
    const out = data.exported(job.id, job.input.format)
    return [out, `${out}.part`]
  }
  const refused = completed && end.counts.problems > 0
  const staging = data.staging(job.id)
  return job.input.kind === 'import' && !refused ? [staging, `${staging}-journal`] : []
}
