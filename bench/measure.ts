import { execFile } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { NODE_FLAGS } from '../src/processes/node-flags.ts'
import { DATA_FOLDER } from './data-files.ts'
import type { Stored } from './stored-items.ts'

/** What is looked at when the time was taken: the file that was written, or the table and what is in it. */
type Result = { file: string } | { table: string; stored: Stored }

/** What the process of a candidate is told to do. `module` is relative to this folder, `call` one of its functions. */
export type Task = { module: string; call: string; result?: Result } & (
  | { kind: 'read'; file: string }
  | { kind: 'write'; table: string; dates: boolean; out: string }
  /** Reading with a peer, then the peers' checks and upserts. */
  | { kind: 'import'; file: string; table: string }
  /** One of Sheetport's own jobs. */
  | { kind: 'job'; input: object }
)

/** `check` sums up all values that were read, written or stored; see tally.ts. */
export type Measured = { ms: number; cpuMs: number; peakMb: number; rows: number; check: string }
export type Outcome = Measured | { failed: string }

const CANDIDATE = fileURLToPath(new URL('./candidate.ts', import.meta.url))
const MOST_OUTPUT = 16 * 1024 * 1024

/**
 * Runs a task in a fresh process, Sheetport's own as it runs in a job process. A candidate that crashes, or takes too
 * long, has failed; the others go on.
 */
export function measure(task: Task, { longestMs }: { longestMs: number }): Promise<Outcome> {
  // As in a job process, what Node compiled is kept: a thread that a candidate starts loads its modules while time is taken.
  const env = { TZ: 'UTC', NODE_COMPILE_CACHE: path.join(DATA_FOLDER, 'compiled') }
  const options = { env, timeout: longestMs, killSignal: 'SIGKILL', maxBuffer: MOST_OUTPUT } as const
  return new Promise((resolve) => {
    const flags = task.module.startsWith('./peers/') ? [] : NODE_FLAGS
    execFile(process.execPath, [...flags, CANDIDATE, JSON.stringify(task)], options, (error, stdout, stderr) => {
      const last = stdout.trim().split('\n').at(-1) ?? ''
      if (error === null && last.startsWith('{')) return resolve(JSON.parse(last))
      resolve({ failed: error?.signal === 'SIGKILL' ? `took more than ${longestMs / 1000} s` : reason(stderr) })
    })
  })
}

/** The line that names the error, of a whole stack. */
function reason(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim())
  const named =
    lines.find((line) => /^(\w*Error|FATAL ERROR)\b/.test(line)) ?? lines.find((line) => line.includes('Error'))
  return (named ?? lines.find((line) => line !== '') ?? 'ended without a result').slice(0, 120)
}
