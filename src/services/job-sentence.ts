import type { JobRow } from '../db/schema.ts'
import type { Phase } from '../states.ts'
import { openQuestions } from './open-questions.ts'

const UNDER_WAY: Record<Phase, string> = { reading: 'reading', comparing: 'comparing', applying: 'importing' }
const DOING: Record<Phase, string> = { reading: 'Reading and checking', comparing: 'Comparing', applying: 'Importing' }

/** One sentence that says where a job is or what came of it, for people, screen readers and programs. */
export function jobSentence(job: JobRow): string {
  switch (job.status) {
    case 'pending':
      return isInterrupted(job) ? 'Interrupted, waiting to go on' : 'Waiting to start'
    case 'processing':
      return progressSentence(job)
    case 'review':
      return reviewSentence(job)
    case 'completed':
      return resultSentence(job)
    case 'failed':
      return job.error?.message ?? 'Something went wrong'
    case 'cancelled':
      return job.note ?? 'Cancelled. Nothing was changed.'
  }
}

function reviewSentence(job: JobRow): string {
  const questions = openQuestions(job).length
  if (questions > 0) return `${count(questions, 'question')} about how the file is to be read. Nothing has changed yet.`
  const problems = job.problems === 0 ? '' : `, ${count(job.problems, 'row')} with problems`
  return `${count(job.read, 'row')} read${problems}. Nothing has changed yet.`
}

/** Where a job was when it was cancelled, and what is left. `records` is how many the table holds. */
export function cancelledSentence(job: JobRow, records: number): string {
  const left = job.kind === 'export' ? 'No file was kept.' : `The table is as it was: ${count(records, 'record')}.`
  return `Cancelled ${whenCancelled(job)}. ${left}`
}

function whenCancelled(job: JobRow): string {
  if (job.status === 'review') return 'at the review'
  if (job.status === 'pending') return job.startedAt === null ? 'before it began' : 'while it waited to go on'
  if (job.kind === 'export') return 'while writing'
  return job.kind === 'undo' ? 'while undoing' : `while ${UNDER_WAY[job.phase ?? 'reading']}`
}

/** It had begun, since a person wanted it last, and waits again: the server or its process went away. */
export function isInterrupted({ status, backgroundJobId }: JobRow): boolean {
  return status === 'pending' && backgroundJobId !== null
}

function progressSentence(job: JobRow): string {
  const doing = job.kind === 'import' ? DOING[job.phase ?? 'reading'] : job.kind === 'undo' ? 'Undoing' : 'Writing'
  const rows =
    job.rowsTotal === null
      ? job.rowsDone === 0
        ? ''
        : ` · ${count(job.rowsDone, 'row')} so far`
      : ` · ${number(job.rowsDone)} of ${count(job.rowsTotal, 'row')}`
  return doing + sheetWords(job) + rows
}

/** Which sheet it is at, of several. */
function sheetWords({ phase, details }: JobRow): string {
  const now = phase === 'reading' ? details?.now : null
  return now ? ` · sheet ${now.sheet}, ${now.at} of ${now.of}` : ''
}

/** What a completed job did, the zeros left out. */
function resultSentence(job: JobRow): string {
  if (job.kind === 'export') return `${count(job.rowsDone, 'row')} written.`
  if (job.kind === 'undo') return undoSentence(job)
  const dry = job.input.kind === 'import' && job.input.dryRun
  const parts = listed([
    [job.created, dry ? 'new' : 'created'],
    [job.updated, dry ? 'changed' : 'updated'],
    [job.deleted, dry ? 'missing' : 'deleted'],
  ])
  const refused = job.problems > 0 ? ` ${count(job.problems, 'row')} refused.` : ''
  const leftOut = job.details?.leftOut ? ` ${count(job.details.leftOut, 'row')} left out.` : ''
  if (parts === '') return nothingSentence(job) + refused + leftOut
  const unchanged = job.unchanged > 0 ? `, ${number(job.unchanged)} unchanged` : ''
  return `${dry ? 'Checked only, nothing was changed: ' : ''}${parts}${unchanged}.${refused}${leftOut}`
}

function nothingSentence({ unchanged }: JobRow): string {
  if (unchanged === 0) return 'No changes needed: there was nothing to import.'
  if (unchanged === 1) return 'No changes needed: the row is already there and unchanged.'
  return `No changes needed: all ${number(unchanged)} rows are already there and unchanged.`
}

function undoSentence(job: JobRow): string {
  const parts = listed([
    [job.deleted, 'removed'],
    [job.updated, 'put back as they were'],
    [job.created, 'brought back'],
  ])
  const kept = job.skipped === 0 ? '' : ` ${count(job.skipped, 'record')} changed since and kept.`
  return parts === '' ? `Nothing was left to undo.${kept}` : `${parts}.${kept}`
}

function listed(parts: [number, string][]): string {
  return parts
    .filter(([n]) => n > 0)
    .map(([n, what]) => `${number(n)} ${what}`)
    .join(', ')
}

/** What a person reads who is somewhere else in the app. */
export function noticeSentence(job: JobRow): string {
  const what = job.kind === 'undo' ? `Undo of ${job.fileName ?? 'an import'}` : (job.fileName ?? job.kind)
  switch (job.status) {
    case 'review':
      return `${what} needs you: ${jobSentence(job)}`
    case 'failed':
      return `${what} failed: ${jobSentence(job)}`
    case 'completed':
      return job.kind === 'export' ? `${what} is ready to download.` : `${what} is done: ${jobSentence(job)}`
    default:
      return `${what}: ${jobSentence(job)}`
  }
}

function count(n: number, noun: string): string {
  return `${number(n)} ${noun}${n === 1 ? '' : 's'}`
}

function number(n: number): string {
  return n.toLocaleString('en-US')
}
