import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { insertJob } from '../../src/db/jobs.ts'
import { insertTemplate } from '../../src/db/templates.ts'
import { createApiKey } from '../../src/services/api-keys.ts'
import type { Member } from '../../src/services/context.ts'
import { refuseFullQueue } from '../../src/services/queue-depth.ts'
import { ITEMS } from '../support/examples.ts'
import { holdQueue } from '../support/hold-queue.ts'
import { runServer } from '../support/running-server.ts'
import { addPeople, openWorkspace, refusalOf, type Workspace } from '../support/workspace.ts'

let workspace: Workspace

beforeEach(() => {
  workspace = openWorkspace()
})

afterEach(() => workspace.close())

function addWaiting(
  db: Workspace['context']['db'],
  member: Member,
  { templateId, count }: { templateId: string; count: number },
) {
  db.transaction(() => {
    for (let n = 0; n < count; n++) {
      insertJob(db, {
        ...{ id: `j${n}`, teamId: member.team.id, templateId, kind: 'undo', input: { kind: 'undo', undoOf: 'x' } },
      })
    }
  })
}

test('a team of which a thousand jobs wait is refused more, and others are not', async () => {
  const { context } = workspace
  const { alice, bob, charlie } = addPeople(context)
  insertTemplate(context.db, { id: 't', teamId: alice.team.id, name: 'Items' })
  addWaiting(context.db, alice, { templateId: 't', count: 999 })
  refuseFullQueue(context, alice)
  insertJob(context.db, {
    ...{ id: 'last', teamId: alice.team.id, templateId: 't', kind: 'undo', input: { kind: 'undo', undoOf: 'x' } },
  })
  expect(await refusalOf(() => refuseFullQueue(context, bob))).toMatchObject({ status: 429, code: 'queue_full' })
  refuseFullQueue(context, charlie)
})

test('an upload to a full queue is refused with when to try again, and leaves nothing behind', async () => {
  const server = await runServer()
  const { api, context, member } = server
  const template = await api.createTemplate(ITEMS)
  holdQueue(server)
  addWaiting(context.db, member, { templateId: template.id, count: 1000 })
  const { status, body } = await api.upload(template.id, { name: 'a.csv', text: 'SKU\n1\n' })
  expect(status).toBe(429)
  expect(body).toMatchObject({ code: 'queue_full', detail: expect.stringContaining('1,000 jobs of your team') })
  expect(readdirSync(path.join(server.folder, 'uploads'))).toEqual([])
  const { key } = createApiKey(context, member, 'test')
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }
  const answer = await fetch(`${server.url}/api/templates/${template.id}/exports`, {
    method: 'POST',
    headers,
    body: '{}',
  })
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '60'])
})

test('of uploads that come at once only as many are taken as there is room for', async () => {
  const server = await runServer()
  const { api, context, member } = server
  const template = await api.createTemplate(ITEMS)
  holdQueue(server)
  addWaiting(context.db, member, { templateId: template.id, count: 999 })
  const uploads = Array.from({ length: 20 }, (_, n) => api.upload(template.id, { name: 'a.csv', text: `SKU\n${n}\n` }))
  const statuses = (await Promise.all(uploads)).map(({ status }) => status)
  expect(statuses.toSorted()).toEqual([202, ...Array(19).fill(429)])
  expect(readdirSync(path.join(server.folder, 'uploads'))).toHaveLength(1)
})
