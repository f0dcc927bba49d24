import { findJobById } from '../db/jobs.ts'
import { unsynced } from '../db/open.ts'
import { claimJob, listProcessingJobs, setJobPending } from '../db/running-jobs.ts'
import type { JobRow } from '../db/schema.ts'
import { findTemplateRow, listColumnRows, toShape } from '../db/templates.ts'
import { findUserById } from '../db/users.ts'
import { tellJobChanged } from '../events.ts'
import { newId } from '../ids.ts'
import { log } from '../log.ts'
import { ProcessDied, type ProcessPool } from '../processes/pool.ts'
import type { Context } from '../services/context.ts'
import { type JobKind, MAX_STRIKES } from '../states.ts'
import { poison } from './failures.ts'
import { finishJob } from './finish.ts'
import type { JobEnd, JobHandler } from './handlers.ts'
import { removeLeftovers } from './leftovers.ts'
import { JobNotes } from './notes.ts'
import { ProgressMeter } from './progress.ts'
import { runExportJob } from './run-export.ts'
import { runImportJob } from './run-import.ts'
import { runUndoJob } from './run-undo.ts'
import { watchSignsOfLife } from './signs-of-life.ts'
import { type Place, Turns } from './turns.ts'
import { endUnlessApplied, type GiveBack, judge, UNHANDLED_REST_MS } from './verdict.ts'

const HANDLERS: Record<JobKind, JobHandler> = {
  import: runImportJob,
  undo: runUndoJob,
  export: runExportJob,
}

type Running = Steering & { place: Place | typeof BESIDE; ended: Promise<void> }
/** A job that is only asked about takes no place from those that run, and waits for no table. */
const BESIDE = 'beside'
/** `stop` asks a job to stop where it is safe; `kill` ends its process. */
type Steering = { stop: AbortController; kill: AbortController }

/** `again` when the job was given back and is to be claimed once more. */
type Outcome = JobEnd | 'cancelled' | 'again'

/**
 * Runs what the jobs table says must run. The table is the truth and this class only claims: a job when there is a place
 * for it and no other job works on its template's table.
 */
export class JobQueue {
  readonly #context: Context
  readonly #pool: ProcessPool
  readonly #running = new Map<string, Running>()
  readonly #resting = new Map<string, NodeJS.Timeout>()
  readonly #turns: Turns
  #endWatch: () => void = () => {}
  #stopping = false

  constructor(context: Context, pool: ProcessPool) {
    this.#context = context
    this.#pool = pool
    this.#turns = new Turns(context.db, context.config.jobConcurrency)
  }

  /** Takes up what an earlier life of the server left behind, and listens for more. */
  start(): void {
    for (const job of listProcessingJobs(this.#context.db)) this.#recover(job)
    this.#context.events.on('job.enqueued', this.#enqueued)
    this.#context.events.on('job.cancel_requested', this.#cancel)
    this.#endWatch = watchSignsOfLife(this.#context, () => this.#running.keys())
    this.#wake()
  }

  /** Claims nothing more, stops what runs where it is safe, and gives it back without a strike. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#context.events.off('job.enqueued', this.#enqueued)
    this.#context.events.off('job.cancel_requested', this.#cancel)
    this.#endWatch()
    for (const timer of this.#resting.values()) clearTimeout(timer)
    for (const { stop } of this.#running.values()) stop.abort()
    await Promise.all([...this.#running.values()].map((running) => running.ended))
    await this.#pool.close()
  }

  /** Nobody works on this job: only one server uses the data folder, and this one has just started. */
  #recover(job: JobRow): void {
    if (job.cancelRequested) {
      this.#start(job, BESIDE)
      return
    }
    if (job.strikes >= MAX_STRIKES) {
      this.#watch(job, { ...newSteering(), place: BESIDE, work: this.#giveUp(job) })
      return
    }
    try {
      setJobPending(this.#context.db, job.id, { refund: false })
      this.#changed(job)
    } catch (error) {
      this.#unhandled(job, error)
    }
  }

  /** It was being worked on each time that the server went down. */
  async #giveUp(job: JobRow): Promise<void> {
    const end = await endUnlessApplied({ context: this.#context, pool: this.#pool }, job, poison('crashed', job.kind))
    await removeLeftovers(this.#context, job, end)
    finishJob(this.#context, job, { end, elapsedMs: job.elapsedMs })
  }

  /** Somebody wants this job to run now, so what it was resting for is over. */
  readonly #enqueued = ({ jobId }: { jobId: string }): void => {
    clearTimeout(this.#resting.get(jobId))
    this.#resting.delete(jobId)
    this.#wake()
  }

  /** Whether nothing is left that could run now: that is claimed at once, unless something is badly wrong. */
  get moves(): boolean {
    return !this.#stopping && this.#next() === undefined
  }

  #wake(): void {
    if (this.#stopping) return
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const job = this.#claim(next.id)
      if (job === undefined) return
      this.#turns.took(job.teamId, next.place)
      this.#start(job, next.place)
    }
  }

  /** Where it can not be written down that a job is at work, as on a full disk, the job waits and that is tried again. */
  #claim(id: string): JobRow | undefined {
    const { db } = this.#context
    try {
      // Of a job that is still at work a moment later, the first note is synced, and its strike with it.
      return unsynced(db, () => claimJob(db, id, newId()))
    } catch (error) {
      log('error', 'job.not_claimed', { job: id, error })
      this.#rest(id, { ms: UNHANDLED_REST_MS, after: () => this.#wake() })
      return undefined
    }
  }

  /** The job that is to be claimed now. */
  #next(): { id: string; place: Place } | undefined {
    // As long as no process can be started, one job tries it for all, time and again.
    if (this.#context.workers.missing && this.#resting.size > 0) return undefined
    const taken = [...this.#running.values()].flatMap(({ place }) => (place === BESIDE ? [] : place))
    return this.#turns.next({ taken, except: [...this.#resting.keys()] })
  }

  #start(job: JobRow, place: Running['place']): void {
    const steering = newSteering()
    this.#watch(job, { ...steering, place, work: this.#run(job, steering) })
  }

  #watch(job: JobRow, { work, ...running }: Omit<Running, 'ended'> & { work: Promise<void> }): void {
    const ended = work
      .catch((error) => this.#unhandled(job, error))
      .finally(() => {
        this.#running.delete(job.id)
        this.#context.workers.ended(job.id)
        this.#wake()
      })
    this.#running.set(job.id, { ...running, ended })
    this.#changed(job)
  }

  async #run(job: JobRow, steering: Steering): Promise<void> {
    const meter = new ProgressMeter({ phased: job.kind === 'import', before: job })
    const notes = new JobNotes(this.#context, job, meter)
    try {
      const end = await this.#outcome(job, { notes, steering })
      if (end !== 'again') finishJob(this.#context, job, { end, elapsedMs: meter.elapsedMs, notes })
    } finally {
      notes.drop()
    }
  }

  async #outcome(job: JobRow, running: { notes: JobNotes; steering: Steering }): Promise<Outcome> {
    try {
      const end = await this.#work(job, running)
      // The wish to cancel crossed the answer that a person has to decide: it has been decided.
      return end.status === 'review' && this.#isCancelled(job.id) ? 'cancelled' : end
    } catch (error) {
      // How far it came decides whether the strike stands.
      running.notes.flush()
      const court = { context: this.#context, pool: this.#pool, isStopping: this.#stopping }
      const end = await judge(court, job, error)
      if (end === 'gone') return 'again'
      if (end !== 'cancelled' && end.status === 'again') return this.#giveBack(job, end)
      // The process was not there to do it, and once the end is written down a new attempt may want these files.
      await removeLeftovers(this.#context, job, end)
      return end
    }
  }

  #isCancelled(jobId: string): boolean {
    return findJobById(this.#context.db, jobId)?.cancelRequested ?? false
  }

  async #work(job: JobRow, { notes, steering }: { notes: JobNotes; steering: Steering }): Promise<JobEnd> {
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
      steering: {
        signal: steering.kill.signal,
        onSign: () => this.#context.workers.heard(job.id),
        stop: { signal: steering.stop.signal, file: this.#context.config.data.stop(job.id) },
        progress: notes.progress,
        details: notes.details,
      },
    })
  }

  #giveBack(job: JobRow, { refund, restMs }: Omit<GiveBack, 'status'>): 'again' {
    setJobPending(this.#context.db, job.id, { refund })
    if (!this.#stopping) this.#rest(job.id, { ms: restMs, after: () => this.#wake() })
    this.#changed(job)
    return 'again'
  }

  /** Nobody works on this job and its row does not say so: it is given back as soon as that can be written. */
  #unhandled(job: JobRow, error: unknown): void {
    log('error', 'job.unhandled', { job: job.id, error })
    // At the next start it is found.
    if (this.#stopping) return
    const giveBack = () => {
      try {
        this.#giveBack(job, { refund: true, restMs: 0 })
      } catch (again) {
        this.#unhandled(job, again)
      }
    }
    this.#rest(job.id, { ms: UNHANDLED_REST_MS, after: giveBack })
  }

  #rest(jobId: string, { ms, after }: { ms: number; after: () => void }): void {
    const timer = setTimeout(() => {
      this.#resting.delete(jobId)
      after()
    }, ms)
    this.#resting.set(jobId, timer)
  }

  /** Asked once, a job stops where it is safe; asked again, its process is ended. The table is the same either way. */
  readonly #cancel = ({ jobId }: { jobId: string }): void => {
    const running = this.#running.get(jobId)
    if (running === undefined) this.#askBeside(jobId)
    else if (running.stop.signal.aborted) running.kill.abort()
    else running.stop.abort()
  }

  /** It was interrupted and waits: it is not done any more, and whether it had been done is not asked in its turn. */
  #askBeside(jobId: string): void {
    const job = this.#claim(jobId)
    if (job === undefined) return
    // What it rested for is no longer wanted. (One that could not be claimed may rest for being given back.)
    clearTimeout(this.#resting.get(jobId))
    this.#resting.delete(jobId)
    this.#start(job, BESIDE)
  }

  #changed(job: JobRow): void {
    tellJobChanged(this.#context.events, job)
  }
}

function newSteering(): Steering {
  return { stop: new AbortController(), kill: new AbortController() }
}
