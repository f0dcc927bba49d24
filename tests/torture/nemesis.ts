import { setTimeout as sleep } from 'node:timers/promises'
import { canInject, injectFromStart } from '../support/strace.ts'
import type { Door } from './door.ts'
import { stopped } from './kept-server.ts'
import type { PowerDisk } from './power-disk.ts'
import type { Random } from './random.ts'
import { DiedEarly, Server, type ServerOptions } from './server.ts'

export const FAULTS = ['job process', 'server', 'both', 'at a system call', 'power cut'] as const
export type Fault = (typeof FAULTS)[number]

/** The longest time between two faults: enough for something to happen, and not for everything to be over. */
const WORKER_LIVES_MS = 300
const SERVER_LIVES_MS = 1500
/** A job that rests from its last death is taken up again within this time. */
const WORKER_COMES_MS = 10_000
/** Long enough for most traced servers to come to the call at which they die. */
const TRACED_MS = 3000
type Call = { call: string; upTo: number }
/** What reaches the disk or the other side; a process that dies there leaves something half done, if anything can. */
const CALLS: [Call, ...Call[]] = [
  { call: 'pwrite64', upTo: 100 },
  { call: 'fsync', upTo: 30 },
  { call: 'unlink', upTo: 4 },
  { call: 'ftruncate', upTo: 4 },
  { call: 'write', upTo: 60 },
  { call: 'writev', upTo: 20 },
]

type Victim = { door: Door; options: ServerOptions; disk: PowerDisk | undefined }

/** Kills, and starts the server again, until it has done so often enough. */
export class Nemesis {
  readonly done: Record<Fault, number> = { 'job process': 0, server: 0, both: 0, 'at a system call': 0, 'power cut': 0 }
  readonly #random: Random
  readonly #victim: Victim
  readonly #servers: Server[] = []
  #server: Server | undefined
  #enough = false

  constructor(random: Random, victim: Victim) {
    this.#random = random
    this.#victim = victim
  }

  get total(): number {
    return Object.values(this.done).reduce((sum, count) => sum + count, 0)
  }

  async run(kills: number): Promise<void> {
    this.#server = await this.#start()
    while (this.total < kills && !this.#enough) {
      const fault = this.#next()
      await sleep(this.#random.below(fault === 'job process' ? WORKER_LIVES_MS : SERVER_LIVES_MS))
      if (fault === 'job process') {
        if (await this.#killWorker(this.#server)) this.done[fault]++
        continue
      }
      await this.#end(fault, this.#server)
      this.done[fault]++
      this.#server = await this.#startAgain(kills)
    }
  }

  /** Stops what runs as a service manager does, and answers what was wrong with that. */
  async stop(): Promise<string[]> {
    const server = this.#server
    if (server === undefined) return []
    this.#victim.door.close()
    return stopped(server, this.#servers)
  }

  /** Begin nothing new. */
  enough(): void {
    this.#enough = true
  }

  /** Leaves nothing running, whatever went wrong before. */
  async abandon(): Promise<void> {
    if (this.#server?.running) await this.#server.killAll()
  }

  #next(): Fault {
    if (this.#victim.disk !== undefined) {
      const isCut = this.#random.chance(0.7)
      // However short the round, one cut is what it is for.
      return isCut || this.done['power cut'] === 0 ? 'power cut' : 'job process'
    }
    if (this.#random.chance(0.9)) return 'job process'
    return this.#random.pick(['server', 'both'])
  }

  async #killWorker(server: Server): Promise<boolean> {
    const until = performance.now() + WORKER_COMES_MS
    while (server.running && performance.now() < until) {
      const pid = server.busyWorker()
      if (pid !== undefined) {
        process.kill(pid, 'SIGKILL')
        return true
      }
      await sleep(1)
    }
    return false
  }

  async #end(fault: Fault, server: Server): Promise<void> {
    if (fault === 'power cut') return this.#cutPower(server)
    this.#victim.door.close()
    await (fault === 'server' ? server.kill() : server.killAll())
  }

  /**
   * Processes outlive this power cut for a moment, and may be told that a sync which it met has succeeded. With real power
   * nobody would hear what they say then.
   */
  async #cutPower(server: Server): Promise<void> {
    this.#victim.door.cut()
    this.#victim.disk?.cut()
    await server.killAll()
    await server.orphans()
    await this.#victim.disk?.restore()
  }

  /** Now and then the server that comes back is watched, and dies at a system call. */
  async #startAgain(kills: number): Promise<Server> {
    while (this.#victim.disk === undefined && this.total < kills && canInject() && this.#random.chance(0.15)) {
      await this.#dieAtCall()
      this.done['at a system call']++
    }
    return this.#start()
  }

  async #dieAtCall(): Promise<void> {
    const { call, upTo } = this.#random.pick(CALLS)
    const nth = 1 + this.#random.below(upTo)
    const wrap = injectFromStart({ calls: [call], fault: `signal=KILL:when=${nth}` })
    let server: Server
    try {
      server = await this.#start(wrap)
    } catch (error) {
      if (error instanceof DiedEarly) return
      throw error
    }
    const until = performance.now() + TRACED_MS
    while (server.running && !server.output.includes('process_died') && performance.now() < until) await sleep(5)
    await this.#end('both', server)
  }

  async #start(wrap: string[] = []): Promise<Server> {
    const server = await Server.start({ ...this.#victim.options, wrap })
    this.#servers.push(server)
    this.#victim.door.open(server.url)
    return server
  }
}
