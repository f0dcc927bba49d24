import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { findJobById } from '../db/jobs.ts'
import { deleteJobsEndedBefore, insertSweep, listEndedWithFile, listOpenImports, setFileGone } from '../db/old-jobs.ts'
import { syncCommitted } from '../db/open.ts'
import { setJobFinished } from '../db/running-jobs.ts'
import type { JobRow, Swept } from '../db/schema.ts'
import { log } from '../log.ts'
import type { Context } from './context.ts'
import { forgetHistories } from './forget-histories.ts'

const HOUR_MS = 3_600_000
const FOLDERS = ['uploads', 'staging', 'exports'] as const

const NOTHING: Swept = { uploads: 0, staging: 0, exports: 0, orphans: 0, missing: 0, jobs: 0, entries: 0 }

type Sweep = { graceMs: number; now?: number }

/** Removes what nobody needs any more, now and every hour. Answers how to stop it. */
export function startSweeping(context: Context): () => void {
  // Before the first request is served, no upload can be on its way: what has no job was interrupted.
  sweep(context, { graceMs: 0 })
  void forgetOldHistory(context)
  const timer = setInterval(() => sweepAgain(context), HOUR_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** A file that can't be removed now is no reason to end the server; the next sweep finds it again. */
function sweepAgain(context: Context): void {
  try {
    sweep(context, { graceMs: HOUR_MS })
  } catch (error) {
    log('error', 'files.not_removed', { error })
  }
  void forgetOldHistory(context)
}

/**
 * Removes the files of jobs that have expired, those that belong to no job once they are older than `graceMs` (an upload
 * that comes in right now has no job yet), and jobs that are over for longer than history is kept. Jobs whose file is not
 * there are marked so. Answers the files that were removed, as paths below the data folder.
 */
export function sweep(context: Context, { graceMs, now = Date.now() }: Sweep): string[] {
  const at = new Date(now).toISOString()
  const swept = { ...NOTHING }
  syncCommitted(context.db)
  const removed = FOLDERS.flatMap((folder) => removeFiles(context, swept, { folder, graceMs, now }))
  swept.missing = markMissing(context, now)
  swept.jobs = deleteJobsEndedBefore(context.db, new Date(now - context.config.keepHistoryMs).toISOString())
  tell(context, { at, swept, files: removed })
  return removed
}

/** Lets go of what records were before changes that are older than history is kept. Never fails. */
export async function forgetOldHistory(context: Context, now = Date.now()): Promise<void> {
  const before = new Date(now - context.config.keepHistoryMs).toISOString()
  try {
    const entries = await forgetHistories(context, before)
    tell(context, { at: new Date(now).toISOString(), swept: { ...NOTHING, entries }, files: [] })
  } catch (error) {
    log('error', 'history.not_forgotten', { error })
  }
}

/** In the log with the names, and on the settings page with the numbers. */
function tell({ db }: Context, { at, swept, files }: { at: string; swept: Swept; files: string[] }): void {
  if (Object.values(swept).every((n) => n === 0)) return
  log('info', 'files.removed', { ...swept, files })
  insertSweep(db, { at, removed: swept })
}

function removeFiles(
  context: Context,
  swept: Swept,
  { folder, graceMs, now }: Required<Sweep> & { folder: (typeof FOLDERS)[number] },
): string[] {
  const removed: string[] = []
  for (const name of readdirSync(path.join(context.config.data.root, folder))) {
    const file = path.join(context.config.data.root, folder, name)
    const job = findJobById(context.db, jobOf(name))
    const over = job === undefined ? graceMs === 0 || now - lastWritten(file) >= graceMs : hasExpired(job, now)
    if (!over) continue
    rmSync(file, { recursive: true, force: true })
    removed.push(path.join(folder, name))
    swept[job === undefined ? 'orphans' : folder] += 1
    if (job !== undefined && folder !== 'staging') noteGone(context, job, new Date(now).toISOString())
  }
  return removed
}

function hasExpired({ expiresAt }: JobRow, now: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= now
}

export function noteGone(context: Context, job: JobRow, at: string): void {
  setFileGone(context.db, job.id, at)
  changed(context, job)
}

/** Somebody may look at the job's page right now. */
function changed({ events }: Context, { id, templateId, teamId }: JobRow): void {
  events.emit('job.changed', { jobId: id, templateId, teamId })
}

/** Jobs whose file was taken away by somebody else: those that are over say so, and those that need it have failed. */
function markMissing(context: Context, now: number): number {
  const { db, config } = context
  const at = new Date(now).toISOString()
  const gone = listEndedWithFile(db).filter((job) => !existsSync(fileOf(config.data, job)))
  const stuck = listOpenImports(db).filter(
    ({ id }) => !existsSync(config.data.upload(id)) && !existsSync(config.data.staging(id)),
  )
  db.transaction(() => {
    for (const { id, elapsedMs } of stuck) {
      setJobFinished(db, id, { status: 'failed', error: FILE_MISSING, elapsedMs, expiresAt: null })
    }
    for (const { id } of [...gone, ...stuck]) setFileGone(db, id, at)
  })
  for (const job of [...gone, ...stuck]) changed(context, job)
  return stuck.length + gone.filter((job) => shouldHaveFile(job, now)).length
}

/** One whose time is over, or that wrote no file, has none by right. */
function shouldHaveFile(job: JobRow, now: number): boolean {
  return !hasExpired(job, now) && (job.kind === 'import' || job.status === 'completed')
}

const FILE_MISSING = {
  code: 'file_missing',
  message: 'The uploaded file is not in the data folder any more.',
  hint: 'Upload the file again.',
}

function fileOf(data: Context['config']['data'], { id, input }: JobRow): string {
  return input.kind === 'export' ? data.exported(id, input.format) : data.upload(id)
}

/** A file grows without its folder knowing it, so an upload that takes hours is as young as what came last. */
function lastWritten(file: string): number {
  // What is gone by now was just removed by whoever it belonged to.
  const times = [file, path.join(file, 'original')].map((each) => statSync(each, { throwIfNoEntry: false })?.mtimeMs)
  return Math.max(...times.map((time) => time ?? 0))
}

/** Every file is named for its job, whatever its ending. */
function jobOf(name: string): string {
  return name.split('.')[0] ?? name
}
