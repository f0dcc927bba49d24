/** What is known at this moment of the processes that work on jobs. It is about now, so nothing of it is kept. */
export class Workers {
  readonly #signs = new Map<string, number>()
  /** The last time that a process was needed, none could be started. */
  missing = false

  /** The process that works on this job has said something. */
  heard(jobId: string): void {
    this.missing = false
    this.#signs.set(jobId, performance.now())
  }

  ended(jobId: string): void {
    this.#signs.delete(jobId)
  }

  /** How long the process of a job has been silent, by a clock that does not jump; null when nobody works on it. */
  silentMs(jobId: string): number | null {
    const heard = this.#signs.get(jobId)
    return heard === undefined ? null : Math.round(performance.now() - heard)
  }
}
