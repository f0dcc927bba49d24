import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'

import { hashToken, openSession, signOut } from '../../src/services/sessions.ts'
import { ITEMS, manyItems } from '../support/examples.ts'
import { runServer } from '../support/running-server.ts'

type Server = Awaited<ReturnType<typeof runServer>>

/** A socket as a page opens it; `headers` may say otherwise. */
function open({ url }: Server, token: string, headers: Record<string, string> = {}, topic = 'jobs'): WebSocket {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live?topic=${topic}`, {
    headers: { Origin: url, Cookie: `sheetport_session=${token}`, ...headers },
  })
  onTestFinished(() => socket.terminate())
  socket.on('error', () => {})
  return socket
}

async function closedWith(socket: WebSocket): Promise<number> {
  const [code] = await once(socket, 'close')
  return code
}

async function signedIn(): Promise<{ server: Server; token: string }> {
  const server = await runServer()
  return { server, token: openSession(server.context, server.member).token }
}

async function heard(socket: WebSocket): Promise<string> {
  const [data] = await once(socket, 'message')
  return String(data)
}

test('a socket of another site is refused before it is one, whatever cookie comes along', async () => {
  const { server, token } = await signedIn()
  for (const origin of ['https://evil.example', 'null', `${server.url}.evil.example`]) {
    const socket = open(server, token, { Origin: origin })
    const [, answer] = await once(socket, 'unexpected-response')
    expect([origin, answer.statusCode]).toEqual([origin, 403])
  }
  expect(await heard(open(server, token))).toContain('hx-partial')
})

test('a socket without a session is told so by 4401, after which no browser comes back', async () => {
  const { server, token } = await signedIn()
  expect(await closedWith(open(server, 'none'))).toBe(4401)
  expect(await heard(open(server, token))).toContain('hx-partial')
})

test('an address that keeps coming with a session that is over has to wait, and others there do not', async () => {
  const { server, token } = await signedIn()
  const answers: number[] = []
  while (answers.length < 400 && answers.at(-1) !== 429) {
    const socket = open(server, 'none')
    const refused = once(socket, 'unexpected-response').then(([, { statusCode }]) => Number(statusCode))
    answers.push(await Promise.race([refused, closedWith(socket)]))
  }
  expect(answers.slice(0, 300).every((answer) => answer === 4401)).toBe(true)
  expect(answers.at(-1)).toBe(429)
  expect(await heard(open(server, token))).toContain('hx-partial')
})

test('signing out closes the sockets of the session within a second', async () => {
  const { server, token } = await signedIn()
  const [mine, other] = [open(server, token), open(server, openSession(server.context, server.member).token)]
  await Promise.all([heard(mine), heard(other)])
  const asked = performance.now()
  signOut(server.context, hashToken(token))
  expect(await closedWith(mine)).toBe(4401)
  expect(performance.now() - asked).toBeLessThan(1000)
  expect(other.readyState).toBe(WebSocket.OPEN)
})

test('a stop closes sockets with 1012, so that pages come back', async () => {
  const { server, token } = await signedIn()
  const socket = open(server, token)
  await heard(socket)
  const closed = closedWith(socket)
  await server.stop()
  expect(await closed).toBe(1012)
})

test('a page whose socket breaks a thousand times is sent the state as it is each time, and nothing of it stays', async () => {
  const { server, token } = await signedIn()
  const template = await server.api.createTemplate(ITEMS)
  const job = await server.api.startImport(template.id, { name: 'items.csv', text: manyItems(2000) })
  const openFiles = () => readdirSync('/proc/self/fd').length
  const before = openFiles()
  let broken = 0
  const breakAgain = async () => {
    while (broken++ < 1000) {
      const socket = open(server, token, {}, `job:${job.id}`)
      expect(await heard(socket)).toContain(job.id)
      socket.terminate()
    }
  }
  // A session may hold 20 sockets, so one that stayed would keep others out.
  await Promise.all(Array.from({ length: 10 }, breakAgain))
  await server.api.settled(job)
  expect(await heard(open(server, token, {}, `job:${job.id}`))).toContain('Completed')
  await expect.poll(openFiles, { timeout: 20_000 }).toBeLessThan(before + 20)
})

test('what comes over a socket is never listened to: too much of it, too large or too small pieces close it', async () => {
  const { server, token } = await signedIn()
  const endings: [name: string, code: number, say: (socket: WebSocket) => void][] = [
    ['101 messages', 1008, (socket) => repeat(101, () => socket.send('{"topic":"job:1"}'))],
    ['a large message', 1009, (socket) => socket.send('x'.repeat(20_000))],
    ['many fragments', 1008, (socket) => repeat(100, () => socket.send('', { fin: false }))],
  ]
  for (const [name, code, say] of endings) {
    const socket = open(server, token)
    await heard(socket)
    say(socket)
    expect([name, await closedWith(socket)]).toEqual([name, code])
  }
  expect((await fetch(`${server.url}/up`)).status).toBe(200)
})

function repeat(times: number, work: () => void): void {
  for (let n = 0; n < times; n++) work()
}
