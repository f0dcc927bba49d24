import { access } from 'node:fs/promises'
import { findJob, findUndoOf, insertJob, setCancelRequested, setJobApproved, setJobRetried } from '../db/jobs.ts'
import { setJobFinished } from '../db/running-jobs.ts'
import type { JobInput, JobRow } from '../db/schema.ts'
import { tellJobChanged, tellJobEnqueued } from '../events.ts'
import { newId } from '../ids.ts'
import { cancelledNote } from './cancelled-note.ts'
import { type Context, type Member, Refusal } from './context.ts'
import { findSent, sentAs } from './idempotency.ts'
import { isInterrupted } from './job-sentence.ts'
import { openQuestions } from './open-questions.ts'
import { type ReadingFields, readingFields, readingFrom } from './reading-input.ts'
import { refuseInvalid } from './refuse-invalid.ts'
import { rememberHeaders } from './remember-headers.ts'
import { findTemplate } from './templates.ts'

/** The job, or a 404 that is the same for unknown jobs and for those of other teams. */
export function getJob(context: Context, member: Member, id: string): JobRow {
  const job = findJob(context.db, member.team.id, id)
  if (job === undefined) {
    throw new Refusal(404, {
      code: 'no_job',
      message: 'There is no such job, or it was so long ago that it is no longer kept.',
      hint: 'What a job did to its table stays as it is. The settings page says how long jobs are kept.',
    })
  }
  return job
}

/** Throws `Refusal`: 404 no such job, 409 it is no import that has been completed. */
export function getCompletedImport(context: Context, member: Member, id: string): JobRow {
  const job = getJob(context, member, id)
  if (job.kind === 'import' && job.status === 'completed') return job
  throw new Refusal(409, { code: 'wrong_state', message: 'Only an import that has been completed has a receipt.' })
}

/** Says yes to what an import in review would do. `plan` is the plan that the person was shown, when the page knows it. */
export function approveImport(context: Context, member: Member, { id, plan }: { id: string; plan?: string }): JobRow {
  const job = getJob(context, member, id)
  // Pressed twice: this very plan was approved a moment ago.
  if (plan !== undefined && plan !== '' && plan === job.approved) return job
  if (plan !== undefined && plan !== '' && job.status === 'review' && plan !== job.plan) {
    throw new Refusal(409, {
      code: 'plan_changed',
      message: 'What this import would do has changed since you looked. Look at the numbers again before you approve.',
    })
  }
  if (openQuestions(job).length > 0) {
    throw new Refusal(409, {
      code: 'questions_open',
      message: 'This import asks how its file is to be read. Answer that first; what it would do is not known before.',
    })
  }
  if (!setJobApproved(context.db, id)) throw wrongState(job, 'approve')
  tellJobEnqueued(context.events, job)
  return getJob(context, member, id)
}

/**
 * Stops a job. One that waits is cancelled at once; one that was interrupted, as soon as the queue knows that it had not
 * been done. One that runs is asked to stop where it is safe, and when it is cancelled again while it does so, its process
 * is ended. Nothing it did stays either way.
 */
export function cancelJob(context: Context, member: Member, id: string): JobRow {
  const job = getJob(context, member, id)
  if (job.status === 'cancelled') return job
  if (job.status === 'completed' || job.status === 'failed') throw wrongState(job, 'cancel')
  setCancelRequested(context.db, id)
  if (job.status === 'processing' || mayHaveChangedTable(job)) {
    context.events.emit('job.cancel_requested', { jobId: id })
  } else {
    const expiresAt = new Date(Date.now() + context.config.keepUploadsMs).toISOString()
    const note = cancelledNote(context, id)
    setJobFinished(context.db, id, { status: 'cancelled', note, elapsedMs: job.elapsedMs, expiresAt })
  }
  tellJobChanged(context.events, job)
  return getJob(context, member, id)
}

/** Its process may have died right after the commit, and only the ledger knows: the queue asks it at once, outside its turn. */
function mayHaveChangedTable(job: JobRow): boolean {
  return job.kind !== 'export' && isInterrupted(job)
}

/**
 * Does a failed or cancelled job again; with `reading`, the fields of `readingFields`, its file is read in another way,
 * also when the import waits for a decision. Throws 410 when the file is gone, 422 for fields.
 */
export async function retryJob(
  context: Context,
  member: Member,
  { id, reading = {} }: { id: string; reading?: unknown },
): Promise<JobRow> {
  const job = getJob(context, member, id)
  const fields = refuseInvalid(readingFields, reading)
  const isReadAnew = job.status === 'review' && Object.keys(fields).length > 0
  if (job.status !== 'failed' && job.status !== 'cancelled' && !isReadAnew) throw wrongState(job, 'retry')
  await refuseGoneFile(context, job)
  const input = readAnew(context, member, { job, fields })
  const remembered = fields.remember === true && input.kind === 'import'
  context.db.transaction((tx) => {
    if (!setJobRetried(tx, id, input)) throw wrongState(job, 'retry')
    if (remembered) rememberHeaders(tx, job, input.reading.mapping)
  })
  tellJobEnqueued(context.events, job)
  if (remembered) context.events.emit('template.changed', { templateId: job.templateId, teamId: job.teamId })
  return getJob(context, member, id)
}

/** Throws a 410 when an import's file is not kept any more. */
export async function refuseGoneFile({ config }: Context, job: JobRow): Promise<void> {
  if (job.kind !== 'import' || (await exists(config.data.upload(job.id)))) return
  throw new Refusal(410, {
    code: 'file_gone',
    message: 'The uploaded file is no longer kept, so this import can not be tried again.',
    hint: 'Upload the file again.',
  })
}

function readAnew(context: Context, member: Member, { job, fields }: { job: JobRow; fields: ReadingFields }): JobInput {
  if (job.input.kind !== 'import') return job.input
  const { shape } = findTemplate(context, member, job.templateId)
  return { ...job.input, reading: readingFrom(fields, job.input.reading, shape) }
}

/** Enqueues the undo of a completed import, or of an undo. Answers the undo that already waits or runs, if there is one. */
export function undoJob(
  context: Context,
  member: Member,
  { id, key }: { id: string; key?: string | undefined },
): JobRow {
  const job = getJob(context, member, id)
  const sent = sentAs(key, { undo: id })
  const earlier = findSent(context, member, sent)
  if (earlier !== undefined) return earlier
  if (!canUndo(job)) throw wrongState(job, 'undo')
  const running = findUndoOf(context.db, id)
  if (running !== undefined) return running
  const undo = insertJob(context.db, {
    id: newId(),
    teamId: member.team.id,
    templateId: job.templateId,
    createdBy: member.user.id,
    kind: 'undo',
    input: { kind: 'undo', undoOf: id },
    ...sent,
    fileName: job.fileName,
  })
  tellJobEnqueued(context.events, undo)
  tellJobChanged(context.events, job)
  return undo
}

/** It waits or is being worked on: whatever was pressed to make it run has happened. */
export function isUnderway({ status }: JobRow): boolean {
  return status === 'pending' || status === 'processing'
}

export function canUndo(job: JobRow): boolean {
  const changedSomething = job.created + job.updated + job.deleted > 0
  const dryRun = job.input.kind === 'import' && job.input.dryRun
  return job.kind !== 'export' && job.status === 'completed' && changedSomething && !dryRun && job.undoneBy === null
}

export function wrongState(job: JobRow, wish: keyof typeof DONE_TO_IT): Refusal {
  return new Refusal(409, {
    code: 'wrong_state',
    message: `This ${job.kind} ${stateInTheWay(job, wish)}, so it can't be ${DONE_TO_IT[wish]} now.`,
  })
}

function stateInTheWay(job: JobRow, wish: keyof typeof DONE_TO_IT): string {
  if (wish === 'undo' && job.undoneBy !== null) return 'has been undone already'
  if (wish === 'undo' && job.status === 'completed' && job.kind !== 'export') return 'changed no records'
  return IN_STATE[job.status]
}

const IN_STATE: Record<JobRow['status'], string> = {
  pending: 'waits for its turn',
  processing: 'is being worked on',
  review: 'waits for a decision',
  completed: 'is completed',
  failed: 'has failed',
  cancelled: 'was cancelled',
}

const DONE_TO_IT = { answer: 'answered', approve: 'approved', cancel: 'cancelled', retry: 'retried', undo: 'undone' }

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
