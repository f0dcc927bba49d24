import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { cutSlowSenders } from '../../src/web/slow-senders.ts'

/** A server that counts what it is sent; it begins to read after `readsAfterMs`. */
async function serve(readsAfterMs = 0): Promise<Server> {
  const server = createServer((incoming, answer) => {
    let bytes = 0
    const read = () =>
      incoming
        .on('data', (chunk: Buffer) => {
          bytes += chunk.length
        })
        .on('end', () => answer.end(String(bytes)))
    incoming.on('error', () => {})
    setTimeout(read, readsAfterMs)
  })
  cutSlowSenders(server, { windowMs: 200, leastBytes: 1000 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())))
  return server
}

/** Sends `pieces` of so many bytes with a pause after each; answers what came back, or how it ended. */
async function send(server: Server, { pieces, bytes, everyMs }: { pieces: number; bytes: number; everyMs: number }) {
  const { port } = server.address() as AddressInfo
  const outgoing = request({ port, host: '127.0.0.1', method: 'POST' })
  const answered = new Promise<string>((resolve) => {
    outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    outgoing.on('response', async (response) => resolve(Buffer.concat(await response.toArray()).toString()))
  })
  for (let n = 0; n < pieces && !outgoing.destroyed; n++) {
    outgoing.write(Buffer.alloc(bytes))
    await pause(everyMs)
  }
  outgoing.end()
  return answered
}

test('a request that trickles in is cut, and others are answered meanwhile', async () => {
  const server = await serve()
  const slow = send(server, { pieces: 200, bytes: 1, everyMs: 20 })
  expect(await send(server, { pieces: 1, bytes: 10, everyMs: 0 })).toBe('10')
  expect(await slow).toMatch(/ECONNRESET|EPIPE|socket hang up/)
})

test('a request that takes long and goes on is received whole', async () => {
  const server = await serve()
  expect(await send(server, { pieces: 20, bytes: 2000, everyMs: 50 })).toBe('40000')
})

test('a request that waits for the server itself is not cut', async () => {
  const server = await serve(900)
  expect(await send(server, { pieces: 2, bytes: 100_000, everyMs: 0 })).toBe('200000')
})
