import { Hono } from 'hono'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { Refusal } from '../../src/services/context.ts'
import type { Env } from '../../src/web/env.ts'
import { problemForError, problemForNotFound } from '../../src/web/problem-json.ts'
import { readJson } from '../../src/web/read-json.ts'
import { requestId } from '../../src/web/request-id.ts'
import { securityHeaders } from '../../src/web/security-headers.ts'

function app(env: Record<string, string> = {}) {
  const hono = new Hono<Env>()
  hono.use(requestId)
  hono.use(securityHeaders(readConfig({ DATA_DIR: '/tmp/none', ...env })))
  hono.get('/page', (c) => c.html('<p>hello</p>'))
  hono.get('/asset', (c) =>
    c.body('x', 200, { 'Cache-Control': 'public, max-age=60', 'Content-Security-Policy': 'sandbox' }),
  )
  hono.get('/refused', () => {
    throw new Refusal(409, { code: 'busy', message: 'Not now.', hint: 'Later.', link: '/jobs/1' })
  })
  hono.get('/broken', () => {
    throw new Error('SELECT secret FROM vault', { cause: new Error('deeper') })
  })
  hono.get('/full', () => {
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  })
  hono.post('/json', async (c) => c.body(JSON.stringify(await readJson(c))))
  hono.onError(problemForError)
  hono.notFound(problemForNotFound)
  return hono
}

function heardErrors() {
  const lines: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    lines.push(String(chunk))
    return true
  })
  return lines
}

afterEach(() => vi.restoreAllMocks())

describe('every answer', () => {
  it.each(['/page', '/refused', '/broken', '/nowhere'])('has its guards: %s', async (path) => {
    heardErrors()
    const { headers } = await app().request(path)
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('strict-transport-security')).toBeNull()
  })

  it('leaves alone what a route said itself', async () => {
    const { headers } = await app().request('/asset')
    expect(headers.get('cache-control')).toBe('public, max-age=60')
    expect(headers.get('content-security-policy')).toBe('sandbox')
  })

  it('asks for https where people come by https', async () => {
    const { headers } = await app({ BASE_URL: 'https://sheets.example.org' }).request('/page')
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d+$/)
  })
})

describe('an error', () => {
  it('that was expected tells itself', async () => {
    const response = await app().request('/refused')
    expect(response.status).toBe(409)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      code: 'busy',
      detail: 'Not now.',
      hint: 'Later.',
      link: '/jobs/1',
    })
  })

  it('that was not is logged whole, and only its reference leaves', async () => {
    const lines = heardErrors()
    const response = await app().request('/broken')
    const reference = /"reference":"(\w+)"/.exec(await response.clone().text())?.[1]
    expect(response.status).toBe(500)
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      code: 'unexpected',
      detail: 'Something went wrong on our side.',
      hint: expect.any(String),
      reference: expect.stringMatching(/^[a-z0-9]{25}$/),
    })
    const logged = JSON.parse(lines[0] ?? '')
    expect(logged).toMatchObject({ level: 'error', reference, path: '/broken' })
    expect(logged.error).toMatchObject({ message: 'SELECT secret FROM vault', cause: { message: 'deeper' } })
    expect(logged.error.stack).toContain('answers.test.ts')
  })

  it('of a full disk says so', async () => {
    heardErrors()
    const response = await app().request('/full')
    expect(response.status).toBe(507)
    expect(await response.json()).toMatchObject({ code: 'disk_full' })
  })

  it('of an address that means nothing is a 404', async () => {
    const response = await app().request('/nowhere')
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ detail: 'There is no GET /nowhere.' })
  })
})

describe('a JSON body', () => {
  const send = (body: string | ReadableStream) =>
    app().request('/json', { method: 'POST', body, ...(typeof body !== 'string' && { duplex: 'half' }) })

  it('is read', async () => {
    expect(await (await send('{"a":"ä"}')).json()).toEqual({ a: 'ä' })
  })

  it('that is none is refused', async () => {
    expect((await send('{"a":')).status).toBe(400)
  })

  it('is not read beyond the limit, whatever length it has', async () => {
    let sent = 0
    const endless = new ReadableStream({
      pull(controller) {
        sent++
        controller.enqueue(new Uint8Array(1024 * 1024))
      },
    })
    expect((await send(endless)).status).toBe(413)
    expect(sent).toBeLessThan(16)
  })
})
