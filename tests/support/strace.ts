import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

const STRACE = '/usr/bin/strace'

export type Injection = {
  calls: readonly string[]
  /** What happens at these calls instead, as strace(1) says it: `error=EIO`, `signal=KILL:when=3`. */
  fault: string
  /** Only of the thread that JavaScript runs in, and not of those beside it. */
  mainThread?: boolean
}

/** Whether this machine can watch system calls. */
export function canInject(): boolean {
  return existsSync(STRACE)
}

/** A command that starts another one, to which this is done. */
export function injectFromStart(injection: Injection): string[] {
  return [STRACE, '-qq', '--seccomp-bpf', ...options(injection)]
}

function options({ calls, fault, mainThread = false }: Injection): string[] {
  const names = calls.join(',')
  return [...(mainThread ? [] : ['-f']), '-o', '/dev/null', '-e', `trace=${names}`, '-e', `inject=${names}:${fault}`]
}

/** Something that is done to the system calls of processes that run already. */
export class Injected {
  readonly #strace: ChildProcess
  readonly #exited: Promise<void>

  private constructor(strace: ChildProcess) {
    this.#strace = strace
    this.#exited = new Promise((resolve) => strace.once('exit', () => resolve()))
  }

  /** Resolves when it holds for everything that these processes do from now on. */
  static async into(pids: number[], injection: Injection): Promise<Injected> {
    const which = pids.flatMap((pid) => ['-p', String(pid)])
    const strace = spawn(STRACE, [...options(injection), ...which], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const injected = new Injected(strace)
    let said = ''
    await new Promise<void>((resolve, reject) => {
      strace.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text
        // One that was about to go is gone.
        const named = (pid: number) => new RegExp(`Process ${pid} attached|SEIZE, ${pid}\\)`).test(said)
        if (pids.every(named)) resolve()
      })
      strace.once('error', reject)
      strace.once('exit', () => reject(new Error(`strace did not stay: ${said}`)))
    })
    return injected
  }

  /** Lets those that still live go on as they like. */
  async end(): Promise<void> {
    // Asked kindly, it waits for each thread to stop, and now and then for ever; the system lets go of all of them at once.
    this.#strace.kill('SIGKILL')
    await this.#exited
  }
}
