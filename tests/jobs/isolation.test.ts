import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { createApp } from '../../src/app.tsx'
import { insertTemplate } from '../../src/db/templates.ts'
import { newId } from '../../src/ids.ts'
import { Hub } from '../../src/live/hub.ts'
import { renderTopic } from '../../src/live/render-topic.tsx'
import { createApiKey, listApiKeys } from '../../src/services/api-keys.ts'
import type { Context, Member } from '../../src/services/context.ts'
import { Health } from '../../src/services/health.ts'
import { unreadNotices } from '../../src/services/notices.ts'
import { openSession } from '../../src/services/sessions.ts'
import { signIn } from '../../src/services/sign-in.ts'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { OWNER, runServer } from '../support/running-server.ts'
import { addMember } from '../support/workspace.ts'

const SECRET = 'Crown jewels'
const FILE = 'very-secret.csv'

/** Alice owns, Bob is in her team, Charlie is in another one. */
async function setUp() {
  const { api, context, url } = await runServer()
  const { member: alice } = await signIn(context, { ...OWNER, address: '127.0.0.1' })
  const bob = addMember(context, 'Bob', alice.team)
  const charlie = addMember(context, 'Charlie')
  const template = await api.createTemplate({ ...ITEMS, name: SECRET, on_problems: 'skip' })
  const text = itemsCsv([
    ['1', SECRET],
    ['', 'no key'],
  ])
  const job = await api.import(template.id, { name: FILE, text })
  const written = await api.ask<{ id: string }>('POST', `/api/templates/${template.id}/exports`, { format: 'csv' })
  await api.settled(written)
  const [record] = await api.records(template.id)
  const ids: Ids = {
    template: template.id,
    job: job.id,
    export: written.id,
    record: String(record?.id),
    column: template.columns[0]?.id ?? '',
    key: listApiKeys(context, alice)[0]?.id ?? '',
    notice: unreadNotices(context, alice)[0]?.id ?? '',
  }
  const app = createApp(context, { hub: silentHub(context), health: new Health(context, { moves: true }) })
  const ask = (member: Member) => client(context, app, member)
  return { api, context, url, app, ids, alice, bob, charlie, ask }
}

function silentHub(context: Context): Hub {
  const hub = new Hub((topic, member) => renderTopic(context, topic, member))
  onTestFinished(() => hub.stop())
  return hub
}

const KINDS = ['template', 'job', 'export', 'record', 'column', 'key', 'notice'] as const
type Ids = Record<(typeof KINDS)[number], string>
type App = ReturnType<typeof createApp>
type Answer = { status: number; body: string }

/** Asks pages with a session and the API with a key, always with a body that means nothing. */
function client(context: Context, app: App, member: Member) {
  const { token } = openSession(context, member)
  const { key } = createApiKey(context, member, 'tests')
  return async (method: string, path: string): Promise<Answer> => {
    const isApi = path.startsWith('/api/')
    const asSomeone: Record<string, string> = isApi
      ? { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }
      : { Cookie: `sheetport_session=${token}`, Origin: 'http://localhost' }
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const body = method === 'GET' ? null : isApi ? '{"values": {}}' : ''
    const headers = method === 'GET' || isApi ? asSomeone : { ...asSomeone, ...form }
    const response = await app.request(`http://localhost${path}`, { method, headers, body })
    return { status: response.status, body: await response.text() }
  }
}

/** Every route that a person or program can ask, once. */
function routesOf(app: App): { method: string; path: string }[] {
  const all = app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`)
  return [...new Set(all)].map((route) => {
    const [method = '', path = ''] = route.split(' ')
    return { method, path }
  })
}

/** What a parameter of a route names. A route with a new kind of parameter has to say here whose it is. */
function fill(path: string, ids: Ids): string {
  return path.replace(/:(\w+)(\{[^/]+\})?/g, (_whole, name: string, pattern: string | undefined, at: number) => {
    const before = path.slice(0, at)
    if (name === 'file' && pattern?.includes('problems')) return 'problems.csv'
    if (name === 'record' || name === 'column') return ids[name]
    if (name === 'template' || before.endsWith('/templates/')) return ids.template
    if (name === 'job' || before.endsWith('/jobs/')) return path.endsWith('/file') ? ids.export : ids.job
    if (before.endsWith('/keys/')) return ids.key
    if (before.endsWith('/notices/')) return ids.notice
    throw new Error(`nobody has said what :${name} of ${path} is`)
  })
}

const NOT_OWNED = /^\/(assets|examples)\//
/** A person's own, also within a team: for anybody else they are as good as absent. */
const PERSONAL = ['POST /settings/keys/:id/revoke', 'POST /notices/:id/read']
/** An unknown notice is as good as read, so this is answered with the way back. */
const ANSWERED_ALIKE = ['POST /notices/:id/read']

function unknownIds(ids: Ids): Ids {
  return { ...ids, template: newId(), job: newId(), export: newId(), record: '987654', key: newId(), notice: newId() }
}

/** Ids are part of links and messages, and each answer has a reference of its own. */
function anonymous({ status, body }: Answer, ids: Ids): Answer {
  const { record, ...long } = ids
  const text = body.replaceAll(`records/${record}`, 'records/ID')
  return { status, body: Object.values(long).reduce((rest, id) => rest.replaceAll(id, 'ID'), text) }
}

test('for a stranger, everything of another team is as absent as what never was', async () => {
  const { app, ids, charlie, ask, api, context } = await setUp()
  const stranger = ask(charlie)
  const own = addTemplateOf(context, charlie)
  const before = await everythingOf(api, ids)
  const routes = routesOf(app).filter(({ path }) => path.includes(':') && !NOT_OWNED.test(path))
  expect(routes.length).toBeGreaterThan(35)
  for (const { method, path } of routes) {
    const route = `${method} ${path}`
    const unknown = unknownIds(ids)
    const answer = anonymous(await stranger(method, fill(path, ids)), ids)
    const absent = anonymous(await stranger(method, fill(path, unknown)), unknown)
    expect(answer, route).toEqual(absent)
    expect(answer.status, route).toBe(ANSWERED_ALIKE.includes(route) ? 303 : 404)
    expect(answer.body, route).not.toMatch(new RegExp(`${SECRET}|${FILE}`))
    // Nor does it help to come by a template of one's own.
    const roundabout = { ...ids, template: own, record: '987654' }
    const around = await stranger(method, fill(path, roundabout))
    if (/:job/.test(path)) expect(around.status, `${route} by an own template`).toBe(404)
    expect(around.body, route).not.toMatch(new RegExp(`${SECRET}|${FILE}`))
  }
  expect(await everythingOf(api, ids)).toEqual(before)
})

test('who is in the team is answered wherever a stranger is not', async () => {
  const { app, ids, bob, ask } = await setUp()
  const member = ask(bob)
  const routes = routesOf(app).filter(({ method, path }) => {
    return path.includes(':') && !NOT_OWNED.test(path) && !PERSONAL.includes(`${method} ${path}`)
  })
  const late = routes.filter(takesAway).sort((a, b) => b.path.length - a.path.length)
  for (const { method, path } of routes.filter((route) => !takesAway(route))) {
    expect((await member(method, fill(path, ids))).status, `${method} ${path}`).not.toBe(404)
  }
  // Of what deletes the same thing, only the first finds it.
  const found: string[] = []
  for (const { method, path } of late) if ((await member(method, fill(path, ids))).status !== 404) found.push(path)
  for (const what of [/:record/, /:job|jobs.:id/, /:template.delete|templates.:id$/]) {
    expect(found.some((path) => what.test(path))).toBe(true)
  }
})

/** After this, what other routes name may be gone. */
function takesAway({ method, path }: { method: string; path: string }): boolean {
  return method !== 'GET' && /delete|undo/i.test(method + path)
}

test('no list of a stranger shows anything of another team', async () => {
  const { app, ids, bob, charlie, ask } = await setUp()
  const lists = routesOf(app).filter(({ method, path }) => method === 'GET' && !path.includes(':') && path !== '/live')
  const asked = [
    ...lists.map(({ path }) => path),
    `/jobs?template=${ids.template}`,
    `/api/jobs?template=${ids.template}`,
    `/live/state?topic=jobs&topic=notices&topic=job:${ids.job}&topic=template:${ids.template}`,
  ]
  const marks = new RegExp([SECRET, FILE, ids.template, ids.job].join('|'))
  const seenByBob: string[] = []
  for (const path of asked) {
    const { body } = await ask(charlie)('GET', path)
    expect(body.replaceAll(path, ''), path).not.toMatch(marks)
    if (marks.test((await ask(bob)('GET', path)).body)) seenByBob.push(path)
  }
  expect(seenByBob).toEqual(
    expect.arrayContaining(['/templates', '/jobs', '/api/templates', '/api/jobs', asked.at(-1)]),
  )
})

test('a stranger who watches a job or a template of another team hears nothing of it', async () => {
  const { api, context, url, ids, bob, charlie } = await setUp()
  const topics = ['jobs', 'notices', `job:${ids.job}`, `template:${ids.template}`].map((topic) => `topic=${topic}`)
  const [member, stranger] = [bob, charlie].map((person) => watch(context, `${url}/live?${topics.join('&')}`, person))
  await expect.poll(() => member?.heard(), { timeout: 20_000 }).toContain(FILE)
  await api.import(ids.template, { name: 'another-secret.csv', text: itemsCsv([['2', 'B']]) })
  await expect.poll(() => member?.heard(), { timeout: 20_000 }).toContain('another-secret.csv')
  // What is pushed goes to everyone in the same moment, and the stranger's own lists have come.
  await expect.poll(() => stranger?.heard(), { timeout: 20_000 }).toContain('hx-partial')
  expect(stranger?.heard()).not.toMatch(new RegExp(`secret|${SECRET}|${ids.job}|${ids.template}`))
})

function watch(context: Context, address: string, person: Member): { heard(): string } {
  const { token } = openSession(context, person)
  const { origin } = new URL(address)
  const socket = new WebSocket(address.replace('http', 'ws'), {
    origin,
    headers: { Cookie: `sheetport_session=${token}` },
  })
  onTestFinished(() => socket.terminate())
  let heard = ''
  socket.on('message', (data) => {
    heard += data.toString()
  })
  return { heard: () => heard }
}

async function everythingOf(api: Awaited<ReturnType<typeof setUp>>['api'], { template }: Ids) {
  const [one, jobs, records] = [
    await api.template(template),
    await api.ask('GET', `/api/jobs?template=${template}`),
    await api.records(template),
  ]
  return { one, jobs, records }
}

/** Only its row: what a stranger may do with an own template is no concern here. */
function addTemplateOf(context: Context, member: Member): string {
  const id = newId()
  insertTemplate(context.db, { id, teamId: member.team.id, name: 'Own', createdBy: member.user.id })
  return id
}
