import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import PQueue from 'p-queue'
import { makeApiKey } from '../support/api-key.ts'
import { childrenOf, isAlive, openFiles } from '../support/processes.ts'
import { Injected } from '../support/strace.ts'
import { check } from './checker.ts'
import { KeptServer } from './kept-server.ts'
import { type CalmServer, makeTemplate } from './replay.ts'
import { OWNER } from './server.ts'
import { SteadyClient } from './steady-client.ts'

/** What is done, who dies over it, and the calls at which that happens. */
export type Lane = {
  work: 'import' | 'undo' | 'edit'
  rows: number
  /** A process beside the server is one that works on jobs, or the one that answers pages. */
  victim: 'process beside' | 'server'
  calls: readonly string[]
}

/** SQLite was built with the one or the other. */
const SYNC = ['fsync', 'fdatasync']
const MESSAGE = ['write', 'writev', 'sendmsg']
const FEW = 100
/** So many that what was read of them is kept when their import is interrupted. */
const MANY = 1200

/** The shortest that goes through every commit: what is not one transaction and should be does not outlive it. */
export const SYNCS_OF_AN_IMPORT: Lane = { work: 'import', rows: FEW, victim: 'process beside', calls: SYNC }

export const SYNCS_OF_AN_EDIT: Lane = { work: 'edit', rows: FEW, victim: 'process beside', calls: SYNC }

/** All that reaches the disk or somebody else. */
export const LANES: Lane[] = [
  SYNCS_OF_AN_IMPORT,
  { work: 'undo', rows: FEW, victim: 'process beside', calls: SYNC },
  { work: 'import', rows: FEW, victim: 'server', calls: SYNC },
  { work: 'import', rows: MANY, victim: 'process beside', calls: SYNC },
  { work: 'import', rows: FEW, victim: 'process beside', calls: ['pwrite64'] },
  { work: 'undo', rows: FEW, victim: 'process beside', calls: ['pwrite64'] },
  { work: 'import', rows: FEW, victim: 'server', calls: ['pwrite64'] },
  { work: 'import', rows: MANY, victim: 'process beside', calls: ['unlink'] },
  { work: 'import', rows: MANY, victim: 'process beside', calls: ['ftruncate'] },
  { work: 'import', rows: FEW, victim: 'process beside', calls: MESSAGE },
  { work: 'import', rows: FEW, victim: 'server', calls: MESSAGE },
  SYNCS_OF_AN_EDIT,
  { work: 'edit', rows: FEW, victim: 'process beside', calls: ['pwrite64'] },
  { work: 'edit', rows: FEW, victim: 'server', calls: MESSAGE },
  { work: 'import', rows: MANY, victim: 'process beside', calls: ['pwrite64'] },
]

const LANES_AT_ONCE = 3

export type Swept = {
  lane: string
  kills: number
  /** Whether the last job made no further call of this kind. */
  whole: boolean
  jobs: number
  edits: number
  found: string[]
}

type Options = {
  /** The kills of each lane. */
  most: number
  within: string
  source: string
  calm: CalmServer
  report?: ((swept: Swept) => void) | undefined
  /** Ends every lane after the job that it is at. */
  signal?: AbortSignal | undefined
}

/**
 * Kills before the first call of a kind that a job or an edit leads to, over the next one before the second, and so on,
 * until one makes fewer calls than that. So every instant between two commits is hit, and not only as often as chance will
 * have it. Ends at the first lane in which a promise was broken.
 */
export async function sweep(lanes: Lane[], options: Options): Promise<Swept[]> {
  const queue = new PQueue({ concurrency: LANES_AT_ONCE })
  const broken = new AbortController()
  const signal = AbortSignal.any([broken.signal, ...(options.signal === undefined ? [] : [options.signal])])
  const sweepNext = (lane: Lane, n: number) => async () => {
    if (signal.aborted) return []
    const within = path.join(options.within, `lane-${n + 1}`)
    mkdirSync(within)
    const swept = await sweepLane(lane, { ...options, within, signal })
    if (swept.found.length > 0) broken.abort()
    options.report?.(swept)
    return [swept]
  }
  return (await queue.addAll(lanes.map(sweepNext))).flat()
}

async function sweepLane(lane: Lane, { most, within, source, calm, signal }: Options): Promise<Swept> {
  const { work, rows, victim, calls } = lane
  const swept: Swept = {
    lane: `${victim} at ${calls[0]}, ${work} of ${rows} rows`,
    ...{ kills: 0, whole: false, jobs: 0, edits: 0, found: [] },
  }
  const folder = path.join(within, 'data')
  let server: KeptServer | undefined
  try {
    server = await KeptServer.start({ folder, source, env: { JOB_CONCURRENCY: '1' } })
    const door = server.openDoor(makeApiKey(folder, OWNER.email))
    const client = new SteadyClient(door, { templateId: await makeTemplate(door, swept.lane), rows })
    await client.import()
    while (swept.kills < most && !swept.whole && !signal?.aborted) {
      if (await killOnce(lane, { nth: swept.kills + 1, server, client })) swept.kills++
      else swept.whole = true
    }
    // The last one may have died over tidying up, which the next one does for it.
    await client.import()
    swept.jobs = client.acknowledged.length
    swept.edits = client.edits.length
    swept.found.push(...(await server.stop()))
    swept.found.push(...(await check(folder, { clients: [client], calm })))
  } catch (error) {
    swept.found.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    await server?.abandon()
  }
  return swept
}

/** Whether it came so far that somebody died over it. */
async function killOnce(
  { work, victim, calls }: Lane,
  { nth, server, client }: { nth: number; server: KeptServer; client: SteadyClient },
): Promise<boolean> {
  if (work === 'undo') await client.import()
  if (work === 'edit') await client.look()
  await tableClosed(server)
  const pids = victim === 'server' ? [server.pid] : childrenOf(server.pid).filter(isAlive)
  // The call itself does not happen any more.
  const injected = await Injected.into(pids, { calls, fault: `signal=KILL:when=${nth}` })
  try {
    await client[work]()
    await tableClosed(server)
  } finally {
    await injected.end()
  }
  return !pids.every(isAlive)
}

/** Whoever used the table has put its log away, or is gone. */
async function tableClosed(server: KeptServer): Promise<void> {
  const hasTable = (pid: number) => openFiles(pid).some((file) => file.includes('/tables/'))
  while (childrenOf(server.pid).some(hasTable)) await sleep(20)
}
