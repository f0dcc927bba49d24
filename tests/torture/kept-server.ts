import { Door } from './door.ts'
import { Server, type ServerOptions } from './server.ts'

/** A server that is started again whenever it is gone. */
export class KeptServer {
  readonly #options: ServerOptions
  readonly #all: Server[] = []
  #server: Server
  #door: Door | undefined
  #over = false
  #keeping: Promise<void>

  private constructor(options: ServerOptions, server: Server) {
    this.#options = options
    this.#server = server
    this.#all.push(server)
    this.#keeping = this.#keep()
  }

  static async start(options: ServerOptions): Promise<KeptServer> {
    return new KeptServer(options, await Server.start(options))
  }

  get pid(): number {
    return this.#server.pid
  }

  /** The way to whichever server is there. */
  openDoor(key: string): Door {
    this.#door = new Door(key)
    this.#door.open(this.#server.url)
    return this.#door
  }

  async #keep(): Promise<void> {
    for (;;) {
      this.#server.workers()
      await this.#server.exited
      if (this.#over) return
      this.#door?.close()
      this.#server = await Server.start(this.#options)
      this.#all.push(this.#server)
      this.#door?.open(this.#server.url)
    }
  }

  /** Stops it as a service manager does, and answers what was wrong with that. */
  async stop(): Promise<string[]> {
    this.#over = true
    this.#door?.close()
    return stopped(this.#server, this.#all)
  }

  /** Leaves nothing running, whatever went wrong before. */
  async abandon(): Promise<void> {
    this.#over = true
    this.#door?.lock()
    if (this.#server.running) await this.#server.killAll()
    await this.#keeping.catch(() => {})
  }
}

/** Stops a server, and answers what was wrong with that, or with those that ran before it. */
export async function stopped(server: Server, all: Server[]): Promise<string[]> {
  const { code, ms } = await server.stop()
  const found: string[] = []
  if (code !== 0) found.push(`the server stopped with code ${code}: ${server.output.slice(-2000)}`)
  if (ms > 10_000) found.push(`the server took ${Math.round(ms)} ms to stop`)
  for (const each of all) {
    const orphans = await each.orphans()
    if (orphans.length > 0) found.push(`processes of a server that is gone live on: ${orphans.join(', ')}`)
  }
  return found
}
