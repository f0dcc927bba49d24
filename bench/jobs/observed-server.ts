import { readConfig } from '../../src/config.ts'
import { findJobById } from '../../src/db/jobs.ts'
import { startServer } from '../../src/server.ts'
import { viewJob } from '../../src/services/job-views.ts'
import { progressWords } from '../../src/views/job-words.ts'
import { type Change, ownWords, waitingWords } from './shown.ts'

/** The real server, which tells its parent of every step of a job at the moment at which it is announced. */

const server = await startServer(readConfig(process.env))
server.context.events.on('job.changed', ({ jobId }) => {
  const at = performance.timeOrigin + performance.now()
  const row = findJobById(server.context.db, jobId)
  if (row === undefined || row.status === 'pending') return
  const view = viewJob(server.context, row)
  const { doing, rows } = progressWords(view)
  const change: Change =
    row.status === 'processing'
      ? { jobId, at, own: ownWords(doing, rows), waiting: waitingWords(view.fileLabel, row.percent) }
      : { jobId, at, own: ownWords(row.status, ''), waiting: null }
  process.send?.(change)
})
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)))
console.log(`Sheetport is running at ${server.url}`)
