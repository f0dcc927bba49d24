import { readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { findJobById } from '../db/jobs.ts'
import { deleteJobsEndedBefore, insertSweep, listIdsEndedBefore } from '../db/old-jobs.ts'
import { syncCommitted } from '../db/open.ts'
import type { JobRow, Swept } from '../db/schema.ts'
import { log } from '../log.ts'
import type { Context } from './context.ts'
import { forgetHistories } from './forget-histories.ts'
import { failWithoutFile, hasExpired, noteGone, noteMissing } from './missing-files.ts'
import { noteIfPossible } from './note-if-possible.ts'
import { inSlices } from './slices.ts'
import { listStrayTables } from './stray-tables.ts'

const HOUR_MS = 3_600_000
/** An upload that comes in right now has no job yet, but it is young. */
const GRACE_MS = HOUR_MS
const FOLDERS = ['uploads', 'staging', 'exports'] as const
type Folder = (typeof FOLDERS)[number]

const NOTHING: Required<Swept> = {
  uploads: 0,
  staging: 0,
  exports: 0,
  orphans: 0,
  missing: 0,
  jobs: 0,
  entries: 0,
  failed: 0,
}

/** What a sweep has done so far; `files` as paths below the data folder. */
type Done = { at: string; swept: Required<Swept>; files: string[] }

/**
 * Sees to what has to be over before anything is served or done: while no upload can be on its way, what has no job was
 * interrupted, and a job whose file is gone must say so before its turn comes. The rest can wait for `startSweeping`.
 */
export function clearInterrupted(context: Context): void {
  const done = begin(Date.now())
  try {
    for (const folder of FOLDERS) {
      const orphans = namesIn(context, done, folder).filter((name) => jobOf(context, name) === undefined)
      removeFiles(context, done, { folder, names: orphans })
    }
    done.swept.missing = failWithoutFile(context, done.at)
    tell(context, done)
  } catch (error) {
    log('error', 'files.not_removed', { error })
  }
}

/** Removes what nobody needs any more, now and every hour. Answers how to stop it, which takes until it is between two slices. */
export function startSweeping(context: Context): () => Promise<void> {
  const stopping = new AbortController()
  let running = Promise.resolve()
  const sweepNext = () => {
    running = running.then(() => sweepOrLog(context, stopping.signal))
  }
  sweepNext()
  const timer = setInterval(sweepNext, HOUR_MS)
  timer.unref()
  return () => {
    clearInterval(timer)
    stopping.abort()
    return running
  }
}

/** What can't be removed now is no reason to end the server; the next sweep finds it again. */
async function sweepOrLog(context: Context, signal: AbortSignal): Promise<void> {
  try {
    await sweep(context, { signal })
  } catch (error) {
    log('error', 'files.not_removed', { error })
  }
  if (!signal.aborted) void forgetOldHistory(context)
}

/**
 * Removes the files of jobs that have expired, those that belong to no job and are old, and jobs that are over for longer
 * than history is kept. Jobs whose file is not there are marked so. A file that can't be removed holds up no other, and all
 * of them together hold up nobody: it is done in slices. Answers the files that were removed, as paths below the data folder.
 */
export async function sweep(
  context: Context,
  { now = Date.now(), signal }: { now?: number; signal?: AbortSignal } = {},
): Promise<string[]> {
  const done = begin(now)
  for (const folder of FOLDERS) {
    for await (const names of inSlices(namesIn(context, done, folder), signal)) {
      const over = names.filter((name) =>
        guarded(done, path.join(folder, name), () => isOver(context, { folder, name, now })),
      )
      removeFiles(context, done, { folder, names: over })
    }
  }
  done.swept.missing = failWithoutFile(context, done.at) + (await noteMissing(context, { now, signal }))
  done.swept.jobs = await deleteOldJobs(context, { now, signal })
  tell(context, done)
  nameStrayTables(context)
  return done.files
}

/** Lets go of what records were before changes that are older than history is kept. Never fails. */
export async function forgetOldHistory(context: Context, now = Date.now()): Promise<void> {
  const before = new Date(now - context.config.keepHistoryMs).toISOString()
  try {
    const entries = await forgetHistories(context, before)
    const done = begin(now)
    done.swept.entries = entries
    tell(context, done)
  } catch (error) {
    log('error', 'history.not_forgotten', { error })
  }
}

/** The settings page names them, too. */
function nameStrayTables(context: Context): void {
  const files = listStrayTables(context)
  if (files.length > 0) log('warn', 'tables.without_template', { files })
}

/** In the log with the names, and on the settings page with the numbers. */
function tell({ db }: Context, { at, swept, files }: Done): void {
  if (Object.values(swept).every((n) => n === 0)) return
  log('info', 'files.removed', { ...swept, files })
  noteIfPossible(() => insertSweep(db, { at, removed: swept }))
}

function begin(now: number): Done {
  return { at: new Date(now).toISOString(), swept: { ...NOTHING }, files: [] }
}

function namesIn({ config }: Context, done: Done, folder: Folder): string[] {
  return guarded(done, folder, () => readdirSync(path.join(config.data.root, folder))) ?? []
}

/** Looked up again for every slice: a job may have been tried again since the sweep began. */
function isOver(context: Context, { folder, name, now }: { folder: Folder; name: string; now: number }): boolean {
  const job = jobOf(context, name)
  if (job !== undefined) return hasExpired(job, now)
  return now - lastWritten(path.join(context.config.data.root, folder, name)) >= GRACE_MS
}

/** What these files belong to is noted in one transaction. */
function removeFiles(context: Context, done: Done, { folder, names }: { folder: Folder; names: string[] }): void {
  if (names.length === 0) return
  syncCommitted(context.db)
  const ended: JobRow[] = []
  for (const name of names) {
    const file = path.join(folder, name)
    const job = jobOf(context, name)
    if (!guarded(done, file, () => remove(path.join(context.config.data.root, file)))) continue
    done.files.push(file)
    done.swept[job === undefined ? 'orphans' : folder] += 1
    if (job !== undefined && folder !== 'staging') ended.push(job)
  }
  // On a full disk this has to wait, and the files that make room have not: `noteMissing` finds out what is not noted.
  noteIfPossible(() => noteGone(context, ended, done.at))
}

function remove(file: string): true {
  rmSync(file, { recursive: true, force: true })
  return true
}

/** Answers `undefined` when it failed, which is logged and counted. */
function guarded<T>({ swept }: Done, file: string, work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    log('error', 'file.not_removed', { file, error })
    swept.failed += 1
    return undefined
  }
}

async function deleteOldJobs(
  { config, db }: Context,
  { now, signal }: { now: number; signal: AbortSignal | undefined },
): Promise<number> {
  const before = new Date(now - config.keepHistoryMs).toISOString()
  let deleted = 0
  for await (const ids of inSlices(listIdsEndedBefore(db, before), signal))
    deleted += deleteJobsEndedBefore(db, before, ids)
  return deleted
}

/** A file grows without its folder knowing it, so an upload that takes hours is as young as what came last. */
function lastWritten(file: string): number {
  // What is gone by now was just removed by whoever it belonged to.
  const times = [file, path.join(file, 'original')].map((each) => statSync(each, { throwIfNoEntry: false })?.mtimeMs)
  return Math.max(...times.map((time) => time ?? 0))
}

/** Every file is named for its job, whatever its ending. */
function jobOf({ db }: Context, name: string): JobRow | undefined {
  return findJobById(db, name.split('.')[0] ?? name)
}
