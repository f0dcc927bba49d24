import { expect, test } from 'vitest'
import { findJobById } from '../../src/db/jobs.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import { canUndo } from '../../src/services/jobs.ts'
import type { Api } from '../support/api.ts'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { holdQueue } from '../support/hold-queue.ts'
import { runServer } from '../support/running-server.ts'
import { readTable } from './disturbed-import.ts'

const THREE = itemsCsv([
  ['1', 'A', 1],
  ['2', 'B', 2],
  ['3', 'C', 3],
])

function askUndo(api: Api, job: { id: string }): Promise<JobObject> {
  return api.ask<JobObject>('POST', `/api/jobs/${job.id}/undo`)
}

async function undo(api: Api, job: { id: string }): Promise<JobObject> {
  const done = await api.settled(await askUndo(api, job))
  expect(done).toMatchObject({ kind: 'undo', status: 'completed', error: null })
  return done
}

async function names(api: Api, templateId: string): Promise<string[]> {
  return (await api.records(templateId)).map(({ values }) => `${values.SKU} ${values.Name}`)
}

async function recordOf(api: Api, templateId: string, sku: string): Promise<number> {
  const found = (await api.records(templateId)).find(({ values }) => values.SKU === sku)
  if (found === undefined) throw new Error(`there is no record ${sku}`)
  return found.id
}

test('an undo removes what an import created', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, { name: 'three.csv', text: THREE })
  const undone = await undo(api, job)
  expect(undone.counts).toMatchObject({ deleted: 3, created: 0, updated: 0, skipped: 0 })
  expect(undone.file?.name).toBe('three.csv')
  expect(await names(api, template.id)).toEqual([])
  expect((await api.template(template.id)).records).toBe(0)
})

test('an undo puts back what an import changed and deleted, with ids and provenance', async () => {
  const { api, folder } = await runServer()
  const template = await api.createTemplate({ ...ITEMS, mode: 'replace' })
  const first = await api.import(template.id, { name: 'three.csv', text: THREE })
  const before = await api.records(template.id)
  const { digest } = readTable(folder, first)
  const changed = itemsCsv([
    ['1', 'A', 1],
    ['2', 'changed', 22],
    ['9', 'new', 9],
  ])
  const job = await api.import(template.id, { name: 'changed.csv', text: changed }, { force: 'true' })
  expect(job.counts).toMatchObject({ created: 1, updated: 1, unchanged: 1, deleted: 1 })
  expect((await undo(api, job)).counts).toMatchObject({ created: 1, updated: 1, deleted: 1 })
  expect(await api.records(template.id)).toEqual(before)
  expect(readTable(folder, job)).toMatchObject({ digest, entriesOfJob: 1 })
})

test('records that were edited since stay as they are and are counted', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, { name: 'three.csv', text: THREE })
  const id = await recordOf(api, template.id, '2')
  await api.ask('PATCH', `/api/templates/${template.id}/records/${id}`, { values: { Name: 'by hand' } })
  const undone = await undo(api, job)
  expect(undone.counts).toMatchObject({ deleted: 2, skipped: 1 })
  expect(undone.progress.message).toBe('2 removed. 1 record changed since and kept.')
  expect(await names(api, template.id)).toEqual(['2 by hand'])
  expect((await api.template(template.id)).records).toBe(1)
})

test('before an undo it is told what it would do and what stays, and afterwards what stayed', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, { name: 'three.csv', text: THREE })
  await api.ask('PATCH', `/api/templates/${template.id}/records/2`, { values: { Name: 'by hand' } })
  await api.import(template.id, { name: 'newer.csv', text: itemsCsv([['3', 'newer', 3]]) })
  const since = (by: object, before: string, after: string) => ({
    reason: 'changed',
    since: [{ action: 'update', by, changes: [{ column: 'Name', before, after }] }],
  })
  const kept = [
    { record: 2, ...since({ kind: 'edit', job_id: null, person: 'ana' }, 'B', 'by hand') },
    { record: 3, ...since({ kind: 'import', file: 'newer.csv' }, 'C', 'newer') },
  ]
  const plan = await api.ask<{ next: string }>('GET', `/api/jobs/${job.id}/undo?limit=1`)
  expect(plan).toMatchObject({
    ...{ removes: 1, restores: 0, brings_back: 0, keeps: 2, note: null },
    of: { removes: 3, restores: 0, brings_back: 0 },
    items: [kept[0]],
  })
  expect(await api.ask('GET', `/api/jobs/${job.id}/undo?cursor=${plan.next}`)).toMatchObject({ items: [kept[1]] })
  const undone = await undo(api, job)
  expect(await api.ask('GET', `/api/jobs/${undone.id}/kept`)).toMatchObject({ items: kept, next: null })
  expect((await api.request('GET', `/api/jobs/${job.id}/undo`)).status).toBe(409)
})

test('an undo after a change of the template puts back what the template still has, and says so', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  await api.import(template.id, { name: 'three.csv', text: THREE })
  const job = await api.import(template.id, { name: 'newer.csv', text: itemsCsv([['3', 'newer', 33]]) })
  const { columns } = await api.ask<{ columns: { name: string }[] }>('GET', `/api/templates/${template.id}`)
  const less = columns.filter(({ name }) => name !== 'Name')
  await api.ask('PATCH', `/api/templates/${template.id}`, { columns: less, force: true })
  const note = '“Name” left the template since; what stood there does not come back.'
  expect(await api.ask('GET', `/api/jobs/${job.id}/undo`)).toMatchObject({ restores: 1, note })
  expect(await undo(api, job)).toMatchObject({ counts: { updated: 1 }, note })
  expect((await api.records(template.id))[2]?.values).toEqual({ SKU: '3', Price: 3, Counted: null })
})

test('an undo can be undone, and that again, as long as it stands', async () => {
  const { api, context } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const chain = [await api.import(template.id, { name: 'three.csv', text: THREE })]
  for (let n = 1; n <= 4; n++) {
    chain.push(await undo(api, chain[n - 1] ?? { id: '' }))
    expect(await names(api, template.id), `after undo ${n}`).toHaveLength(n % 2 === 0 ? 3 : 0)
    // The last one stands, what it undid does not, what that one had undone does, and so on.
    const standing = chain.filter((_, at) => (n - at) % 2 === 0).map(({ id }) => id)
    const open = chain.map(({ id }) => findJobById(context.db, id)).filter((row) => row !== undefined && canUndo(row))
    expect(
      open.map((row) => row?.id),
      `after undo ${n}`,
    ).toEqual(standing)
  }
})

test('what was undone can not be undone twice', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, { name: 'three.csv', text: THREE })
  await undo(api, job)
  const { status, body } = await api.request('POST', `/api/jobs/${job.id}/undo`)
  expect(status).toBe(409)
  expect(body).toMatchObject({ detail: "This import has been undone already, so it can't be undone now." })
})

test('two people who undo the same import at once get the same job', async () => {
  const server = await runServer()
  const { api } = server
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, { name: 'three.csv', text: THREE })
  const held = holdQueue(server)
  const both = await Promise.all([askUndo(api, job), askUndo(api, job), askUndo(api, job)])
  expect(new Set(both.map(({ id }) => id)).size).toBe(1)
  held.letGo()
  expect(await api.settled(both[0])).toMatchObject({ status: 'completed', counts: { deleted: 3 } })
})

test('there is nothing to undo of what changed nothing', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const first = { name: 'three.csv', text: THREE }
  const dry = await api.import(template.id, first, { dry_run: 'true' })
  await api.import(template.id, first)
  const same = await api.import(template.id, first)
  const failed = await api.import(template.id, { name: 'x.csv', text: 'Nothing,Here\n1,2' })
  const review = await api.import(template.id, { name: 'bad.csv', text: itemsCsv([['', 'no key']]) })
  const written = await api.ask<JobObject>('POST', `/api/templates/${template.id}/exports`, { format: 'csv' })
  for (const job of [dry, same, failed, review, await api.settled(written)]) {
    const { status, body } = await api.request('POST', `/api/jobs/${job.id}/undo`)
    expect([job.kind, job.status, status]).toEqual([job.kind, job.status, 409])
    expect(body).toMatchObject({ code: 'wrong_state' })
  }
  expect(await names(api, template.id)).toHaveLength(3)
})

test('undoing an older import leaves alone what a newer one touched', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const older = await api.import(template.id, { name: 'three.csv', text: THREE })
  const newer = await api.import(template.id, {
    name: 'newer.csv',
    text: itemsCsv([
      ['2', 'newer', 2],
      ['4', 'D', 4],
    ]),
  })
  expect((await undo(api, older)).counts).toMatchObject({ deleted: 2, skipped: 1 })
  expect(await names(api, template.id)).toEqual(['2 newer', '4 D'])
  // The newer one can still be undone: its record is what it was before, and what it created goes.
  expect((await undo(api, newer)).counts).toMatchObject({ updated: 1, deleted: 1 })
  expect(await names(api, template.id)).toEqual(['2 B'])
})

test('an undo waits for an import of its template, and is decided by what it finds then', async () => {
  const { api } = await runServer({ JOB_CONCURRENCY: '3' })
  const template = await api.createTemplate(ITEMS)
  const older = await api.import(template.id, { name: 'three.csv', text: THREE })
  const newer = await api.startImport(template.id, { name: 'n.csv', text: itemsCsv([['1', 'newer']]) })
  const undone = await askUndo(api, older)
  expect((await api.settled(newer)).status).toBe('completed')
  expect(await api.settled(undone)).toMatchObject({ status: 'completed', counts: { deleted: 2, skipped: 1 } })
  expect(await names(api, template.id)).toEqual(['1 newer'])
})
