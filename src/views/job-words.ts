import { type JobKind, MAX_STRIKES, type Phase } from '../states.ts'
import type { Counts } from '../tables/progress.ts'
import { formatDuration, formatNumber, formatRemaining, joined, plural } from './format.ts'
import type { JobView } from './job-view.ts'

/** From when on a person is told. */
const SILENT_MS = 4000
const WORRYING_MS = 15_000

const READING: Record<JobKind, string> = { import: 'Reading and checking', export: 'Writing', undo: 'Undoing' }

function phaseWord(kind: JobKind, phase: Phase | null): string {
  if (kind !== 'import') return READING[kind]
  if (phase === 'applying') return 'Importing'
  return phase === 'comparing' ? 'Comparing' : READING.import
}

/** Which sheet is read, of several. */
function sheetWords({ job: { phase }, details }: JobView): string {
  const now = phase === 'reading' ? details?.now : null
  return now ? `, sheet ${now.sheet} (${now.at} of ${now.of})` : ''
}

/** "Reading and checking · 2,500 of 9,713 rows · 45 s · about 2 min left · 510 rows/s", in its parts. */
export function progressWords(view: JobView): { doing: string; rows: string; rest: string } {
  const { kind, phase, progress, status } = view.job
  const total = progress.rows_total
  const done = progress.rows_done
  // Its speed and the remaining time are those from before it fell silent.
  const silent = view.silentMs !== null && view.silentMs >= SILENT_MS
  return {
    doing: view.cancelling ? 'Cancelling: stopping where it is safe' : `${phaseWord(kind, phase)}${sheetWords(view)}`,
    rows: total !== null ? `${formatNumber(done)} of ${plural(total, 'row')}` : done > 0 ? plural(done, 'row') : '',
    rest: joined([
      view.groupName && progress.groups_total !== null
        ? `${view.groupName}: ${formatNumber(progress.groups_done)} of ${formatNumber(progress.groups_total)}`
        : null,
      formatDuration(progress.elapsed_ms),
      status === 'processing' &&
        !silent &&
        !view.cancelling &&
        progress.eta_ms !== null &&
        formatRemaining(progress.eta_ms),
      view.crashes > 0 && attemptWords(view.crashes),
      !silent && view.speed !== null && view.speed > 0 && `${formatNumber(view.speed)} rows/s`,
    ]),
  }
}

const NO_WORKER =
  'Nothing is lost. It waits because no worker is running: this server could start no process for it, and keeps trying.'

function attemptWords(crashes: number): string {
  return `attempt ${crashes + 1} of ${MAX_STRIKES}`
}

/** A process that says nothing may be in the middle of one long step, or be stuck: whoever looks should know. */
export function silenceWords({ silentMs, cancelling }: JobView): string | null {
  if (silentMs === null || silentMs < SILENT_MS || cancelling) return null
  const since = formatDuration(silentMs)
  if (silentMs < WORRYING_MS) return `Last sign of life ${since} ago.`
  return `No sign of life for ${since}. If it stays like this, its process is ended and the job taken up again.`
}

/** Why a job has not begun. */
export function waitingWords(view: JobView): string {
  const { waitingFor, place, interrupted, crashes, noWorker, cancelling } = view
  if (noWorker) return NO_WORKER
  if (cancelling) return 'Cancelling: looking what was done before the interruption'
  const again = interrupted ? `Interrupted, resuming${crashes > 0 ? ` (${attemptWords(crashes)})` : ''}. ` : ''
  const inQueue = place === null ? 'Next in the queue' : `${ordinal(place)} in the queue`
  if (waitingFor === null) return again + inQueue
  if (waitingFor === 'other_team') {
    return again + joined(['Waiting for a free place: jobs of another team are running', inQueue.toLowerCase()])
  }
  const { name, by, percent, why } = waitingFor
  const job = by === null ? name : `${name} by ${by}`
  const done = percent === null ? '' : `, ${percent} % done`
  const waiting = why === 'table' ? `Waiting for ${job}${done}` : `Waiting for a free place: ${job} is running${done}`
  return again + joined([waiting, place !== null && place > 1 && inQueue.toLowerCase()])
}

/** How many rows go in when a person says yes. */
export function readyRows(counts: Counts): number {
  return counts.created + counts.updated + counts.unchanged
}

export function reviewWords({ counts, kind, questions }: JobView['job']): string {
  if (kind !== 'import') return 'Nothing has changed yet.'
  if (questions.length > 0) {
    const asks = questions.length === 1 ? 'one thing is' : `${formatNumber(questions.length)} things are`
    return `${plural(counts.read, 'row')} read, and ${asks} for you to say.`
  }
  const ready = readyRows(counts)
  const problems = counts.problems === 0 ? '' : `, ${formatNumber(counts.problems)} ${have(counts.problems)} problems`
  const gone = counts.deleted === 0 ? '' : ` ${plural(counts.deleted, 'record')} would be deleted.`
  return `${plural(counts.read, 'row')} read. ${formatNumber(ready)} ${ready === 1 ? 'is' : 'are'} ready${problems}.${gone}`
}

/** What the yes does, with its numbers. */
export function approveWords({ counts }: JobView['job']): string {
  const rows = `Import ${plural(readyRows(counts), 'row')}`
  if (counts.deleted === 0) return rows
  const parts = [
    counts.created > 0 && `${formatNumber(counts.created)} new`,
    counts.updated > 0 && `${formatNumber(counts.updated)} changed`,
    `deletes ${plural(counts.deleted, 'record')}`,
  ]
  return `Replace: ${parts.filter(Boolean).join(', ')}`
}

/** The one line that a list says of a job. */
export function shortWords(view: JobView): string {
  const { job } = view
  switch (job.status) {
    case 'pending':
      return waitingWords(view)
    case 'processing': {
      const words = progressWords(view)
      return joined([words.doing, words.rows, words.rest])
    }
    case 'review':
      return reviewWords(job)
    case 'failed':
    case 'completed':
    case 'cancelled':
      return job.progress.message
  }
}

/** For the tab: "62 % · stock.xlsx". */
export function titleWords(view: JobView): string {
  const { status, progress } = view.job
  const percent = progress.percent === null ? 'Processing' : `${progress.percent} %`
  const marks = {
    pending: 'Waiting',
    processing: percent,
    review: '? Needs review',
    completed: '✓ Done',
    failed: '✗ Failed',
    cancelled: 'Cancelled',
  }
  return `${marks[status]} · ${view.fileLabel}`
}

function have(count: number): string {
  return count === 1 ? 'has' : 'have'
}

function ordinal(place: number): string {
  const names = ['Next', 'Second', 'Third', 'Fourth', 'Fifth']
  return names[place - 1] ?? `Number ${formatNumber(place)}`
}
