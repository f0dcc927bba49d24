import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { childrenOf, isAlive, openFiles } from '../support/processes.ts'

export const OWNER = { email: 'owner@example.org', password: 'correct horse battery' }

const START_WITHIN_MS = 180_000

/** It ended before it could serve, which is what a kill during its start looks like. */
export class DiedEarly extends Error {}

export type ServerOptions = {
  folder: string
  /** The sources to run. */
  source: string
  env?: Record<string, string>
  /** A program that starts the server and watches over it. */
  wrap?: string[]
}

/** A server under torture, in a process of its own. */
export class Server {
  readonly url: string
  readonly exited: Promise<number | null>
  /** Of the server itself, also when a program is wrapped around it. */
  readonly pid: number
  readonly #child: ChildProcess
  readonly #output: { text: string }
  /** Every process that this server was seen to start. */
  readonly #workers = new Set<number>()

  private constructor(
    child: ChildProcess,
    started: Pick<Server, 'url' | 'exited' | 'pid'> & { output: { text: string } },
  ) {
    this.#child = child
    this.url = started.url
    this.exited = started.exited
    this.pid = started.pid
    this.#output = started.output
  }

  /** Throws `DiedEarly` when it ends before it serves. */
  static async start({ folder, source, env = {}, wrap = [] }: ServerOptions): Promise<Server> {
    const [command = '', ...args] = [...wrap, process.execPath, '--import', 'tsx', 'src/main.ts']
    const child = spawn(command, args, {
      cwd: source,
      env: { PORT: '0', DATA_DIR: folder, OWNER_EMAIL: OWNER.email, OWNER_PASSWORD: OWNER.password, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = { text: '' }
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output.text += text
      })
    }
    const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
    const until = performance.now() + START_WITHIN_MS
    for (;;) {
      const url = /running at (\S+)\n/.exec(output.text)?.[1]
      const pid = (wrap.length === 0 ? child.pid : childrenOf(child.pid ?? 0)[0]) ?? 0
      if (url !== undefined) return new Server(child, { url, exited, pid, output })
      if (child.exitCode !== null || child.signalCode !== null) throw new DiedEarly(output.text)
      if (performance.now() > until) {
        for (const each of [pid, child.pid ?? 0]) end(each)
        throw new Error(`the server did not start: ${output.text}`)
      }
      await sleep(5)
    }
  }

  get output(): string {
    return this.#output.text
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** The processes beside it, those that have a table or a staging file open first. */
  workers(): number[] {
    const all = childrenOf(this.pid).map((pid) => ({ pid, busy: openFiles(pid).some((file) => file.endsWith('.db')) }))
    for (const { pid } of all) this.#workers.add(pid)
    return all.sort((a, b) => Number(b.busy) - Number(a.busy)).map(({ pid }) => pid)
  }

  /** One that works on a job right now, if there is one. */
  busyWorker(): number | undefined {
    return this.workers().find((pid) => openFiles(pid).some((file) => file.includes('/staging/')))
  }

  /** Ends it as a power switch does; its other processes see that it is gone. */
  async kill(): Promise<void> {
    this.workers()
    end(this.pid)
    await this.exited
  }

  /** Ends it and everything beside it at the same instant. */
  async killAll(): Promise<void> {
    const workers = this.workers()
    for (const pid of [this.pid, ...workers]) end(pid)
    await this.exited
  }

  /** Asks it to stop; answers its exit code and how long that took. */
  async stop(): Promise<{ code: number | null; ms: number }> {
    const asked = performance.now()
    this.workers()
    process.kill(this.pid, 'SIGTERM')
    const code = await this.exited
    return { code, ms: performance.now() - asked }
  }

  /** Processes that outlived it by more than a moment. */
  async orphans(): Promise<number[]> {
    const until = performance.now() + 10_000
    let left = [...this.#workers].filter(isAlive)
    while (left.length > 0 && performance.now() < until) {
      await sleep(20)
      left = left.filter(isAlive)
    }
    return left
  }
}

function end(pid: number): void {
  try {
    if (pid > 0) process.kill(pid, 'SIGKILL')
  } catch {
    // It was quicker.
  }
}
