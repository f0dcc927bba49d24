import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { WebSocketServer } from 'ws'
import { createApp } from './app.tsx'
import type { Config } from './config.ts'
import { type Db, openDb } from './db/open.ts'
import { createEvents } from './events.ts'
import { lockFolder } from './instance-lock.ts'
import { JobQueue } from './jobs/queue.ts'
import { announce } from './live/announce.ts'
import { Hub } from './live/hub.ts'
import { renderTopic } from './live/render-topic.tsx'
import { ProcessPool } from './processes/pool.ts'
import type { Context } from './services/context.ts'
import { Health } from './services/health.ts'
import { clearInterrupted, startSweeping } from './services/retention.ts'
import { TableSizes } from './services/table-sizes.ts'
import { takeOverLogs } from './services/take-over-logs.ts'
import { Workers } from './services/workers.ts'
import { cutSlowSenders } from './web/slow-senders.ts'

/** The processes that answer pages: one may be held up by a search while the other goes on. */
const DESK_PROCESSES = 2
const DESK_STALL_MS = 60_000
const JOB_STALL_MS = 30_000
/** A slow line may take long over a large file; a line that sends nothing at all is cut by the other time-outs. */
const UPLOAD_TIMEOUT_MS = 6 * 3_600_000

/** So long a stop waits for the requests that came before it. */
const ANSWER_WITHIN_MS = 3000
/** And for tables to take over logs, which are safe where they are. */
const TAKE_OVER_WITHIN_MS = 3000

export type RunningServer = { context: Context; url: string; stop(): Promise<void> }

/** Starts everything that a data folder needs to be served. */
export async function startServer(config: Config): Promise<RunningServer> {
  // Only the owner may look into the folder: it holds everything that the team has.
  for (const folder of config.data.folders) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(config.data.root)
  const db = openOr(unlock, config.data.appDb)
  const desk = new ProcessPool({ size: DESK_PROCESSES, memoryBytes: config.jobMemoryBytes, stallMs: DESK_STALL_MS })
  const pool = new ProcessPool({
    // One more than jobs run at once, for a small one that would otherwise wait for a large one.
    size: config.jobConcurrency + 1,
    memoryBytes: config.jobMemoryBytes,
    stallMs: JOB_STALL_MS,
    isBackground: true,
  })
  const context: Context = { config, db, events: createEvents(), desk, workers: new Workers(), sizes: new TableSizes() }
  clearInterrupted(context)
  const hub = new Hub((topic, member) => renderTopic(context, topic, member))
  announce(context, hub)
  const queue = new JobQueue(context, pool)
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 16 * 1024,
    maxFragments: 64,
    perMessageDeflate: false,
  })
  const health = new Health(context, queue)
  const server = await listen(config, { app: createApp(context, { hub, health }), sockets })
  queue.start()
  const stopSweeping = startSweeping(context)

  let stopped: Promise<void> | undefined
  const stop = async () => {
    hub.stop()
    const swept = stopSweeping()
    const answered = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeIdleConnections()
    await queue.stop()
    // What was asked before is answered, as long as that takes no upload to its end.
    await Promise.race([answered, pause(ANSWER_WITHIN_MS, undefined, { ref: false })])
    // Its turn may not come at all, behind questions that take long.
    const late = AbortSignal.timeout(TAKE_OVER_WITHIN_MS)
    await Promise.race([takeOverLogs(context, late), once(late, 'abort')])
    await desk.close()
    await swept
    server.closeAllConnections()
    db.$client.close()
    unlock()
  }
  return {
    context,
    url: config.baseUrl ?? `http://${hostForPeople(config.host)}:${(server.address() as AddressInfo).port}`,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

function openOr(giveUp: () => void, file: string): Db {
  try {
    return openDb(file)
  } catch (error) {
    giveUp()
    throw error
  }
}

async function listen(
  { host, port }: Config,
  { app, sockets }: { app: ReturnType<typeof createApp>; sockets: WebSocketServer },
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve(
      {
        fetch: app.fetch,
        hostname: host,
        port,
        serverOptions: {
          requestTimeout: UPLOAD_TIMEOUT_MS,
          headersTimeout: 15_000,
          connectionsCheckingInterval: 5_000,
        },
        websocket: { server: sockets },
      },
      () => resolve(server as Server),
    )
    cutSlowSenders(server as Server)
    server.once('error', reject)
  })
}

/** An address to click on, where the server listens on all of them. */
function hostForPeople(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
