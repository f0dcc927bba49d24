import { readdirSync, readlinkSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createApiKey } from '../../src/services/api-keys.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import { signIn } from '../../src/services/sign-in.ts'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { OWNER, runServer } from '../support/running-server.ts'
import { startHalfUpload } from './half-upload.ts'

test('an upload that breaks off leaves nothing behind, not even an open file', async () => {
  const { api, url, context, folder } = await runServer()
  const { member } = await signIn(context, { ...OWNER, address: '127.0.0.1' })
  const { key } = createApiKey(context, member, 'tests')
  const template = await api.createTemplate(ITEMS)
  const uploads = () => readdirSync(path.join(folder, 'uploads'))
  const held = () => openFiles().filter((file) => file.startsWith(path.join(folder, 'uploads')))
  for (let n = 0; n < 3; n++) {
    const request = startHalfUpload({ url, key }, template.id)
    await expect.poll(() => [uploads().length, held().length], { timeout: 20_000 }).toEqual([1, 1])
    request.destroy()
    await expect.poll(() => [...uploads(), ...held()], { timeout: 20_000 }).toEqual([])
  }
  expect(await api.ask('GET', '/api/jobs')).toEqual({ items: [], next: null })
})

test('an upload to a template that was deleted meanwhile is refused, and nothing stays behind', async () => {
  const { api, folder } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const big = { name: 'a.csv', text: itemsCsv(Array.from({ length: 100_000 }, (_, n) => [n, 'A'])) }
  const sent = api.upload(template.id, big)
  await expect.poll(() => readdirSync(path.join(folder, 'uploads')), { interval: 1, timeout: 20_000 }).toHaveLength(1)
  await api.ask('DELETE', `/api/templates/${template.id}`)
  const { status } = await sent
  expect(status).toBe(404)
  expect(readdirSync(path.join(folder, 'uploads'))).toEqual([])
})

test('a key that was used for something else is refused', async () => {
  const { api } = await runServer()
  const [one, two] = [await api.createTemplate(ITEMS), await api.createTemplate({ ...ITEMS, name: 'Two' })]
  const file = { name: 'a.csv', text: itemsCsv([['1', 'A']]) }
  const first = await api.startImport(one.id, file, { idempotency_key: 'k' })
  expect((await api.startImport(one.id, file, { idempotency_key: 'k' })).id).toBe(first.id)
  const wish = { format: 'csv', idempotency_key: 'k' }
  await api.settled(first)
  const others = [
    await api.upload(one.id, file, { idempotency_key: 'k', mode: 'add' }),
    await api.upload(two.id, file, { idempotency_key: 'k' }),
    await api.upload(one.id, { name: 'b.csv', text: itemsCsv([['2', 'B']]) }, { idempotency_key: 'k' }),
    await api.request('POST', `/api/templates/${one.id}/exports`, wish),
  ]
  for (const { status, body } of others) {
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: 'key_reused' })
  }
  // Whatever became of the job since, what was sent is still the same.
  expect((await api.startImport(one.id, file, { idempotency_key: 'k' })).id).toBe(first.id)
})

test('50 identical forms at once make one job, and leave one file', async () => {
  const { api, folder } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const file = { name: 'a.csv', text: itemsCsv([['1', 'A']]) }
  const sent = Array.from({ length: 50 }, () => api.startImport(template.id, file, { idempotency_key: 'same' }))
  const ids = new Set((await Promise.all(sent)).map(({ id }) => id))
  expect(ids.size).toBe(1)
  const { items } = await api.ask<{ items: JobObject[] }>('GET', '/api/jobs')
  expect(items.map(({ id }) => id)).toEqual([...ids])
  expect(readdirSync(path.join(folder, 'uploads'))).toEqual([...ids])
  expect((await api.settled({ id: items[0]?.id ?? '' })).counts).toMatchObject({ created: 1 })
})

test('a request with an Idempotency-Key is one job however often it is sent: imports, exports and undos', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const text = itemsCsv([['1', 'A']])
  const form = () => {
    const data = new FormData()
    data.set('file', new Blob([text]), 'a.csv')
    return data
  }
  const send = async (key: string, route: string, body?: unknown) => {
    const answer = await api.request('POST', route, body, { 'Idempotency-Key': key })
    return { status: answer.status, job: answer.body as JobObject }
  }
  const twice = async (key: string, route: string, body: () => unknown) => {
    const first = await send(key, route, body())
    expect(first.status).toBe(202)
    const ended = await api.settled(first.job)
    // The answer was lost, and by now it is done.
    expect(await send(key, route, body())).toMatchObject({
      status: 202,
      job: { id: first.job.id, status: 'completed' },
    })
    return ended
  }
  const imported = await twice('import', `/api/templates/${template.id}/imports`, form)
  await twice('export', `/api/templates/${template.id}/exports`, () => ({ format: 'csv' }))
  const undone = await twice('undo', `/api/jobs/${imported.id}/undo`, () => undefined)
  for (const [route, body] of [
    [`/api/templates/${template.id}/imports`, form()],
    [`/api/templates/${template.id}/exports`, { format: 'csv' }],
    [`/api/jobs/${undone.id}/undo`, undefined],
  ] as const) {
    expect(await api.request('POST', route, body, { 'Idempotency-Key': 'k'.repeat(101) })).toMatchObject({
      status: 422,
      body: { detail: 'Idempotency-Key must have at most 100 characters.' },
    })
  }
  expect(await send('export', `/api/templates/${template.id}/exports`, { format: 'xlsx' })).toMatchObject({
    status: 422,
    job: { code: 'key_reused' },
  })
  expect((await send('other', `/api/jobs/${imported.id}/undo`)).status).toBe(409)
  expect((await api.ask<{ items: [] }>('GET', '/api/jobs')).items).toHaveLength(3)
})

test('an export that is asked for twice is one job; asked for again when it is done, it has the data as it is now', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  await api.import(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A']]) })
  const ask = () => {
    const wish = { format: 'csv', content: 'data', idempotency_key: 'k' }
    return api.ask<JobObject>('POST', `/api/templates/${template.id}/exports`, wish)
  }
  const both = await Promise.all([ask(), ask()])
  expect(both[0].id).toBe(both[1].id)
  await api.settled(both[0])
  await api.import(template.id, { name: 'b.csv', text: itemsCsv([['2', 'B']]) })
  const later = await api.settled(await ask())
  expect((await api.downloadFrom(`/api/jobs/${later.id}/file`)).toString('utf8')).toContain('2,B')
})

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return []
    }
  })
}
