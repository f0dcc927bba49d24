import type { TemplateShape } from '../columns/column.ts'
import { findJob } from '../db/jobs.ts'
import type { JobInput } from '../db/schema.ts'
import type { Context, Member } from './context.ts'

/** How an earlier import was done, for one that is to be done like it: not whether it was only a check or forced. */
export type ImportSettings = Pick<Extract<JobInput, { kind: 'import' }>, 'mode' | 'onProblems' | 'reading'> & {
  jobId: string
  fileName: string
}

/** The settings of an import into this template; `undefined` when there is none such, or it is no longer kept. */
export function findImportSettings(
  { db }: Context,
  { team }: Member,
  { id, shape }: { id: string; shape: TemplateShape },
): ImportSettings | undefined {
  const job = findJob(db, team.id, id)
  if (job === undefined || job.input.kind !== 'import' || job.templateId !== shape.id) return undefined
  const { mode, onProblems, reading } = job.input
  // A column that has left the template can't be filled any more.
  const stands = ([, columnId]: [string, string | null]) =>
    columnId === null || shape.columns.some((column) => column.id === columnId)
  const mapping = Object.fromEntries(Object.entries(reading.mapping).filter(stands))
  return {
    jobId: id,
    fileName: job.fileName ?? 'an earlier import',
    mode,
    onProblems,
    reading: { ...reading, mapping },
  }
}
