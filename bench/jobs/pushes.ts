import { type Figure, ms, pause, percentile, until } from './figures.ts'
import { JobsWatch } from './jobs-watch.ts'
import { ServerProcess } from './server-process.ts'
import { type Change, delaysUntilShown, type Seen } from './shown.ts'
import { addImports, prepareFolder, tinyFile } from './tiny-imports.ts'
import { openPage, openSockets } from './watchers.ts'

const CARDS = 50
const SOCKETS_PER_CARD = 10
/** So many of the imports are large, one after another for as long as is measured; the others only wait. */
const LARGE = 8
const ROWS = 200_000
const MEASURED_MS = 20_000

/**
 * One import runs and 49 wait for it; ten sockets watch each card. Every step of the running one changes its own card, and
 * with each percent the cards of those that wait for it. Of each change and socket that has something new to show, the time
 * until it has arrived there; in a browser on the page of the last job, until it can be read.
 */
export async function measurePushes(root: string): Promise<Figure[]> {
  const prepared = await prepareFolder(root)
  const template = prepared.templates[0] ?? ''
  const files = Array.from({ length: CARDS }, (_, n) => tinyFile(n, n < LARGE ? ROWS : 100))
  const jobs = addImports(prepared, files, () => template)
  const changes: Change[] = []
  const watch = new JobsWatch(prepared.folder)
  const server = await ServerProcess.start(root, {
    program: 'bench/jobs/observed-server.ts',
    onMessage: (message) => changes.push(message as Change),
  })
  try {
    const cards = await openSockets(prepared, server.url, { jobs, perCard: SOCKETS_PER_CARD })
    const last = jobs.at(-1) ?? ''
    const page = await openPage(prepared, server.url, `/templates/${template}/jobs/${last}`)
    await until(() => watch.attempts > 0 && changes.length > 0, { everyMs: 10, withinMs: 60_000 })
    const begun = Date.now()
    await pause(MEASURED_MS)
    // What changes at the very end may be on its way still.
    const counted = changes.filter(({ at }) => at >= begun && at < Date.now() - 1000)
    const onPage = await page?.seen()
    await page?.close()
    const delays = cards.flatMap(({ jobId, seen }) => delaysUntilShown(concerning(jobId, { counted, jobs }), seen))
    const pushed = cards.reduce((sum, { pushes }) => sum + pushes.filter((at) => at >= begun).length, 0)
    return [
      { what: `pushes a second to ${cards.length} open cards`, value: (pushed / (MEASURED_MS / 1000)).toFixed(0) },
      { what: `from a change to its push, ${cards.length} sockets, p50`, value: ms(percentile(delays, 0.5)) },
      latency(`from a change to its push, ${cards.length} sockets, p95`, delays),
      pageFigure(concerning(last, { counted, jobs }), onPage),
    ]
  } finally {
    watch.close()
    await server.kill()
  }
}

/** What changes on the card of a job: it waits for those before it, then it runs, and those after it are nothing to it. */
function concerning(jobId: string, { counted, jobs }: { counted: Change[]; jobs: string[] }): Seen[] {
  const place = jobs.indexOf(jobId)
  return counted
    .filter((change) => jobs.indexOf(change.jobId) <= place)
    .flatMap(({ at, own, waiting, jobId: changed }) => {
      const text = changed === jobId ? own : waiting
      return text === null ? [] : [{ at, text }]
    })
}

function pageFigure(changes: Seen[], seen: Seen[] | undefined): Figure {
  if (seen === undefined) return { what: 'from a change to the page of a browser', value: 'no Chromium found' }
  return latency('from a change to the page of a browser beside them, p95', delaysUntilShown(changes, seen))
}

function latency(what: string, delays: number[]): Figure {
  const p95 = percentile(delays, 0.95)
  return { what, value: ms(p95), goal: '< 150 ms', met: p95 < 150 }
}
