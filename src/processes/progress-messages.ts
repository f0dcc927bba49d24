import type { Progress } from '../tables/progress.ts'

/** The other side writes it down less often than this. */
const EVERY_MS = 100

/**
 * Lets through what whoever listens will show: a new phase at once, because what follows may be one long statement, the
 * rest now and then, and the last of it all. A small job reports ten times within a few milliseconds.
 */
export class ProgressMessages {
  readonly #send: (progress: Progress) => void
  #sent = performance.now()
  #phase: Progress['phase'] | undefined
  #held: Progress | undefined

  constructor(send: (progress: Progress) => void) {
    this.#send = send
  }

  add(progress: Progress): void {
    this.#held = progress
    if (progress.phase !== this.#phase || performance.now() - this.#sent >= EVERY_MS) this.flush()
  }

  flush(): void {
    if (this.#held === undefined) return
    this.#phase = this.#held.phase
    this.#sent = performance.now()
    this.#send(this.#held)
    this.#held = undefined
  }
}
