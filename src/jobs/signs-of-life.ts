import { findJobById } from '../db/jobs.ts'
import { setJobHeartbeat } from '../db/running-jobs.ts'
import { tellJobChanged } from '../events.ts'
import { log } from '../log.ts'
import type { Context } from '../services/context.ts'

/** A job that reports nothing for a while, in the middle of one long step, still gives signs of life. */
const WATCH_MS = 2000

/**
 * From now on notes when the process of each running job was last heard, and shows it on the cards of those that are
 * silent. Answers how to end it.
 */
export function watchSignsOfLife(context: Context, running: () => Iterable<string>): () => void {
  const look = () => {
    for (const id of running()) lookAt(context, id)
  }
  const looking = setInterval(look, WATCH_MS)
  return () => clearInterval(looking)
}

function lookAt(context: Context, id: string): void {
  const silentMs = context.workers.silentMs(id)
  const job = silentMs === null ? undefined : findJobById(context.db, id)
  if (silentMs === null || job === undefined) return
  if (silentMs >= WATCH_MS) tellJobChanged(context.events, job)
  else noteHeartbeat(context, id, silentMs)
}

function noteHeartbeat({ db }: Context, id: string, silentMs: number): void {
  try {
    setJobHeartbeat(db, id, silentMs)
  } catch (error) {
    log('warn', 'job.not_noted', { job: id, error })
  }
}
