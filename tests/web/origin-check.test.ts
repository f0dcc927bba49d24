import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { Env } from '../../src/web/env.ts'
import { originCheck } from '../../src/web/origin-check.ts'

const OWN = 'http://localhost:3000'

function app(env: Record<string, string> = {}) {
  const reached: string[] = []
  const hono = new Hono<Env>()
  hono.use(originCheck(readConfig({ DATA_DIR: '/tmp/none', ...env })))
  hono.all('*', (c) => {
    reached.push(c.req.method)
    return c.text('done')
  })
  const ask = async (method: string, headers: Record<string, string>, base = OWN) => {
    const { status } = await hono.request(`${base}/templates`, { method, headers })
    return status
  }
  return { ask, reached }
}

const SITE = 'Sec-Fetch-Site'

describe('without a base URL, a request that changes something', () => {
  it.each([
    [{ [SITE]: 'same-origin' }, 200],
    [{ [SITE]: 'same-origin', Origin: OWN }, 200],
    [{ Origin: OWN }, 200],
    // Behind a proxy that ends TLS the server sees another origin than the browser.
    [{ [SITE]: 'same-origin', Origin: 'https://sheets.example.org' }, 200],
    [{}, 403],
    [{ Origin: 'https://sheets.example.org' }, 403],
    [{ Origin: 'null' }, 403],
    [{ Origin: 'http://localhost:3001' }, 403],
    [{ Origin: 'https://localhost:3000' }, 403],
    [{ [SITE]: 'same-origin', Origin: 'null' }, 403],
    [{ [SITE]: 'cross-site' }, 403],
    [{ [SITE]: 'cross-site', Origin: OWN }, 403],
    [{ [SITE]: 'same-site', Origin: OWN }, 403],
    [{ [SITE]: 'none' }, 403],
    [{ [SITE]: 'none', Origin: OWN }, 403],
  ])('with %j is answered with %i', async (headers, status) => {
    const { ask, reached } = app()
    expect(await ask('POST', headers)).toBe(status)
    expect(reached).toEqual(status === 200 ? ['POST'] : [])
  })
})

describe('with a base URL, a request that changes something', () => {
  it.each([
    [{ Origin: 'https://sheets.example.org' }, 200],
    [{ [SITE]: 'same-origin', Origin: 'https://sheets.example.org' }, 200],
    [{ [SITE]: 'same-origin' }, 200],
    [{ Origin: OWN }, 403],
    [{ [SITE]: 'same-origin', Origin: OWN }, 403],
    [{ [SITE]: 'same-origin', Origin: 'https://evil.example' }, 403],
    [{ Origin: 'https://sheets.example.org.evil.example' }, 403],
    [{ [SITE]: 'cross-site', Origin: 'https://sheets.example.org' }, 403],
    [{}, 403],
  ])('with %j is answered with %i', async (headers, status) => {
    const { ask } = app({ BASE_URL: 'https://sheets.example.org/' })
    expect(await ask('POST', headers)).toBe(status)
  })
})

describe('the check of the origin', () => {
  it('holds for every method that is not safe, and for no other', async () => {
    const { ask } = app()
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect(await ask(method, { [SITE]: 'cross-site' })).toBe(403)
    }
    for (const method of ['GET', 'HEAD', 'OPTIONS']) expect(await ask(method, { [SITE]: 'cross-site' })).toBe(200)
  })

  it.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'text/plain',
    'application/json',
    'application/octet-stream',
  ])('holds for a body of %s', async (type) => {
    const { ask } = app()
    expect(await ask('POST', { [SITE]: 'cross-site', 'Content-Type': type })).toBe(403)
    expect(await ask('POST', { [SITE]: 'same-origin', 'Content-Type': type })).toBe(200)
  })
})
