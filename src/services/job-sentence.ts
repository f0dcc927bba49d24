import type { JobRow } from '../db/schema.ts'
import type { Phase } from '../states.ts'

const DOING: Record<Phase, string> = { reading: 'Reading and checking', comparing: 'Comparing', applying: 'Importing' }

/** One sentence that says where a job is or what came of it, for people, screen readers and programs. */
export function jobSentence(job: JobRow): string {
  switch (job.status) {
    case 'pending':
      return job.attempts > 0 && job.approved === null ? 'Interrupted, waiting to go on' : 'Waiting to start'
    case 'processing':
      return progressSentence(job)
    case 'review':
      return `${count(job.read, 'row')} read, ${count(job.problems, 'row')} with problems. Nothing has changed yet.`
    case 'completed':
      return resultSentence(job)
    case 'failed':
      return job.error?.message ?? 'Something went wrong'
    case 'cancelled':
      return 'Cancelled. Nothing was changed.'
  }
}

function progressSentence(job: JobRow): string {
  const doing = job.kind === 'import' ? DOING[job.phase ?? 'reading'] : job.kind === 'undo' ? 'Undoing' : 'Writing'
  const rows =
    job.rowsTotal === null
      ? job.rowsDone === 0
        ? ''
        : ` · ${count(job.rowsDone, 'row')} so far`
      : ` · ${number(job.rowsDone)} of ${count(job.rowsTotal, 'row')}`
  return doing + rows
}

/** What a completed job did, the zeros left out. */
export function resultSentence(job: JobRow): string {
  if (job.kind === 'export') return `${count(job.rowsDone, 'row')} written`
  const dry = job.input.kind === 'import' && job.input.dryRun
  const parts = [
    job.created > 0 && `${number(job.created)} ${dry ? 'new' : 'created'}`,
    job.updated > 0 && `${number(job.updated)} ${dry ? 'changed' : 'updated'}`,
    job.deleted > 0 && `${number(job.deleted)} ${dry ? 'missing' : 'deleted'}`,
  ].filter((part) => part !== false)
  const refused = job.problems > 0 ? ` ${count(job.problems, 'row')} refused.` : ''
  if (parts.length === 0) {
    return job.kind === 'undo'
      ? 'Nothing was left to undo.'
      : `No changes needed: ${count(job.unchanged, 'row')} already there and unchanged.${refused}`
  }
  if (job.unchanged > 0) parts.push(`${number(job.unchanged)} unchanged`)
  const checked = dry ? 'Checked only, nothing was changed: ' : ''
  return `${checked}${parts.join(', ')}.${refused}`
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
