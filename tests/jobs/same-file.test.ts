import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { RunningServer } from '../../src/server.ts'
import { createApiKey } from '../../src/services/api-keys.ts'
import type { Member } from '../../src/services/context.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import { Api } from '../support/api.ts'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { holdQueue } from '../support/hold-queue.ts'
import { runServer } from '../support/running-server.ts'
import { addMember } from '../support/workspace.ts'

const FILE = {
  name: 'stock.csv',
  text: itemsCsv([
    ['1', 'A', 1],
    ['2', 'B', 2],
    ['3', 'C', 3],
  ]),
}
const KEYLESS = { name: 'Log', columns: [{ name: 'SKU', type: 'text' }] }
const ISO = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`

function apiOf({ url, context }: RunningServer, member: Member): Api {
  return new Api(url, createApiKey(context, member, 'test').key)
}

/** The owner of the server, and Bob of the same team, who does not know what she imported. */
async function twoPeople() {
  const server = await runServer()
  const bob = apiOf(server, addMember(server.context, 'Bob', server.member.team))
  return { server, ana: server.api, bob }
}

test('a file of which nothing is new is said to be known, by whom and when, and changes nothing', async () => {
  const { ana, bob } = await twoPeople()
  const template = await ana.createTemplate(ITEMS)
  const first = await ana.import(template.id, FILE)
  const again = await bob.import(template.id, { ...FILE, name: 'copy of stock.csv' })
  expect(again).toMatchObject({ status: 'completed', counts: { created: 0, updated: 0, unchanged: 3 } })
  expect(again.note).toBe(`ana imported this file on ${first.finished_at}; nothing in it is new.`)
  expect(first.note).toBeNull()
})

test('a file that would set back what was changed since waits for a yes', async () => {
  const { ana, bob } = await twoPeople()
  const template = await ana.createTemplate(ITEMS)
  await ana.import(template.id, FILE)
  const url = `/api/templates/${template.id}/records`
  await ana.ask('PATCH', `${url}/2`, { values: { Name: 'by hand' } })
  await ana.ask('DELETE', `${url}/3`)
  const again = await bob.import(template.id, FILE)
  expect(again).toMatchObject({ status: 'review', counts: { created: 1, updated: 1, unchanged: 1 } })
  expect(again.note).toMatch(
    new RegExp(
      `^ana imported this file on ${ISO}; the table has changed since, and going on creates 1 record and sets 1 record back to what it says.$`,
    ),
  )
  await bob.ask('POST', `/api/jobs/${again.id}/approve`)
  expect(await bob.settled(again)).toMatchObject({
    status: 'completed',
    note: null,
    counts: { created: 1, updated: 1 },
  })
})

test('where no key tells rows apart, nothing is added twice unless somebody wants it', async () => {
  const { ana, bob } = await twoPeople()
  const template = await ana.createTemplate(KEYLESS)
  await ana.import(template.id, FILE)
  const again = await bob.import(template.id, FILE)
  expect(again.status).toBe('review')
  expect(again.note).toMatch(/; no key tells its rows from those, so going on adds 3 rows a second time\.$/)
  await bob.ask('POST', `/api/jobs/${again.id}/cancel`)
  expect(await bob.records(template.id)).toHaveLength(3)
  expect(await bob.import(template.id, FILE, { force: 'true' })).toMatchObject({ status: 'completed', note: null })
  expect(await bob.records(template.id)).toHaveLength(6)
})

test('a file is as new when its import was undone, was only a check, changed nothing, or went into another template', async () => {
  const { ana } = await twoPeople()
  const template = await ana.createTemplate(KEYLESS)
  const other = await ana.createTemplate({ ...KEYLESS, name: 'Other' })
  await ana.import(other.id, FILE)
  await ana.import(template.id, FILE, { dry_run: 'true' })
  const first = await ana.import(template.id, FILE)
  expect(first).toMatchObject({ status: 'completed', note: null })
  const undo = await ana.settled(await ana.ask<JobObject>('POST', `/api/jobs/${first.id}/undo`))
  expect(await ana.import(template.id, FILE)).toMatchObject({ status: 'completed', note: null })
  // What the undo took away stands again with its own undo, and is known again.
  await ana.settled(await ana.ask<JobObject>('POST', `/api/jobs/${undo.id}/undo`))
  expect((await ana.import(template.id, FILE)).status).toBe('review')
})

test('of one file that two people send many times at once one is taken, and the others are shown that one', async () => {
  const { server, ana, bob } = await twoPeople()
  const template = await ana.createTemplate(ITEMS)
  const held = holdQueue(server)
  const senders = Array.from({ length: 5 }, () => [ana, bob]).flat()
  const answers = await Promise.all(senders.map((sender) => sender.upload(template.id, FILE)))
  const [id = ''] = answers.filter(({ status }) => status === 202).map(({ body }) => (body as JobObject).id)
  const known = { status: 409, body: { code: 'same_file', link: `/templates/${template.id}/jobs/${id}` } }
  expect(answers.toSorted((a, b) => a.status - b.status)).toMatchObject([{ body: { id } }, ...Array(9).fill(known)])
  expect(readdirSync(path.join(server.folder, 'uploads'))).toEqual([id])
  held.letGo()
  expect(await ana.settled({ id })).toMatchObject({ status: 'completed', counts: { created: 3 } })
})

test('nobody learns what another team has imported', async () => {
  const { server, ana } = await twoPeople()
  const template = await ana.createTemplate(KEYLESS)
  await ana.import(template.id, FILE)
  const charlie = apiOf(server, addMember(server.context, 'Charlie'))
  const own = await charlie.createTemplate(KEYLESS)
  expect(await charlie.import(own.id, FILE)).toMatchObject({ status: 'completed', note: null, counts: { created: 3 } })
  expect((await charlie.upload(template.id, FILE)).status).toBe(404)
})

test('an import that failed and is tried again knows that the file came in another way meanwhile', async () => {
  const { ana, bob } = await twoPeople()
  const template = await ana.createTemplate(KEYLESS)
  const failed = await ana.import(template.id, FILE, { sheet: 'no such sheet' })
  expect(failed.status).not.toBe('completed')
  const cancelled =
    failed.status === 'failed' ? failed : await ana.ask<JobObject>('POST', `/api/jobs/${failed.id}/cancel`)
  expect((await bob.import(template.id, FILE)).status).toBe('completed')
  await ana.ask('POST', `/api/jobs/${cancelled.id}/retry`, { sheet: null })
  expect(await ana.settled(cancelled)).toMatchObject({ status: 'review', note: expect.stringMatching(/^Bob imported/) })
})
