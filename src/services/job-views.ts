import { existsSync } from 'node:fs'
import { findQueuePlace, type QueuePlace } from '../db/job-order.ts'
import { findJobById } from '../db/jobs.ts'
import type { JobRow } from '../db/schema.ts'
import { findTemplateRow, listColumnRows } from '../db/templates.ts'
import { findUserById } from '../db/users.ts'
import type { ExportContent } from '../states.ts'
import type { JobView } from '../views/job-view.ts'
import type { Context } from './context.ts'
import { hasChanges } from './job-changes.ts'
import { toJobObject } from './job-object.ts'
import { isInterrupted } from './job-sentence.ts'
import { canUndo } from './jobs.ts'
import { openQuestions } from './open-questions.ts'

const HOUR_MS = 3_600_000

const CONTENTS: Record<ExportContent, string> = {
  data: 'Data',
  template: 'Blank template',
  sample: 'Template with sample rows',
  changes: 'Changes',
}

/** A job with everything that a person sees of it, as it is at this moment. */
export function viewJob(context: Context, job: JobRow): JobView {
  const { db } = context
  const template = findTemplateRow(db, { id: job.templateId, teamId: job.teamId })
  const creator = job.createdBy === null ? undefined : findUserById(db, job.createdBy)
  const place = job.status === 'pending' ? findQueuePlace(db, job) : undefined
  return {
    job: toJobObject(job),
    templateName: template?.name ?? '',
    fileLabel: fileLabel(job),
    creatorName: creator?.name ?? null,
    waitingFor: place === undefined ? null : waitingFor(context, job, place),
    interrupted: isInterrupted(job),
    // A strike is counted when a job is claimed: the attempt that runs has not failed yet.
    crashes: job.status === 'processing' ? Math.max(0, job.strikes - 1) : job.strikes,
    silentMs: job.status === 'processing' ? context.workers.silentMs(job.id) : null,
    noWorker: job.status === 'pending' && context.workers.missing,
    place: place === undefined ? null : place.before + 1,
    speed: job.speed,
    groupName: groupName(context, { templateId: job.templateId, columnId: template?.groupColumnId ?? null }),
    details: job.details,
    reading: job.input.kind === 'import' ? job.input.reading : null,
    checkOnly: job.input.kind === 'import' && job.input.dryRun,
    cancelling: job.cancelRequested && (job.status === 'processing' || job.status === 'pending'),
    keepHours: (job.kind === 'export' ? context.config.keepExportsMs : context.config.keepUploadsMs) / HOUR_MS,
    note: job.note,
    plan: job.plan,
    can: permissions(context, job),
    fileGoneAt: job.fileGoneAt,
    undoneBy: job.undoneBy,
    undoOf: undoOf(context, job),
  }
}

function waitingFor(
  { db }: Context,
  { createdBy }: JobRow,
  { table, running, othersRun }: QueuePlace,
): JobView['waitingFor'] {
  const job = table ?? running
  if (job === undefined) return othersRun ? 'other_team' : null
  const isMine = job.createdBy === null || job.createdBy === createdBy
  const by = isMine ? null : (findUserById(db, job.createdBy ?? '')?.name ?? null)
  return { name: fileLabel(job), by, percent: job.percent, why: table === undefined ? 'place' : 'table' }
}

/** What the job is about, in the words of whoever started it. */
export function fileLabel(job: JobRow): string {
  if (job.kind === 'undo') return `Undo of ${job.fileName ?? 'an import'}`
  if (job.input.kind === 'export' && job.input.content === 'changes') return job.fileName ?? CONTENTS.changes
  if (job.input.kind === 'export') return `${CONTENTS[job.input.content]} as ${job.input.format.toUpperCase()}`
  return job.fileName ?? 'A file'
}

function groupName(
  { db }: Context,
  { templateId, columnId }: { templateId: string; columnId: string | null },
): string | null {
  if (columnId === null) return null
  return listColumnRows(db, templateId).find((column) => column.id === columnId)?.name ?? null
}

function undoOf({ db }: Context, job: JobRow): JobView['undoOf'] {
  if (job.input.kind !== 'undo') return null
  const undone = findJobById(db, job.input.undoOf)
  return undone === undefined ? null : { id: undone.id, label: fileLabel(undone) }
}

function permissions({ config: { data } }: Context, job: JobRow): JobView['can'] {
  const ended = job.status === 'failed' || job.status === 'cancelled'
  // Not asked of the disk for each push of one that runs.
  const isOver = ended || job.status === 'review' || job.status === 'completed'
  const isKept = job.kind === 'import' && isOver && existsSync(data.upload(job.id))
  const refused = job.kind === 'import' && job.problems > 0 && existsSync(data.staging(job.id))
  return {
    cancel: job.status === 'pending' || job.status === 'processing' || job.status === 'review',
    approve: job.status === 'review' && openQuestions(job).length === 0,
    readAgain: isKept && (ended || job.status === 'review'),
    importKept: isKept && job.status === 'completed',
    retry: ended && (job.kind !== 'import' || isKept),
    undo: canUndo(job),
    seeChanges: hasChanges(job) || (job.status === 'review' && job.created + job.updated + job.deleted > 0),
    downloadFile:
      job.input.kind === 'export' && job.status === 'completed' && existsSync(data.exported(job.id, job.input.format)),
    downloadRefused: refused && (job.status === 'review' || job.status === 'completed' || job.status === 'failed'),
  }
}
