import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { makeApiKey } from '../support/api-key.ts'
import { type Broken, copySource } from './broken.ts'
import { check, countRepeats } from './checker.ts'
import { Client } from './client.ts'
import { Door } from './door.ts'
import { type Fault, Nemesis } from './nemesis.ts'
import { PowerDisk } from './power-disk.ts'
import { Random } from './random.ts'
import { type CalmServer, makeTemplate } from './replay.ts'
import { OWNER, Server, type ServerOptions } from './server.ts'
import { LANES, type Lane, type Swept, sweep } from './sweep.ts'

/** Each with a template of its own. */
export const CLIENTS = 4
/** After so many faults everything is looked at, and begun anew. */
const FAULTS_PER_ROUND = 50

export type Plan = {
  seed: string
  /** At how many system calls of each kind that a job makes its process is killed, one after another. */
  sweep?: number
  kills: number
  powerCuts: number
  round?: number | undefined
  /** What the sweep goes through, when not all. */
  lanes?: Lane[]
  minutes?: number
  broken?: Broken | undefined
  keep?: boolean
  report?: (line: string) => void
  /** Ends the run after what it is at. */
  signal?: AbortSignal
}

export type Outcome = {
  faults: Record<Fault, number>
  /** Imports and undos that the server had said yes to. */
  jobs: number
  /** Changes of records by hand that were asked for. */
  edits: number
  /** How often one of them was begun again. */
  repeats: number
  rounds: number
  /** Each promise that was found broken, with the round in which that was. */
  found: string[]
}

type Round = { number: number; kind: 'kills' | 'power cuts'; faults: number }

/**
 * Torments servers with kills and power cuts while clients use them, and compares what is there afterwards with what the
 * clients were told and with the same work undisturbed. Stops at the first round in which a promise was broken.
 */
export async function torture(plan: Plan): Promise<Outcome> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sheetport-torture-'))
  const outcome: Outcome = {
    faults: { 'job process': 0, server: 0, both: 0, 'at a system call': 0, 'power cut': 0 },
    jobs: 0,
    edits: 0,
    repeats: 0,
    rounds: 0,
    found: [],
  }
  const until = performance.now() + (plan.minutes ?? 30) * 60_000
  const source = copySource(folder, plan.broken)
  const calm = await startCalm({ folder: path.join(folder, 'calm'), source })
  try {
    await runSweep(plan, { within: folder, source, calm, outcome })
    for (const round of roundsOf(plan)) {
      if (outcome.found.length > 0 || performance.now() > until || plan.signal?.aborted) break
      const within = path.join(folder, `round-${round.number}`)
      mkdirSync(within)
      await runRound(round, { plan, within, source, calm, outcome })
      if (outcome.found.length === 0 || !plan.keep) rmSync(within, { recursive: true, force: true })
      plan.report?.(`round ${round.number}: ${summary(outcome)}`)
    }
    return outcome
  } finally {
    await calm.server.stop()
    if (outcome.found.length > 0 && plan.keep) plan.report?.(`kept in ${folder}`)
    else rmSync(folder, { recursive: true, force: true })
  }
}

export function summary({ faults, jobs, edits, repeats, found }: Outcome): string {
  const kinds = Object.entries(faults).flatMap(([fault, count]) => (count === 0 ? [] : [`${fault} ${count}`]))
  return `${kinds.join(', ')}; ${jobs} jobs, begun again ${repeats} times; ${edits} edits; ${found.length} promises broken`
}

function* roundsOf({ kills, powerCuts, round }: Plan): Generator<Round> {
  let number = 0
  for (const [kind, total] of [
    ['kills', kills],
    ['power cuts', powerCuts],
  ] as const) {
    for (let left = total; left > 0; left -= FAULTS_PER_ROUND) {
      const next = { number: ++number, kind, faults: Math.min(left, FAULTS_PER_ROUND) }
      if (round === undefined || round === number) yield next
    }
  }
}

/** The same every time, so it is no part of what a seed repeats. */
async function runSweep(
  { sweep: most = 0, lanes = LANES, round, report, signal }: Plan,
  { outcome, ...where }: Omit<Setting, 'plan'>,
): Promise<void> {
  if (most === 0 || round !== undefined) return
  const noted = ({ lane, kills, whole, jobs, edits, found }: Swept) => {
    outcome.faults['at a system call'] += kills
    outcome.jobs += jobs
    outcome.edits += edits
    outcome.found.push(...found.map((each) => `${lane}: ${each}`))
    report?.(`${lane}: each of the first ${kills}${whole ? ', which were all' : ''}; ${found.length} promises broken`)
  }
  await sweep(lanes, { ...where, most, report: noted, signal })
}

async function startCalm({ folder, source }: ServerOptions): Promise<CalmServer & { server: Server }> {
  const server = await Server.start({ folder, source })
  const door = new Door(makeApiKey(folder, OWNER.email))
  door.open(server.url)
  return { server, door, folder }
}

type Setting = { plan: Plan; within: string; source: string; calm: CalmServer; outcome: Outcome }

async function runRound(round: Round, { plan, within, source, calm, outcome }: Setting): Promise<void> {
  const random = new Random(`${plan.seed}/${round.number}`)
  const disk = round.kind === 'power cuts' ? new PowerDisk(within) : undefined
  const options = { folder: path.join(disk?.folder ?? within, 'data'), source, env: { JOB_CONCURRENCY: '2' } }
  const { door, clients } = await prepare(options, { random, within })
  const nemesis = new Nemesis(random.fork('nemesis'), { door, options, disk })
  const stop = () => {
    for (const each of [nemesis, ...clients]) each.enough()
  }
  plan.signal?.addEventListener('abort', stop)
  const working = Promise.all(clients.map((client) => client.run())).finally(stop)
  const tormenting = nemesis.run(round.faults).finally(stop)
  try {
    await Promise.all([working, tormenting])
    const found = await nemesis.stop()
    found.push(...(await check(options.folder, { clients, calm })))
    outcome.repeats += countRepeats(options.folder)
    outcome.found.push(...found.map((each) => `round ${round.number}: ${each}`))
  } catch (error) {
    outcome.found.push(`round ${round.number}: ${error instanceof Error ? error.stack : error}`)
  } finally {
    plan.signal?.removeEventListener('abort', stop)
    door.lock()
    await Promise.allSettled([working, tormenting])
    await nemesis.abandon()
    for (const [fault, count] of Object.entries(nemesis.done)) outcome.faults[fault as Fault] += count
    outcome.jobs += clients.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0)
    outcome.edits += clients.reduce((sum, { edits }) => sum + edits.length, 0)
    outcome.rounds++
    await disk?.close()
  }
}

/** What has to be there before anything may happen to it: an owner, a key and a template for each client. */
async function prepare(
  options: { folder: string; source: string },
  { random, within }: { random: Random; within: string },
): Promise<{ door: Door; clients: Client[] }> {
  const server = await Server.start(options)
  const door = new Door(makeApiKey(options.folder, OWNER.email))
  door.open(server.url)
  const log = path.join(within, 'acknowledged.jsonl')
  const clients: Client[] = []
  for (let n = 1; n <= CLIENTS; n++) {
    const templateId = await makeTemplate(door, `Client ${n}`)
    clients.push(new Client(`client-${n}`, { door, random: random.fork(`client ${n}`), templateId, log }))
  }
  door.close()
  await server.stop()
  return { door, clients }
}
