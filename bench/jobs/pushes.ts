import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chromium } from 'playwright'
import { WebSocket } from 'ws'
import { openSession } from '../../src/services/sessions.ts'
import { type Figure, ms, pause, percentile, until } from './figures.ts'
import { JobsWatch } from './jobs-watch.ts'
import { ServerProcess } from './server-process.ts'
import { addImports, type Prepared, prepareFolder, tinyFile, withDb } from './tiny-imports.ts'

const CARDS = 50
const SOCKETS_PER_CARD = 10
/** As many as the server allows to one session. */
const SOCKETS_PER_SESSION = 20
/** So many of the imports are large, one after another for as long as is measured; the others only wait. */
const LARGE = 8
const ROWS = 200_000
const MEASURED_MS = 20_000
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable']

/** When something was seen, in milliseconds since 1970. */
type Seen = number[]
type Change = { jobId: string; at: number }
type Card = { jobId: string; seen: Seen }

/**
 * One import runs and 49 wait for it; ten sockets watch each card. Every report of the running one changes all fifty. Of
 * each change and socket, the time until the next push arrives there; in a browser, until the card on the page changes.
 */
export async function measurePushes(root: string): Promise<Figure[]> {
  const prepared = await prepareFolder(root)
  const files = Array.from({ length: CARDS }, (_, n) => tinyFile(n, n < LARGE ? ROWS : 100))
  const jobs = addImports(prepared, files, () => prepared.templates[0] ?? '')
  const changes: Change[] = []
  const watch = new JobsWatch(prepared.folder)
  const server = await ServerProcess.start(root, {
    program: 'bench/jobs/observed-server.ts',
    onMessage: (message) => changes.push(message as Change),
  })
  try {
    const cards = await openSockets(prepared, server.url, jobs)
    const page = await openPage(prepared, `${server.url}/templates/${prepared.templates[0]}`)
    await until(() => watch.attempts > 0 && changes.length > 0, { everyMs: 10, withinMs: 60_000 })
    const begun = Date.now()
    await pause(MEASURED_MS)
    // What changes at the very end may be on its way still.
    const counted = changes.filter(({ at }) => at >= begun && at < Date.now() - 1000)
    const seen = await page?.seen()
    await page?.close()
    const delays = cards.flatMap(({ jobId, seen: pushes }) => {
      // A card whose job is over is not concerned by the others any more.
      const last = watch.isFinished(jobId) ? counted.findLast((change) => change.jobId === jobId)?.at : Date.now()
      return delaysUntilNext(
        timesOf(counted).filter((at) => at <= (last ?? 0)),
        pushes,
      )
    })
    const pushed = cards.reduce((sum, card) => sum + card.seen.filter((at) => at >= begun).length, 0)
    return [...socketFigures(delays, { sockets: cards.length, pushed }), ...pageFigures(timesOf(counted), seen)]
  } finally {
    watch.close()
    await server.kill()
  }
}

function timesOf(changes: Change[]): Seen {
  return changes.map(({ at }) => at)
}

function socketFigures(delays: number[], { sockets, pushed }: { sockets: number; pushed: number }): Figure[] {
  const p95 = percentile(delays, 0.95)
  return [
    { what: `pushes a second to ${sockets} open cards`, value: (pushed / (MEASURED_MS / 1000)).toFixed(0) },
    { what: `from a change to its push, ${sockets} sockets, p50`, value: ms(percentile(delays, 0.5)) },
    {
      what: `from a change to its push, ${sockets} sockets, p95`,
      value: ms(p95),
      goal: '< 150 ms',
      met: p95 < 150,
    },
  ]
}

function pageFigures(changes: Seen, seen: Seen | undefined): Figure[] {
  if (seen === undefined) return [{ what: 'from a change to the page of a browser', value: 'no Chromium found' }]
  const p95 = percentile(delaysUntilNext(changes, seen), 0.95)
  const what = 'from a change to the page of a browser beside them, p95'
  return [{ what, value: ms(p95), goal: '< 150 ms', met: p95 < 150 }]
}

/** Changes are mostly further apart than pushes may be late, so the next thing that is seen is what the change led to. */
function delaysUntilNext(changes: Seen, seen: Seen): number[] {
  const delays: number[] = []
  let next = 0
  for (const at of changes) {
    while (next < seen.length && (seen[next] ?? 0) < at) next++
    const shown = seen[next]
    delays.push(shown === undefined ? Number.POSITIVE_INFINITY : shown - at)
  }
  return delays
}

async function openSockets({ folder, member }: Prepared, url: string, jobs: string[]): Promise<Card[]> {
  const watched = jobs.flatMap((id) => Array.from({ length: SOCKETS_PER_CARD }, () => id))
  const sessions = withDb(folder, (db) =>
    Array.from({ length: watched.length / SOCKETS_PER_SESSION }, () => openSession({ db }, member).token),
  )
  return Promise.all(
    watched.map(async (jobId, at) => {
      const seen: Seen = []
      const socket = new WebSocket(`${url.replace('http', 'ws')}/live?topic=job:${jobId}`, {
        headers: { Cookie: `sheetport_session=${sessions[Math.floor(at / SOCKETS_PER_SESSION)]}`, Origin: url },
      })
      socket.on('message', (data) => {
        // The beats that tell a page that its socket lives are no pushes.
        if (!data.toString().startsWith('{')) seen.push(performance.timeOrigin + performance.now())
      })
      // The server is killed at the end.
      socket.on('error', () => {})
      await once(socket, 'open')
      return { jobId, seen }
    }),
  )
}

async function openPage({ folder, member }: Prepared, url: string) {
  const executablePath = INSTALLED.find((file) => existsSync(file))
  if (executablePath === undefined) return undefined
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const context = await browser.newContext()
  const { token } = withDb(folder, (db) => openSession({ db }, member))
  await context.addCookies([{ name: 'sheetport_session', value: token, url, httpOnly: true, sameSite: 'Lax' }])
  const page = await context.newPage()
  await page.goto(url)
  await page.evaluate(NOTE_CHANGES)
  return {
    seen: (): Promise<Seen> => page.evaluate('changesSeen'),
    close: () => browser.close(),
  }
}

/** Runs in the page. */
const NOTE_CHANGES = `
  globalThis.changesSeen = []
  new MutationObserver(() => changesSeen.push(performance.timeOrigin + performance.now()))
    .observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true, attributes: true })
`
