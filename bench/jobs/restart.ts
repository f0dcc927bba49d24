import { type Figure, ms, pause, percentile, until } from './figures.ts'
import { ServerProcess } from './server-process.ts'
import { addImports, type Prepared, prepareFolder, tinyFile } from './tiny-imports.ts'
import { connect, openSessions } from './watchers.ts'

const CARDS = 50
/** What public/js/live.js waits for a sign of life, and between two questions after that. */
const SILENCE_MS = 5000
const ASK_EVERY_MS = 2000
/** The extension's own value for what the pages don't set. */
const FIRST_DELAY_MS = 500
const JITTER = 0.3
const WITHIN_MS = 60_000

/**
 * A thousand pages are open when the server is stopped and started again. From the stop to the moment at which 99 of a
 * hundred are shown the state of their job again, and how many the server took in the second in which most came.
 */
export async function measureRestart(root: string, count: number): Promise<Figure[]> {
  const prepared = await prepareFolder(root)
  const files = Array.from({ length: CARDS }, (_, n) => tinyFile(n))
  const jobs = addImports(prepared, files, (n) => prepared.templates[n % prepared.templates.length] ?? '')
  const sessions = openSessions(prepared, count)
  const first = await ServerProcess.start(root)
  const longestMs = await longestDelay(prepared, first.url, sessions[0] ?? '')
  const pages = sessions.map(
    (session, at) => new OpenPage(first.url, { session, jobId: jobs[at % CARDS] ?? '', longestMs }),
  )
  await until(() => pages.every(({ shown }) => shown.length > 0), { everyMs: 20, withinMs: WITHIN_MS })
  const begun = performance.now()
  await first.stop()
  // What was pushed while it stopped is no sign of the next one.
  const gone = performance.now()
  const second = await ServerProcess.start(root, { env: { PORT: new URL(first.url).port } })
  const answered = performance.now()
  try {
    await until(() => pages.every((page) => page.shownSince(gone) !== undefined), { everyMs: 20, withinMs: WITHIN_MS })
    const back = pages.map((page) => (page.shownSince(gone) ?? Number.NaN) - begun)
    const after99 = percentile(back, 0.99)
    const opened = pages.flatMap((page) => page.opened.filter((at) => at > gone))
    return [
      {
        what: `from a stop to 99 % of ${count.toLocaleString('en')} open pages showing their job again`,
        value: ms(after99),
        goal: '< 15 s',
        met: after99 < 15_000,
      },
      { what: 'of that until the server answered', value: ms(answered - begun) },
      { what: 'sockets that came back in the second in which most did', value: String(mostInASecond(opened)) },
    ]
  } finally {
    for (const page of pages) page.close()
    await second.stop()
  }
}

/** How long a page waits at most before it tries again; the page itself says so. */
async function longestDelay({ templates }: Prepared, url: string, session: string): Promise<number> {
  const answer = await fetch(`${url}/templates/${templates[0]}`, {
    headers: { Cookie: `sheetport_session=${session}` },
  })
  const config = /<meta name="htmx-config" content="([^"]*)"/.exec(await answer.text())?.[1]?.replaceAll('&quot;', '"')
  return JSON.parse(config ?? '{}').ws.reconnectMaxDelay
}

type PageOptions = { session: string; jobId: string; longestMs: number }

/** The socket of a page, which tries again as htmx's extension does, later each time, and the questions that it asks. */
class OpenPage {
  /** When a state of the job came, and when a socket opened. */
  readonly shown: number[] = []
  readonly opened: number[] = []
  readonly #url: string
  readonly #options: PageOptions
  readonly #asking: NodeJS.Timeout
  #socket: ReturnType<typeof connect> | undefined
  #heard = performance.now()
  #attempt = 0
  #closed = false

  constructor(url: string, options: PageOptions) {
    this.#url = url
    this.#options = options
    this.#asking = setInterval(() => void this.#ask(), ASK_EVERY_MS)
    this.#open()
  }

  /** When a state came for the first time after that. */
  shownSince(time: number): number | undefined {
    return this.shown.find((at) => at > time)
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#asking)
    this.#socket?.terminate()
  }

  #open(): void {
    const socket = connect(this.#url, this.#options)
    this.#socket = socket
    socket.on('open', () => {
      this.#attempt = 0
      this.opened.push(performance.now())
    })
    socket.on('message', (data) => {
      this.#heard = performance.now()
      // The beats that tell a page that its socket lives show nothing.
      if (!data.toString().startsWith('{')) this.shown.push(this.#heard)
    })
    socket.on('error', () => {})
    socket.on('close', () => void this.#comeBack())
  }

  async #comeBack(): Promise<void> {
    this.#attempt += 1
    const delay = Math.min(FIRST_DELAY_MS * 2 ** (this.#attempt - 1), this.#options.longestMs)
    await pause(delay + (Math.random() * 2 - 1) * JITTER * delay)
    if (!this.#closed) this.#open()
  }

  async #ask(): Promise<void> {
    if (performance.now() - this.#heard < SILENCE_MS) return
    const { jobId, session } = this.#options
    const headers = { Cookie: `sheetport_session=${session}` }
    try {
      const answer = await fetch(`${this.#url}/live/state?topic=job:${jobId}`, { headers })
      if ((await answer.text()).includes('<')) this.shown.push(performance.now())
    } catch {
      // The server is not there yet.
    }
  }
}

function mostInASecond(times: number[]): number {
  const sorted = times.toSorted((a, b) => a - b)
  let most = 0
  for (let from = 0, to = 0; to < sorted.length; to += 1) {
    while ((sorted[to] ?? 0) - (sorted[from] ?? 0) > 1000) from += 1
    most = Math.max(most, to - from + 1)
  }
  return most
}
