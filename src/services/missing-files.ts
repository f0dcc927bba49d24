import { existsSync } from 'node:fs'
import { findJobById } from '../db/jobs.ts'
import { listIdsEndedWithFile, listOpenImports, setFileGone } from '../db/old-jobs.ts'
import { setJobFinished } from '../db/running-jobs.ts'
import type { JobRow } from '../db/schema.ts'
import { tellJobChanged } from '../events.ts'
import type { Context } from './context.ts'
import { inSlices } from './slices.ts'

/** Imports that need their file, which somebody else took away, have failed. Answers how many. */
export function failWithoutFile(context: Context, at: string): number {
  const { config, db } = context
  const stuck = listOpenImports(db).filter(
    ({ id }) => !existsSync(config.data.upload(id)) && !existsSync(config.data.staging(id)),
  )
  db.transaction(() => {
    for (const { id, elapsedMs } of stuck) {
      setJobFinished(db, id, { status: 'failed', error: FILE_MISSING, elapsedMs, expiresAt: null })
      setFileGone(db, id, at)
    }
  })
  for (const job of stuck) tellJobChanged(context.events, job)
  return stuck.length
}

const FILE_MISSING = {
  code: 'file_missing',
  message: 'The uploaded file is not in the data folder any more.',
  hint: 'Upload the file again.',
}

/** Jobs that are over and whose file somebody else took away say so. Answers how many should have had one. */
export async function noteMissing(
  context: Context,
  { now, signal }: { now: number; signal: AbortSignal | undefined },
): Promise<number> {
  const { config, db } = context
  let missing = 0
  for await (const ids of inSlices(listIdsEndedWithFile(db), signal)) {
    const jobs = ids.map((id) => findJobById(db, id)).filter((job) => job !== undefined)
    const gone = jobs.filter((job) => saysItHasFile(job) && !existsSync(fileOf(config.data, job)))
    noteGone(context, gone, new Date(now).toISOString())
    missing += gone.filter((job) => shouldHaveFile(job, now)).length
  }
  return missing
}

/** Since they were listed one may have been tried again, or its file deleted. */
function saysItHasFile({ finishedAt, fileGoneAt }: JobRow): boolean {
  return finishedAt !== null && fileGoneAt === null
}

/** One whose time is over, or that wrote no file, has none by right. */
function shouldHaveFile(job: JobRow, now: number): boolean {
  return !hasExpired(job, now) && (job.kind === 'import' || job.status === 'completed')
}

export function hasExpired({ expiresAt }: JobRow, now: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= now
}

function fileOf(data: Context['config']['data'], { id, input }: JobRow): string {
  return input.kind === 'export' ? data.exported(id, input.format) : data.upload(id)
}

/** The files of these jobs are gone, and their pages say so. */
export function noteGone(context: Context, jobs: JobRow[], at: string): void {
  if (jobs.length === 0) return
  const { db } = context
  db.transaction(() => {
    for (const { id } of jobs) setFileGone(db, id, at)
  })
  // Somebody may look at the page of one right now.
  for (const job of jobs) tellJobChanged(context.events, job)
}
