import { type ChildProcess, fork } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { ToldError } from '../told-error.ts'
import { NODE_FLAGS } from './node-flags.ts'
import { boundToThisProcess, NEVER_BEGAN } from './parent-watch.ts'
import type { FromProcess, Reporter, Task, ToProcess } from './protocol.ts'
import { bytesMoved, residentBytes } from './seen-from-outside.ts'

/** Why a process is gone: it crashed, was ended on request, grew too large, gave no sign of life, or was never there. */
export type Death = 'crashed' | 'ended' | 'memory' | 'stalled' | 'unstarted'

type Result = { type: 'done'; answer: unknown } | { type: 'failed'; error: ToldError } | { type: 'died'; death: Death }

/** How work is steered while it runs. */
export type RunOptions = Partial<Reporter> & {
  /** Ends the process at once. */
  signal?: AbortSignal
  /** Asks the work to stop at its next safe point, by making `file`; soon after, the process is ended all the same. */
  stop?: { signal: AbortSignal; file: string }
  /** The process has said something. */
  onSign?: () => void
}

type Running = { run: number; options: RunOptions; finish: (result: Result) => void }

const ENTRY = fileURLToPath(new URL('./entry.ts', import.meta.url))
/** What Node has compiled, kept for the next process; where this can't be written, each compiles for itself. */
const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/sheetport', import.meta.url))
const WATCH_MS = 250
/** A third of the share of a process that does not give way, where both want the processor. */
export const BACKGROUND = 5
const LEAVE_WITHIN_MS = 2000
/** A process that grew above this is not kept for the next piece of work. */
const KEEP_BELOW_BYTES = 400 * 1024 * 1024
/** Work that is asked to stop has this long, so that whoever cancels sees it happen within a second. */
const STOP_GRACE_MS = 700
/** A statement at work moves this much in no time. */
const AT_WORK_BYTES = 64 * 1024

/** One forked process and what it works on. SIGKILL ends it at any instant; SQLite rolls its transaction back. */
export class WorkProcess {
  readonly #child: ChildProcess
  readonly #exited: Promise<void>
  readonly #limits: { memoryBytes: number; stallMs: number }
  #running: Running | undefined
  #runs = 0
  #death: Death = 'crashed'
  #gone = false
  #rss = 0
  #moved = 0
  #lastSign = performance.now()

  constructor({ isBackground = false, ...limits }: { memoryBytes: number; stallMs: number; isBackground?: boolean }) {
    this.#limits = limits
    // The heap limit makes V8 give up with its own error a little before the watchdog sees the whole process swell.
    const heapMb = Math.floor(limits.memoryBytes / 1024 / 1024)
    // A bare environment and no inherited loader: the child reads untrusted files, and is plain TypeScript.
    const { execPath, execArgv, args } = boundToThisProcess()
    this.#child = fork(ENTRY, args, {
      execPath,
      execArgv: [...execArgv, `--max-old-space-size=${heapMb}`, ...NODE_FLAGS],
      env: { TZ: 'UTC', NODE_COMPILE_CACHE: COMPILED },
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    if (isBackground) giveWay(this.#child)
    this.#exited = new Promise((resolve) => {
      const gone = () => {
        this.#gone = true
        this.#settle({ type: 'died', death: this.#death })
        resolve()
      }
      this.#child.once('exit', (code, signal) => {
        if (code !== null && NEVER_BEGAN.has(code)) this.#death = 'unstarted'
        // V8 aborts when its heap is full, which may come before the watch has seen the process grow.
        if (signal === 'SIGABRT') this.#death = 'memory'
        gone()
      })
      this.#child.on('error', () => {
        if (this.#child.pid !== undefined) return void this.end('crashed')
        // One that could not even be started never exits.
        this.#death = 'unstarted'
        gone()
      })
    })
    this.#child.on('message', (message) => this.#receive(message as FromProcess))
  }

  get reusable(): boolean {
    return !this.#gone && !this.#child.killed && this.#rss < KEEP_BELOW_BYTES
  }

  onExit(listener: () => void): void {
    void this.#exited.then(listener)
  }

  async run(task: Task, options: RunOptions): Promise<Result> {
    if (this.#child.pid === undefined) await this.#exited
    const run = ++this.#runs
    this.#lastSign = performance.now()
    const watch = setInterval(() => this.#watch(), WATCH_MS)
    const end = () => this.end('ended')
    options.signal?.addEventListener('abort', end, { once: true })
    const unlisten = options.stop === undefined ? undefined : this.#stopWhenAsked(options.stop)
    try {
      return await new Promise<Result>((finish) => {
        if (this.#gone) return finish({ type: 'died', death: this.#death })
        this.#running = { run, options, finish }
        this.#child.send({ type: 'run', run, task, stop: options.stop?.file ?? null } satisfies ToProcess, (error) => {
          if (error) this.end('crashed')
        })
      })
    } finally {
      clearInterval(watch)
      options.signal?.removeEventListener('abort', end)
      unlisten?.()
    }
  }

  #stopWhenAsked({ signal, file }: NonNullable<RunOptions['stop']>): () => void {
    let grace: NodeJS.Timeout | undefined
    // One may be left from an earlier life of the server.
    rmSync(file, { force: true })
    const ask = () => {
      try {
        writeFileSync(file, '')
        grace = setTimeout(() => this.end('ended'), STOP_GRACE_MS)
      } catch {
        // On a full disk not even an empty file can be made.
        void this.end('ended')
      }
    }
    signal.addEventListener('abort', ask, { once: true })
    return () => {
      clearTimeout(grace)
      signal.removeEventListener('abort', ask)
      rmSync(file, { force: true })
    }
  }

  /** Ends the process at once and waits until it is gone. */
  end(death: Death = 'ended'): Promise<void> {
    if (!this.#gone && !this.#child.killed) {
      this.#death = death
      this.#child.kill('SIGKILL')
    }
    return this.#exited
  }

  /** Lets an idle process close the files that it keeps open, and go. */
  async leave(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect()
    const timer = setTimeout(() => void this.end(), LEAVE_WITHIN_MS)
    await this.#exited
    clearTimeout(timer)
  }

  #receive(message: FromProcess): void {
    this.#lastSign = performance.now()
    this.#running?.options.onSign?.()
    if (message.type === 'alive') this.#rss = message.rss
    if (message.type === 'ready' || message.type === 'alive') return
    const running = this.#running
    if (running === undefined || running.run !== message.run) return
    if (message.type === 'progress') running.options.progress?.(message.progress)
    else if (message.type === 'details') running.options.details?.(message.details)
    else this.#settle(message)
  }

  #settle(result: Result): void {
    const running = this.#running
    this.#running = undefined
    running?.finish(result)
  }

  #watch(): void {
    this.#rss = residentBytes(this.#child.pid) ?? this.#rss
    const moved = bytesMoved(this.#child.pid) ?? this.#moved
    if (moved - this.#moved >= AT_WORK_BYTES) {
      this.#lastSign = performance.now()
      this.#moved = moved
    }
    if (this.#rss > this.#limits.memoryBytes) void this.end('memory')
    else if (performance.now() - this.#lastSign > this.#limits.stallMs) void this.end('stalled')
  }
}

/** Before it has begun: on Linux only the threads that a process starts from now on are as patient as itself. */
function giveWay({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    setPriority(pid, BACKGROUND)
  } catch {
    // It may be gone already, and where it is not allowed nothing depends on it.
  }
}
