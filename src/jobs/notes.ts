import { type JobProgress, setJobDetails, setJobProgress } from '../db/running-jobs.ts'
import type { JobRow } from '../db/schema.ts'
import { tellJobChanged } from '../events.ts'
import { log } from '../log.ts'
import type { Reporter } from '../processes/protocol.ts'
import type { Context } from '../services/context.ts'
import type { ImportDetails } from '../tables/import-details.ts'
import type { Progress } from '../tables/progress.ts'
import type { ProgressMeter } from './progress.ts'

/**
 * A job that is over sooner is written down once, at its end; what comes later is written as often as it is pushed, and a
 * new phase at once.
 */
const EVERY_MS = 250

/** What a running job tells of itself, on its way into the jobs table: each write there is synced to the disk. */
export class JobNotes implements Reporter {
  readonly #context: Context
  readonly #job: JobRow
  readonly #meter: ProgressMeter
  #written = performance.now()
  /** The phase that was written last; null before the first. */
  #phase: JobProgress['phase'] = null
  #due: NodeJS.Timeout | undefined
  #progress: JobProgress | undefined
  #details: ImportDetails | undefined

  constructor(context: Context, job: JobRow, meter: ProgressMeter) {
    this.#context = context
    this.#job = job
    this.#meter = meter
  }

  readonly progress = (progress: Progress): void => {
    this.#progress = this.#meter.measure(progress)
    if (this.#phase !== null && progress.phase !== this.#phase) this.flush()
    else this.#schedule()
  }

  readonly details = (details: ImportDetails): void => {
    this.#details = details
    this.#schedule()
  }

  #schedule(): void {
    const wait = Math.max(0, this.#written + EVERY_MS - performance.now())
    this.#due ??= setTimeout(() => this.flush(), wait)
  }

  /** That something can't be noted now, on a full disk for example, is no reason to end the job, let alone the server. */
  flush(): void {
    if (this.#progress === undefined && this.#details === undefined) return
    try {
      this.#context.db.transaction(() => this.write())
      tellJobChanged(this.#context.events, this.#job)
    } catch (error) {
      log('warn', 'job.not_noted', { job: this.#job.id, error })
    }
  }

  /** Writes what is not written yet, inside the caller's transaction. */
  write(): void {
    const { id } = this.#job
    const [progress, details] = [this.#progress, this.#details]
    this.drop()
    if (progress !== undefined) {
      setJobProgress(this.#context.db, id, progress)
      this.#phase = progress.phase
    }
    if (details !== undefined) setJobDetails(this.#context.db, id, details)
  }

  /** Forgets what is not written yet: from here on somebody else may work on the job. */
  drop(): void {
    clearTimeout(this.#due)
    this.#due = undefined
    this.#progress = undefined
    this.#details = undefined
    this.#written = performance.now()
  }
}
