import { readConfig } from '../../src/config.ts'
import { startServer } from '../../src/server.ts'

/** The real server, which tells its parent of every change of a job at the moment at which it is announced. */

const server = await startServer(readConfig(process.env))
server.context.events.on('job.changed', ({ jobId }) =>
  process.send?.({ jobId, at: performance.timeOrigin + performance.now() }),
)
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)))
console.log(`Sheetport is running at ${server.url}`)
