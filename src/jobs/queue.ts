import {
  claimJob,
  findJobById,
  listClaimableJobs,
  listProcessingJobs,
  setJobDetails,
  setJobPending,
  setJobProgress,
} from '../db/jobs.ts'
import type { JobRow } from '../db/schema.ts'
import { findTemplateRow, listColumnRows, toShape } from '../db/templates.ts'
import { findUserById } from '../db/users.ts'
import { newId } from '../ids.ts'
import { log } from '../log.ts'
import { ProcessDied, type ProcessPool, WorkFailed } from '../processes/pool.ts'
import type { Context } from '../services/context.ts'
import type { JobKind } from '../states.ts'
import { failedBy, MAX_STRIKES, poison } from './failures.ts'
import { finishJob } from './finish.ts'
import type { JobEnd, JobHandler } from './handlers.ts'
import { ProgressMeter } from './progress.ts'
import { runExportJob } from './run-export.ts'
import { runImportJob } from './run-import.ts'
import { runUndoJob } from './run-undo.ts'

const HANDLERS: Record<JobKind, JobHandler> = {
  import: runImportJob,
  undo: runUndoJob,
  export: runExportJob,
}

/** How long a job rests after its process died, so that a crash does not turn into a loop that eats the machine. */
const REST_MS = [0, 1000, 5000]

type Running = { abort: AbortController; ended: Promise<void> }

/**
 * Runs what the jobs table says must run. The table is the truth and this class only claims: a job when a process is
 * free for it and no other job works on its template's table.
 */
export class JobQueue {
  readonly #context: Context
  readonly #pool: ProcessPool
  readonly #running = new Map<string, Running>()
  readonly #resting = new Map<string, NodeJS.Timeout>()
  #stopping = false

  constructor(context: Context, pool: ProcessPool) {
    this.#context = context
    this.#pool = pool
  }

  /** Takes up what an earlier life of the server left behind, and listens for more. */
  start(): void {
    for (const job of listProcessingJobs(this.#context.db)) this.#recover(job)
    this.#context.events.on('job.enqueued', this.#wake)
    this.#context.events.on('job.cancel_requested', this.#cancel)
    this.#wake()
  }

  /** Claims nothing more, ends what runs and gives it back without a strike. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#context.events.off('job.enqueued', this.#wake)
    this.#context.events.off('job.cancel_requested', this.#cancel)
    for (const timer of this.#resting.values()) clearTimeout(timer)
    for (const { abort } of this.#running.values()) abort.abort()
    await Promise.all([...this.#running.values()].map((running) => running.ended))
    await this.#pool.close()
  }

  /** Nobody works on this job: only one server uses the data folder, and this one has just started. */
  #recover(job: JobRow): void {
    if (job.cancelRequested || job.strikes < MAX_STRIKES) {
      setJobPending(this.#context.db, job.id, { refund: false })
      this.#changed(job)
    } else {
      finishJob(this.#context, job, { end: poison('crashed'), elapsedMs: job.elapsedMs })
    }
  }

  readonly #wake = (): void => {
    if (this.#stopping) return
    for (const job of listClaimableJobs(this.#context.db, this.#pool.free + this.#resting.size)) {
      if (this.#pool.free <= 0) return
      if (this.#resting.has(job.id) || this.#tableTaken(job)) continue
      const claimed = claimJob(this.#context.db, job.id, newId())
      if (claimed !== undefined) this.#start(claimed)
    }
  }

  /** The list was read before the first claim of this round: a second job of the same template must wait now. */
  #tableTaken(job: JobRow): boolean {
    if (job.kind === 'export') return false
    return listProcessingJobs(this.#context.db).some(
      (other) => other.templateId === job.templateId && other.kind !== 'export',
    )
  }

  #start(job: JobRow): void {
    const abort = new AbortController()
    const ended = this.#run(job, abort.signal)
      .catch((error) => log('error', 'job.unhandled', { job: job.id, error }))
      .finally(() => {
        this.#running.delete(job.id)
        this.#wake()
      })
    this.#running.set(job.id, { abort, ended })
    this.#changed(job)
  }

  async #run(job: JobRow, signal: AbortSignal): Promise<void> {
    const meter = new ProgressMeter({ beforeMs: job.elapsedMs, phased: job.kind === 'import' })
    try {
      const end = await this.#work(job, { meter, signal })
      finishJob(this.#context, job, { end, elapsedMs: meter.elapsedMs })
    } catch (error) {
      if (error instanceof ProcessDied) await this.#processDied(job, { error, meter })
      else if (error instanceof WorkFailed && error.code.startsWith('SQLITE_BUSY'))
        this.#giveBack(job, { refund: true })
      else this.#threw(job, { error, meter })
    }
  }

  async #work(job: JobRow, { meter, signal }: { meter: ProgressMeter; signal: AbortSignal }): Promise<JobEnd> {
    // A cancel that came while the server was down, or between two attempts.
    if (job.cancelRequested) throw new ProcessDied(job.kind, 'ended')
    const template = findTemplateRow(this.#context.db, { id: job.templateId, teamId: job.teamId })
    if (template === undefined) throw new Error(`job ${job.id} is for template ${job.templateId}, which does not exist`)
    const person = job.createdBy === null ? undefined : findUserById(this.#context.db, job.createdBy)
    return HANDLERS[job.kind]({
      context: this.#context,
      pool: this.#pool,
      job,
      shape: toShape(template, listColumnRows(this.#context.db, template.id)),
      actor: person?.name ?? 'someone who has left',
      signal,
      reporter: {
        progress: (progress) => {
          setJobProgress(this.#context.db, job.id, meter.measure(progress))
          this.#changed(job)
        },
        details: (details) => {
          setJobDetails(this.#context.db, job.id, details)
          this.#changed(job)
        },
      },
    })
  }

  async #processDied(job: JobRow, { error, meter }: { error: ProcessDied; meter: ProgressMeter }): Promise<void> {
    const now = findJobById(this.#context.db, job.id)
    if (now === undefined) return
    if (now.cancelRequested) return this.#cancelled(now, meter)
    if (this.#stopping) return this.#giveBack(now, { refund: true })
    log('warn', 'job.process_died', { job: job.id, death: error.death, strikes: now.strikes })
    if (now.strikes >= MAX_STRIKES) {
      return finishJob(this.#context, now, { end: poison(error.death), elapsedMs: meter.elapsedMs })
    }
    this.#rest(now.id, REST_MS[now.strikes] ?? 0)
    this.#giveBack(now, { refund: false })
  }

  /** The process is gone, but its transaction may have been committed just before: the ledger knows. */
  async #cancelled(job: JobRow, meter: ProgressMeter): Promise<void> {
    const table = this.#context.config.data.table(job.templateId)
    const applied =
      job.kind === 'export' ? null : await this.#context.desk.run({ kind: 'import.applied', table, jobId: job.id })
    const end: JobEnd | 'cancelled' = applied === null ? 'cancelled' : { status: 'completed', ...applied }
    finishJob(this.#context, job, { end, elapsedMs: meter.elapsedMs })
  }

  #threw(job: JobRow, { error, meter }: { error: unknown; meter: ProgressMeter }): void {
    const reference = newId().slice(-8)
    log('error', 'job.failed', { job: job.id, reference, error })
    finishJob(this.#context, job, { end: failedBy(error, reference), elapsedMs: meter.elapsedMs })
  }

  #giveBack(job: JobRow, { refund }: { refund: boolean }): void {
    setJobPending(this.#context.db, job.id, { refund })
    this.#changed(job)
    if (refund && !this.#stopping) this.#rest(job.id, 1000)
  }

  #rest(jobId: string, ms: number): void {
    const timer = setTimeout(() => {
      this.#resting.delete(jobId)
      this.#wake()
    }, ms)
    this.#resting.set(jobId, timer)
  }

  readonly #cancel = ({ jobId }: { jobId: string }): void => {
    this.#running.get(jobId)?.abort.abort()
  }

  #changed(job: JobRow): void {
    this.#context.events.emit('job.changed', { jobId: job.id, templateId: job.templateId, teamId: job.teamId })
  }
}
