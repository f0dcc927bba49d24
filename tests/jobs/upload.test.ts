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
  const others = [
    await api.upload(two.id, file, { idempotency_key: 'k' }),
    await api.upload(one.id, { name: 'b.csv', text: itemsCsv([['2', 'B']]) }, { idempotency_key: 'k' }),
    await api.request('POST', `/api/templates/${one.id}/exports`, wish),
  ]
  for (const { status, body } of others) {
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: 'key_reused' })
  }
  await api.settled(first)
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
