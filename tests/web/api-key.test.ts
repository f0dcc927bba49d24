import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey, revokeApiKey } from '../../src/services/api-keys.ts'
import type { Member } from '../../src/services/context.ts'
import { openSession } from '../../src/services/sessions.ts'
import { requireKey } from '../../src/web/api-key.ts'
import type { Env } from '../../src/web/env.ts'
import { addPeople, openWorkspace, type Workspace } from '../support/workspace.ts'

let workspace: Workspace
let alice: Member
let app: Hono<Env>

beforeAll(() => {
  workspace = openWorkspace()
  alice = addPeople(workspace.context).alice
  app = new Hono<Env>()
  app.use(requireKey(workspace.context))
  app.all('*', (c) => c.text(c.get('member').user.name))
})
afterAll(() => workspace.close())

const ask = (headers: Record<string, string>, url = '/') => app.request(url, { method: 'POST', headers })

describe('the API', () => {
  it('lets a request in that carries a key, from whatever origin', async () => {
    const { key } = createApiKey(workspace.context, alice, 'a')
    const response = await ask({ Authorization: `Bearer ${key}`, 'Sec-Fetch-Site': 'cross-site', Origin: 'null' })
    expect(await response.text()).toBe('Alice')
    expect((await ask({ Authorization: `bearer  ${key}` })).status).toBe(200)
  })

  it('asks for a key where there is none', async () => {
    const response = await ask({})
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ code: 'no_key', hint: expect.stringContaining('npm run key') })
  })

  it('knows no key that was revoked, cut or made up', async () => {
    const { key, id } = createApiKey(workspace.context, alice, 'a')
    expect((await ask({ Authorization: `Bearer ${key}` })).status).toBe(200)
    revokeApiKey(workspace.context, alice, id)
    for (const wrong of [key, key.slice(0, -1), `sp_${'A'.repeat(43)}`]) {
      const response = await ask({ Authorization: `Bearer ${wrong}` })
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"'])
    }
  })

  it('takes a key from its header only', async () => {
    const { key } = createApiKey(workspace.context, alice, 'a')
    const { token } = openSession(workspace.context, alice)
    for (const [headers, url] of [
      [{ Cookie: `sheetport_session=${token}` }, '/'],
      [{ Cookie: `sheetport_session=${key}` }, '/'],
      [{ Authorization: `Basic ${key}` }, '/'],
      [{ Authorization: `Bearer ${token}` }, '/'],
      [{}, `/?key=${key}&access_token=${key}`],
    ] as const) {
      expect((await ask(headers, url)).status).toBe(401)
    }
  })
})
