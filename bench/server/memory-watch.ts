import { readdirSync, readFileSync } from 'node:fs'

const EVERY_MS = 200

/**
 * The most memory that a process and all that it started took together, looked at five times a second. What processes
 * share, such as the program itself, is counted once (the "proportional set size" of Linux); elsewhere nothing is known.
 */
export class MemoryWatch {
  readonly #pid: number
  readonly #timer: NodeJS.Timeout
  #peakMb = 0

  constructor(pid: number) {
    this.#pid = pid
    this.#timer = setInterval(() => this.#look(), EVERY_MS)
  }

  /** Ends the watch. Undefined where the system does not tell. */
  end(): number | undefined {
    clearInterval(this.#timer)
    return this.#peakMb === 0 ? undefined : this.#peakMb
  }

  #look(): void {
    const mb = family(this.#pid).reduce((sum, pid) => sum + proportionalMb(pid), 0)
    this.#peakMb = Math.max(this.#peakMb, mb)
  }
}

function family(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(family)]
}

/** A process may end while it is looked at. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
  } catch {
    return []
  }
}

function proportionalMb(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}
