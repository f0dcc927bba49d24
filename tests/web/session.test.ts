import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Member } from '../../src/services/context.ts'
import { openSession } from '../../src/services/sessions.ts'
import type { Env } from '../../src/web/env.ts'
import { clearSessionCookie, readSession, requireSession, setSessionCookie } from '../../src/web/session.ts'
import { addPeople, openWorkspace, type Workspace } from '../support/workspace.ts'

let workspace: Workspace
let alice: Member

beforeAll(() => {
  workspace = openWorkspace()
  alice = addPeople(workspace.context).alice
})
afterAll(() => workspace.close())

function app(context = workspace.context) {
  const hono = new Hono<Env>()
  hono.get('/in', (c) => {
    setSessionCookie(c, context.config, openSession(context, alice))
    return c.text('in')
  })
  hono.get('/out', (c) => {
    clearSessionCookie(c, context.config)
    return c.text('out')
  })
  hono.use(readSession(context))
  hono.get('/sign-in', (c) => c.text(c.get('session')?.member.user.name ?? 'nobody'))
  hono.use(requireSession)
  hono.all('*', (c) => c.text(c.get('member').user.name))
  return hono
}

async function signedIn() {
  const response = await app().request('/in')
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

describe('the cookie of a session', () => {
  it('is out of reach for scripts and other sites', async () => {
    const response = await app().request('/in')
    const cookie = response.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^sheetport_session=[\w-]{43}; Path=\/; Expires=[^;]+GMT; HttpOnly; SameSite=Lax$/)
  })

  it('is bound to its host and to TLS where people come by https', async () => {
    const context = {
      ...workspace.context,
      config: { ...workspace.context.config, baseUrl: 'https://sheets.example.org' },
    }
    const cookie = (await app(context).request('/in')).headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^__Host-sheetport_session=/)
    expect(cookie).toMatch(/; HttpOnly; Secure; SameSite=Lax$/)
    expect(cookie).not.toContain('Domain')
    const name = cookie.split('=')[0]
    const kept = await app(context).request('/sign-in', { headers: { Cookie: cookie.split(';')[0] ?? '' } })
    expect(await kept.text()).toBe('Alice')
    expect((await app(context).request('/out')).headers.get('set-cookie')).toMatch(
      new RegExp(`^${name}=; Max-Age=0; Path=/`),
    )
  })

  it('says who asks, on pages for members and on pages for everybody', async () => {
    const headers = { Cookie: await signedIn() }
    expect(await (await app().request('/templates', { headers })).text()).toBe('Alice')
    expect(await (await app().request('/sign-in', { headers })).text()).toBe('Alice')
    expect(await (await app().request('/sign-in')).text()).toBe('nobody')
  })

  it('is never taken over from the browser', async () => {
    const headers = { Cookie: 'sheetport_session=chosen-by-an-attacker' }
    expect((await app().request('/templates', { headers })).status).toBe(303)
  })
})

describe('who is not signed in', () => {
  it('is sent to sign in, and from there back to the page they wanted', async () => {
    const response = await app().request('/templates/x?page=2&q=a%26b')
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/sign-in?next=%2Ftemplates%2Fx%3Fpage%3D2%26q%3Da%2526b')
  })

  it('is not sent back to what a form would have done', async () => {
    const response = await app().request('/templates', { method: 'POST' })
    expect([response.status, response.headers.get('location')]).toEqual([303, '/sign-in'])
  })

  it('takes the whole page along when htmx asked for a part of it', async () => {
    const response = await app().request('/templates', { headers: { 'HX-Request': 'true' } })
    expect([response.status, response.headers.get('hx-redirect')]).toEqual([204, '/sign-in'])
  })

  it('gets a 401 where a program expects JSON', async () => {
    const response = await app().request('/jobs/x/status.json')
    expect([response.status, response.headers.get('content-type')]).toEqual([401, 'application/problem+json'])
  })
})
