import { findJobById } from '../db/jobs.ts'
import type { JobRow } from '../db/schema.ts'
import { newId } from '../ids.ts'
import { log } from '../log.ts'
import { ProcessDied, type ProcessPool, WorkFailed } from '../processes/pool.ts'
import { STOPPED } from '../processes/protocol.ts'
import type { Context } from '../services/context.ts'
import { MAX_STRIKES } from '../states.ts'
import { failedBy, poison } from './failures.ts'
import type { JobEnd } from './handlers.ts'

/** How long a job rests after its process died, so that a crash does not turn into a loop that eats the machine. */
const REST_MS = [0, 1000, 5000]
/** How long a job rests that found its table locked by somebody else. */
const BUSY_REST_MS = 1000
/** When the machine lets no process start, or not even the end of a job be written down, that is tried again. */
export const UNHANDLED_REST_MS = 5000

/** What is to become of a job: its end; or it is given back, and claimed again after a rest; or there is no such job. */
export type Verdict = JobEnd | 'cancelled' | 'gone' | GiveBack
/** With `refund`, what was no fault of the job's costs it no strike. */
export type GiveBack = { status: 'again'; refund: boolean; restMs: number }

type Court = { context: Context; pool: ProcessPool; isStopping: boolean }

/** What is to become of a job whose process died or threw. */
export async function judge(court: Court, job: JobRow, error: unknown): Promise<Verdict> {
  if (error instanceof ProcessDied) return judgeDeath(court, job, error)
  if (error instanceof WorkFailed && error.code === STOPPED) {
    const isCancelled = findJobById(court.context.db, job.id)?.cancelRequested ?? false
    return isCancelled ? endCancelled(court, job) : giveBack({ refund: true, restMs: 0 })
  }
  return isBusy(error)
    ? giveBack({ refund: true, restMs: BUSY_REST_MS })
    : endUnlessApplied(court, job, threw(job, error))
}

async function judgeDeath(court: Court, job: JobRow, { death }: ProcessDied): Promise<Verdict> {
  const { context, isStopping } = court
  const now = findJobById(context.db, job.id)
  if (now === undefined) return 'gone'
  if (now.cancelRequested) return endCancelled(court, now)
  if (isStopping) return giveBack({ refund: true, restMs: 0 })
  log('warn', 'job.process_died', { job: job.id, death, strikes: now.strikes })
  if (death === 'unstarted') {
    // It is no fault of the job's that the machine lets no process start. Its card says so, and that of all that wait.
    context.workers.missing = true
    return giveBack({ refund: true, restMs: UNHANDLED_REST_MS })
  }
  if (now.strikes >= MAX_STRIKES) return endUnlessApplied(court, now, poison(death, now.kind))
  return giveBack({ refund: false, restMs: REST_MS[now.strikes] ?? 0 })
}

/** The process is gone, but its transaction may have been committed just before: the ledger knows. */
async function endCancelled(court: Court, job: JobRow): Promise<Verdict> {
  try {
    return (await findApplied(court, job)) ?? 'cancelled'
  } catch (error) {
    if (error instanceof ProcessDied || isBusy(error)) throw error
    return threw(job, error)
  }
}

/** Nor is it said of a job that it failed and changed nothing when its transaction has been committed. */
export async function endUnlessApplied(
  court: Pick<Court, 'context' | 'pool'>,
  job: JobRow,
  end: JobEnd,
): Promise<JobEnd> {
  try {
    return (await findApplied(court, job)) ?? end
  } catch (error) {
    if (error instanceof ProcessDied || isBusy(error)) throw error
    return end
  }
}

async function findApplied(
  { context, pool }: Pick<Court, 'context' | 'pool'>,
  job: JobRow,
): Promise<JobEnd | undefined> {
  if (job.kind === 'export') return undefined
  const { data } = context.config
  const staging = job.kind === 'import' ? data.staging(job.id) : null
  const table = data.table(job.templateId)
  const applied = await pool.run({ kind: 'import.applied', table, staging, jobId: job.id })
  return applied === null ? undefined : { status: 'completed', ...applied, rows: applied.counts.read }
}

function giveBack({ refund, restMs }: Omit<GiveBack, 'status'>): GiveBack {
  return { status: 'again', refund, restMs }
}

function isBusy(error: unknown): boolean {
  return error instanceof WorkFailed && error.code.startsWith('SQLITE_BUSY')
}

function threw(job: JobRow, error: unknown): JobEnd {
  const reference = newId().slice(-8)
  log('error', 'job.failed', { job: job.id, reference, error })
  return failedBy(error, reference)
}
