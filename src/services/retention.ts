import { readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { findJobById } from '../db/jobs.ts'
import { log } from '../log.ts'
import type { Context } from './context.ts'

const HOUR_MS = 3_600_000

type Storage = Pick<Context, 'config' | 'db'>

/** Removes what nobody needs any more, now and every hour. Answers how to stop it. */
export function startSweeping(storage: Storage): () => void {
  // Before the first request is served, no upload can be on its way: what has no job was interrupted.
  sweep(storage, { graceMs: 0 })
  const timer = setInterval(() => sweepAgain(storage), HOUR_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** A file that can't be removed now is no reason to end the server; the next sweep finds it again. */
function sweepAgain(storage: Storage): void {
  try {
    sweep(storage, { graceMs: HOUR_MS })
  } catch (error) {
    log('error', 'files.not_removed', { error })
  }
}

/**
 * Removes the files of jobs that have expired, and those that belong to no job once they are older than `graceMs`: an
 * upload that comes in right now has no job yet. Answers what was removed, as paths below the data folder.
 */
export function sweep(
  { config, db }: Storage,
  { graceMs, now = Date.now() }: { graceMs: number; now?: number },
): string[] {
  const removed: string[] = []
  for (const folder of ['uploads', 'staging', 'exports']) {
    for (const name of readdirSync(path.join(config.data.root, folder))) {
      const file = path.join(config.data.root, folder, name)
      const job = findJobById(db, jobOf(name))
      const over =
        job === undefined
          ? graceMs === 0 || now - lastWritten(file) >= graceMs
          : job.expiresAt !== null && Date.parse(job.expiresAt) <= now
      if (!over) continue
      rmSync(file, { recursive: true, force: true })
      removed.push(path.join(folder, name))
    }
  }
  if (removed.length > 0) log('info', 'files.removed', { files: removed })
  return removed
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
