import PQueue from 'p-queue'
import type { ToldError } from '../told-error.ts'
import type { Answer, Kind, Task } from './protocol.ts'
import { type Death, type RunOptions, WorkProcess } from './work-process.ts'

export type PoolOptions = {
  /** How many processes work at once. */
  size: number
  /** The resident size at which a process is ended. */
  memoryBytes: number
  /** How long a process may give no sign of life before it is ended. */
  stallMs: number
  /** Whether it gives way, where both want the processor, to the processes that people wait for. */
  isBackground?: boolean
}

/** Questions that may take as long as a file or a table is large: one process is always left for the quick ones. */
const SLOW: ReadonlySet<Kind> = new Set<Kind>([
  'changes.list',
  'changes.plan',
  'columns.propose',
  'history.forget',
  'problems.file',
  'table.plan',
  'table.sync',
  'undo.plan',
])

/** The process was ended or ended itself before it answered. */
export class ProcessDied extends Error {
  readonly death: Death
  constructor(kind: Kind, death: Death) {
    super(`the process died while it worked on ${kind}: ${death}`)
    this.name = 'ProcessDied'
    this.death = death
  }
}

/** The work threw. `code` is the thrown error's own code, such as SQLITE_BUSY or ENOSPC. */
export class WorkFailed extends Error {
  readonly code: string
  /** The error's own sentence. */
  readonly reason: string
  constructor(kind: Kind, error: ToldError) {
    super(`${kind}: ${error.message}`, { cause: error.stack })
    this.name = 'WorkFailed'
    this.code = error.code
    this.reason = error.message
  }
}

/**
 * Processes that work beside the main one, each on one thing at a time, started when needed and reused.
 * More work than processes waits in order, and slow questions wait for each other.
 */
export class ProcessPool {
  readonly #options: PoolOptions
  readonly #queue: PQueue
  /** What is slow waits here first, so that it never takes the last process. */
  readonly #slow: PQueue
  readonly #idle: WorkProcess[] = []
  readonly #all = new Set<WorkProcess>()
  #closed = false

  constructor(options: PoolOptions) {
    this.#options = options
    this.#queue = new PQueue({ concurrency: options.size })
    this.#slow = new PQueue({ concurrency: Math.max(1, options.size - 1) })
  }

  /** Runs one piece of work. Rejects with `WorkFailed` when it throws and with `ProcessDied` when its process ends. */
  async run<T extends Task>(task: T, options: RunOptions = {}): Promise<Answer<T['kind']>> {
    const inTurn = () => this.#queue.add(() => this.#runNow(task, options))
    return SLOW.has(task.kind) ? this.#slow.add(inTurn) : inTurn()
  }

  async #runNow<T extends Task>(task: T, options: RunOptions): Promise<Answer<T['kind']>> {
    const unwanted = options.signal?.aborted || options.stop?.signal.aborted
    if (this.#closed || unwanted) throw new ProcessDied(task.kind, 'ended')
    const worker = this.#idle.pop() ?? this.#start()
    try {
      const result = await worker.run(task, options)
      if (result.type === 'died') throw new ProcessDied(task.kind, result.death)
      if (result.type === 'failed') throw new WorkFailed(task.kind, result.error)
      // The process answers with the type that its handler for this kind has; see entry.ts.
      return result.answer as Answer<T['kind']>
    } finally {
      if (worker.reusable && !this.#closed) this.#idle.push(worker)
      else worker.end()
    }
  }

  #start(): WorkProcess {
    const worker = new WorkProcess(this.#options)
    this.#all.add(worker)
    worker.onExit(() => {
      this.#all.delete(worker)
      const at = this.#idle.indexOf(worker)
      if (at >= 0) this.#idle.splice(at, 1)
    })
    return worker
  }

  /** Ends every process and waits until they are gone. What they worked on rejects with `ProcessDied`. */
  async close(): Promise<void> {
    this.#closed = true
    const idle = new Set(this.#idle)
    await Promise.all([...this.#all].map((worker) => (idle.has(worker) ? worker.leave() : worker.end())))
    await Promise.all([this.#slow.onIdle(), this.#queue.onIdle()])
  }
}
