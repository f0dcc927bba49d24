import { findJobById, setUndoneBy } from '../db/jobs.ts'
import { insertNotice } from '../db/notices.ts'
import { unsynced } from '../db/open.ts'
import { setJobFinished, setJobReview } from '../db/running-jobs.ts'
import type { JobRow } from '../db/schema.ts'
import { tellJobChanged } from '../events.ts'
import { newId } from '../ids.ts'
import { cancelledNote } from '../services/cancelled-note.ts'
import type { Context } from '../services/context.ts'
import { noticeSentence } from '../services/job-sentence.ts'
import type { JobEnd } from './handlers.ts'
import type { JobNotes } from './notes.ts'

/**
 * Writes down what came of a job, in one transaction with what depends on it, and tells everyone.
 * Does nothing when the job has ended meanwhile.
 */
export function finishJob(
  context: Context,
  job: JobRow,
  { end, elapsedMs, notes }: { end: JobEnd | 'cancelled'; elapsedMs: number; notes?: JobNotes },
): void {
  const write = () =>
    context.db.transaction(() => {
      notes?.write()
      const written = writeEnd(context, job, { end, elapsedMs })
      if (written) addNotice(context, job)
      return written
    })
  const ended = isInLedger(job, end) ? unsynced(context.db, write) : write()
  if (!ended) return
  for (const changed of [job, ...undoneJobs(context, job)]) tellJobChanged(context.events, changed)
  if (end !== 'cancelled' && end.status === 'completed' && end.size !== undefined) {
    context.events.emit('records.changed', { templateId: job.templateId, teamId: job.teamId })
  }
  if (job.createdBy !== null) {
    context.events.emit('notices.changed', { userId: job.createdBy, teamId: job.teamId })
  }
}

/** Its table has synced what it did: should a power cut take back that it is over, the ledger tells it once more. */
function isInLedger({ kind }: JobRow, end: JobEnd | 'cancelled'): boolean {
  return kind !== 'export' && end !== 'cancelled' && end.status === 'completed'
}

function writeEnd(
  context: Context,
  job: JobRow,
  { end, elapsedMs }: { end: JobEnd | 'cancelled'; elapsedMs: number },
): boolean {
  const { db } = context
  const expiresAt = fileExpiry(context, job)
  if (end === 'cancelled') {
    return setJobFinished(db, job.id, {
      status: 'cancelled',
      note: cancelledNote(context, job.id),
      elapsedMs,
      expiresAt,
    })
  }
  if (end.status === 'review') {
    const { plan, counts, note = null } = end
    return setJobReview(db, job.id, { plan, counts, note, elapsedMs })
  }
  if (end.status === 'failed') {
    return setJobFinished(db, job.id, {
      status: 'failed',
      counts: end.counts,
      error: end.error,
      elapsedMs,
      expiresAt,
    })
  }
  const { counts, rows, bytes, note } = end
  const finished = { status: 'completed', counts, rowsDone: rows, fileSize: bytes, note, elapsedMs, expiresAt } as const
  if (!setJobFinished(db, job.id, finished)) return false
  if (end.size !== undefined) context.sizes.note(db, job.templateId, end.size)
  writeUndone(context, job)
  return true
}

/** An undo of an undo brings back what that one had undone; what this had undone goes again; and so on. */
function writeUndone(context: Context, undo: JobRow): void {
  let by: string | null = undo.id
  for (const undone of undoneJobs(context, undo)) {
    setUndoneBy(context.db, undone.id, by)
    by = by === null ? undone.id : null
  }
}

/** The job that an undo undoes, the one that this had undone, and so on; none when it is no undo. */
function undoneJobs({ db }: Context, undo: JobRow): JobRow[] {
  const found: JobRow[] = []
  let { input } = undo
  while (input.kind === 'undo') {
    const undone = findJobById(db, input.undoOf)
    if (undone === undefined) return found
    found.push(undone)
    input = undone.input
  }
  return found
}

function fileExpiry({ config }: Context, job: JobRow): string | null {
  if (job.kind === 'undo') return null
  const keep = job.kind === 'export' ? config.keepExportsMs : config.keepUploadsMs
  return new Date(Date.now() + keep).toISOString()
}

function addNotice({ db }: Context, before: JobRow): void {
  const job = findJobById(db, before.id)
  // Whoever cancelled a job knows it.
  if (job === undefined || job.createdBy === null || job.status === 'cancelled') return
  insertNotice(db, {
    id: newId(),
    userId: job.createdBy,
    teamId: job.teamId,
    jobId: job.id,
    templateId: job.templateId,
    status: job.status,
    message: noticeSentence(job),
  })
}
