import { rmSync } from 'node:fs'
import { findJobById, setJobFinished, setJobReview, setUndoneBy } from '../db/jobs.ts'
import { insertNotice } from '../db/notices.ts'
import type { JobRow } from '../db/schema.ts'
import { setTemplateRecords } from '../db/templates.ts'
import { newId } from '../ids.ts'
import { log } from '../log.ts'
import type { Context } from '../services/context.ts'
import { noticeSentence } from '../services/job-sentence.ts'
import type { JobEnd } from './handlers.ts'

/**
 * Writes down what came of a job, in one transaction with what depends on it, and tells everyone.
 * Does nothing when the job has ended meanwhile.
 */
export function finishJob(
  context: Context,
  job: JobRow,
  { end, elapsedMs }: { end: JobEnd | 'cancelled'; elapsedMs: number },
): void {
  const ended = context.db.transaction(() => {
    const written = writeEnd(context, job, { end, elapsedMs })
    if (written) addNotice(context, job)
    return written
  })
  if (!ended) return
  const happening = { jobId: job.id, templateId: job.templateId, teamId: job.teamId }
  context.events.emit('job.changed', happening)
  if (job.input.kind === 'undo') context.events.emit('job.changed', { ...happening, jobId: job.input.undoOf })
  if (end !== 'cancelled' && end.status === 'completed' && end.records !== undefined) {
    context.events.emit('records.changed', { templateId: job.templateId, teamId: job.teamId })
  }
  if (job.createdBy !== null) {
    context.events.emit('notices.changed', { userId: job.createdBy, teamId: job.teamId })
  }
  tidyStaging(context, job, end)
}

function writeEnd(
  context: Context,
  job: JobRow,
  { end, elapsedMs }: { end: JobEnd | 'cancelled'; elapsedMs: number },
): boolean {
  const { db } = context
  const expiresAt = fileExpiry(context, job)
  if (end === 'cancelled') return setJobFinished(db, job.id, { status: 'cancelled', elapsedMs, expiresAt })
  if (end.status === 'review') return setJobReview(db, job.id, { plan: end.plan, counts: end.counts, elapsedMs })
  if (end.status === 'failed') {
    return setJobFinished(db, job.id, {
      status: 'failed',
      counts: end.counts,
      error: end.error,
      elapsedMs,
      expiresAt,
    })
  }
  if (
    !setJobFinished(db, job.id, { status: 'completed', counts: end.counts, rowsDone: end.rows, elapsedMs, expiresAt })
  ) {
    return false
  }
  if (end.records !== undefined) setTemplateRecords(db, job.templateId, end.records)
  if (job.input.kind === 'undo') writeUndone(context, job.id, job.input.undoOf)
  return true
}

/** An undo of an undo brings back what that one had undone. */
function writeUndone({ db }: Context, undoId: string, undoneId: string): void {
  setUndoneBy(db, undoneId, undoId)
  const undone = findJobById(db, undoneId)
  if (undone?.input.kind === 'undo') setUndoneBy(db, undone.input.undoOf, null)
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

/** The staged rows have served; only refused ones are kept, to be looked at and repaired, until the upload goes too. */
function tidyStaging(context: Context, job: JobRow, end: JobEnd | 'cancelled'): void {
  if (job.kind !== 'import' || (end !== 'cancelled' && end.status === 'review')) return
  const staging = context.config.data.staging(job.id)
  const keep = end !== 'cancelled' && end.counts.problems > 0
  if (!keep) {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(staging + suffix, { force: true })
    return
  }
  context.desk
    .run({ kind: 'staging.trim', staging })
    .catch((error) => log('warn', 'staging.trim_failed', { job: job.id, error }))
}
