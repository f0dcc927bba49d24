import type { JobProgress } from '../db/running-jobs.ts'
import { PHASES, type Phase } from '../states.ts'
import type { Progress } from '../tables/progress.ts'

/** Which part of an import's time a phase usually takes, so that the bar moves evenly; the order is that of PHASES. */
const SHARES: Record<Phase, { from: number; share: number }> = {
  reading: { from: 0, share: 0.68 },
  comparing: { from: 0.68, share: 0.06 },
  applying: { from: 0.74, share: 0.26 },
}

/** The window over which speed and remaining time are measured. */
const WINDOW_MS = 5000
/** A remaining time is only said once there is something to judge by. */
const SURE_AFTER_MS = 2000

type Sample = { at: number; rows: number; overall: number; phase: Phase }

/**
 * Turns what a job process reports into what the card shows: the share of the whole, the speed over the last seconds
 * and an honest remaining time. Times are monotonic, so a clock that jumps changes nothing.
 */
export class ProgressMeter {
  readonly #phased: boolean
  readonly #started: number
  readonly #before: number
  readonly #samples: Sample[] = []
  #percent: number

  /**
   * `before` is how far an earlier attempt had come and how long that took. `phased` is false for work that has one phase
   * only.
   */
  constructor({ phased, before }: { phased: boolean; before: { elapsedMs: number; percent: number | null } }) {
    this.#phased = phased
    this.#started = performance.now()
    this.#before = before.elapsedMs
    this.#percent = before.percent ?? 0
  }

  get elapsedMs(): number {
    return Math.round(this.#before + performance.now() - this.#started)
  }

  measure(progress: Progress): JobProgress {
    const now = performance.now()
    const overall = this.#overall(progress)
    const sample = { at: now, rows: progress.rowsDone, overall: overall ?? 0, phase: progress.phase }
    this.#samples.push(sample)
    while (this.#samples[0] !== undefined && now - this.#samples[0].at > WINDOW_MS) this.#samples.shift()
    // A bar never runs backwards, not even when a crash made the reading start again.
    if (overall !== null) this.#percent = Math.max(this.#percent, Math.min(99, Math.floor(overall * 100)))
    return {
      phase: progress.phase,
      rowsDone: progress.rowsDone,
      rowsTotal: progress.rowsTotal,
      percent: overall === null ? null : this.#percent,
      groupsDone: progress.groupsDone,
      groupsTotal: progress.groupsTotal,
      speed: this.#speed(sample),
      etaMs: overall === null ? null : this.#remaining(sample),
      elapsedMs: this.elapsedMs,
      counts: progress.counts,
      furthest: this.#phased ? PHASES.indexOf(progress.phase) : 0,
    }
  }

  #overall(progress: Progress): number | null {
    if (progress.fraction === null) return null
    if (!this.#phased) return progress.fraction
    const { from, share } = SHARES[progress.phase]
    return from + share * progress.fraction
  }

  #speed(last: Sample): number | null {
    const first = this.#samples.find((sample) => sample.phase === last.phase)
    if (first === undefined || last.at - first.at < 500) return null
    return Math.round(((last.rows - first.rows) / (last.at - first.at)) * 1000)
  }

  #remaining(last: Sample): number | null {
    const first = this.#samples[0]
    if (first === undefined || last.at - this.#started < SURE_AFTER_MS) return null
    const gained = last.overall - first.overall
    if (gained <= 0) return null
    return Math.round(((1 - last.overall) / gained) * (last.at - first.at))
  }
}
