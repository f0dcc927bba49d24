import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Kind } from './mutant.ts'
import type { Verdict } from './verdict.ts'

/** What the process that reads mutants says. */
type Message = { begins: number } | { seed: number; verdict: Verdict; sentence: string }
export type Judged = { seed: number; verdict: Verdict; sentence: string }

const ENTRY = path.join(import.meta.dirname, 'read-mutants.ts')
const LONGEST_MS = 20_000
const MOST_BYTES = 768 * 1024 * 1024
const PAGE_BYTES = 4096
const LOOK_EVERY_MS = 100

/** Reads the mutants of these seeds in a process beside, and in another one when a mutant takes that one down. */
export async function judgeMutants(kind: Kind, seeds: number[], onJudged: (judged: Judged) => void): Promise<void> {
  let left = seeds
  while (left.length > 0) {
    const { judged, last } = await readUntilDeath(kind, left, onJudged)
    if (last !== undefined) onJudged(last)
    else if (judged < left.length) throw new Error('The process that reads mutants ended before it read one.')
    left = left.slice(judged + (last === undefined ? 0 : 1))
  }
}

/** How many got a verdict, and the one that ended the process. */
function readUntilDeath(
  kind: Kind,
  seeds: number[],
  onJudged: (judged: Judged) => void,
): Promise<{ judged: number; last: Judged | undefined }> {
  const child = fork(ENTRY, [kind, ...seeds.map(String)], {
    execArgv: ['--max-old-space-size=512'],
    env: { TZ: 'UTC' },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4000)
  })
  let judged = 0
  let begun: { seed: number; at: number } | undefined
  let death: Verdict = 'crashed'
  child.on('message', (message) => {
    const said = message as Message
    if ('begins' in said) {
      begun = { seed: said.begins, at: performance.now() }
      return
    }
    begun = undefined
    judged += 1
    onJudged(said)
  })
  const look = setInterval(() => {
    if (begun === undefined) return
    if (performance.now() - begun.at > LONGEST_MS) death = 'hung'
    else if (residentBytes(child) > MOST_BYTES) death = 'memory'
    else return
    child.kill('SIGKILL')
  }, LOOK_EVERY_MS)
  return new Promise((resolve) => {
    child.once('exit', () => {
      clearInterval(look)
      const last = begun === undefined ? undefined : { seed: begun.seed, verdict: death, sentence: errors }
      resolve({ judged, last })
    })
  })
}

function residentBytes({ pid }: ChildProcess): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES
  } catch {
    return 0
  }
}
