import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chromium } from 'playwright'
import { WebSocket } from 'ws'
import { insertMembership } from '../../src/db/teams.ts'
import { insertUser } from '../../src/db/users.ts'
import { newId } from '../../src/ids.ts'
import type { Member } from '../../src/services/context.ts'
import { openSession } from '../../src/services/sessions.ts'
import { type Seen, wordsOf } from './shown.ts'
import { type Prepared, withDb } from './tiny-imports.ts'

/** As many as the server allows to one session, and to one person. */
const SOCKETS_PER_SESSION = 20
const SOCKETS_PER_PERSON = 100
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable']

/** A job's card that somebody watches over a socket. `pushes` are the times of all that came. */
export type Card = { jobId: string; seen: Seen[]; pushes: number[] }

/** So many sockets on the card of each job, of as many people of the team as it takes. */
export async function openSockets(
  prepared: Prepared,
  url: string,
  { jobs, perCard }: { jobs: string[]; perCard: number },
): Promise<Card[]> {
  const watched = jobs.flatMap((id) => Array.from({ length: perCard }, () => id))
  const sessions = openSessions(prepared, watched.length)
  return Promise.all(watched.map((jobId, at) => openSocket(url, { jobId, session: sessions[at] ?? '' })))
}

/** The session of each of so many sockets. */
export function openSessions(prepared: Prepared, sockets: number): string[] {
  const people = addPeople(prepared, Math.ceil(sockets / SOCKETS_PER_PERSON))
  const sessions = Array.from({ length: Math.ceil(sockets / SOCKETS_PER_SESSION) }, (_, n) => {
    const person = people[Math.floor((n * SOCKETS_PER_SESSION) / SOCKETS_PER_PERSON)] ?? prepared.member
    return withDb(prepared.folder, (db) => openSession({ db }, person).token)
  })
  return Array.from({ length: sockets }, (_, at) => sessions[Math.floor(at / SOCKETS_PER_SESSION)] ?? '')
}

function addPeople({ folder, member: { team } }: Prepared, count: number): Member[] {
  return withDb(folder, (db) =>
    Array.from({ length: count }, (_, n) => {
      const user = { id: newId(), name: `Watcher ${n}`, email: `watcher-${n}@example.org` }
      insertUser(db, { ...user, passwordHash: 'none' })
      insertMembership(db, { teamId: team.id, userId: user.id })
      return { user, team }
    }),
  )
}

async function openSocket(url: string, { jobId, session }: { jobId: string; session: string }): Promise<Card> {
  const card: Card = { jobId, seen: [], pushes: [] }
  const socket = connect(url, { jobId, session })
  socket.on('message', (data) => {
    const at = performance.timeOrigin + performance.now()
    const html = data.toString()
    // The beats that tell a page that its socket lives are no pushes.
    if (html.startsWith('{')) return
    card.pushes.push(at)
    const text = wordsOf(html)
    if (text !== undefined) card.seen.push({ at, text })
  })
  // The server is killed at the end.
  socket.on('error', () => {})
  await once(socket, 'open')
  return card
}

/** A socket as the page of a job opens it. */
export function connect(url: string, { jobId, session }: { jobId: string; session: string }): WebSocket {
  return new WebSocket(`${url.replace('http', 'ws')}/live?topic=job:${jobId}`, {
    headers: { Cookie: `sheetport_session=${session}`, Origin: url },
  })
}

/** A browser on the page of a job; undefined where none is installed. */
export async function openPage({ folder, member }: Prepared, url: string, jobPath: string) {
  const executablePath = INSTALLED.find((file) => existsSync(file))
  if (executablePath === undefined) return undefined
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const context = await browser.newContext()
  const { token } = withDb(folder, (db) => openSession({ db }, member))
  await context.addCookies([{ name: 'sheetport_session', value: token, url, httpOnly: true, sameSite: 'Lax' }])
  const page = await context.newPage()
  await page.goto(url + jobPath)
  await page.evaluate(NOTE_TEXTS)
  return {
    async seen(): Promise<Seen[]> {
      const noted: Seen[] = await page.evaluate('textsSeen')
      return noted.flatMap(({ at, text }) => {
        const words = wordsOf(text)
        return words === undefined ? [] : [{ at, text: words }]
      })
    },
    close: () => browser.close(),
  }
}

/** Runs in the page. */
const NOTE_TEXTS = `
  globalThis.textsSeen = []
  const note = () => textsSeen.push({
    at: performance.timeOrigin + performance.now(),
    text: document.querySelector('main article.job')?.outerHTML ?? '',
  })
  new MutationObserver(note).observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true })
`
