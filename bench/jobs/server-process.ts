import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const OWNER = { email: 'bench@example.org', password: 'long-enough-to-bench' }

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** As `npm start` starts it. */
const START = ['--max-semi-space-size=4', '--import', 'tsx']
const START_WITHIN_MS = 60_000
/** Linux counts in hundredths of a second, whatever its kernel does. */
const MS_PER_TICK = 10

/** Sheetport as a process of its own on a data folder, started as `npm start` does it. */
export class ServerProcess {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, url: string) {
    this.#child = child
    this.url = url
  }

  /** `program` is another one than `src/main.ts` that says as well where it is; what it sends goes to `onMessage`. */
  static async start(
    folder: string,
    {
      env = {},
      program = 'src/main.ts',
      onMessage,
    }: { env?: Record<string, string>; program?: string; onMessage?: (message: unknown) => void } = {},
  ): Promise<ServerProcess> {
    const child = spawn(process.execPath, [...START, program], {
      cwd: ROOT,
      env: { PORT: '0', DATA_DIR: folder, OWNER_EMAIL: OWNER.email, OWNER_PASSWORD: OWNER.password, ...env },
      stdio: ['ignore', 'pipe', 'inherit', ...(onMessage === undefined ? [] : ['ipc' as const])],
    })
    if (onMessage !== undefined) child.on('message', onMessage)
    const end = () => child.kill('SIGKILL')
    process.once('exit', end)
    child.once('exit', () => process.off('exit', end))
    return new ServerProcess(child, await addressOf(child))
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** As a power cut, or an impatient administrator, ends it. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill(signal)
    await exited
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const late = setTimeout(() => reject(new Error(`the server did not start: ${text}`)), START_WITHIN_MS)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)))
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-10_000)
      const url = /running at (\S+)\n/.exec(text)?.[1]
      if (url === undefined) return
      clearTimeout(late)
      resolve(url)
    })
  })
}

/** `cpuMs` is what it has used since it began, with all its threads. */
export type Use = { residentMb: number; openFiles: number; cpuMs: number }

/** What the server, and the processes that it has started, use at this moment. */
export function useOf(server: ServerProcess): { server: Use; processes: Use } {
  const uses = childrenOf(server.pid).map(useOfProcess)
  const sum = (of: keyof Use) => uses.reduce((total, use) => total + use[of], 0)
  return {
    server: useOfProcess(server.pid),
    processes: { residentMb: sum('residentMb'), openFiles: sum('openFiles'), cpuMs: sum('cpuMs') },
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
}

function useOfProcess(pid: number): Use {
  const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  // Field 14 and 15 of proc(5), the 12th and 13th behind the name, which may have anything in it.
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? []
  return {
    residentMb: Number(kib ?? 0) / 1024,
    openFiles: readdirSync(`/proc/${pid}/fd`).length,
    cpuMs: (Number(stat[11]) + Number(stat[12])) * MS_PER_TICK,
  }
}
