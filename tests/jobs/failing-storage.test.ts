import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { runServer } from '../support/running-server.ts'

const FILE = { name: 'a.csv', text: itemsCsv([['1', 'A']]) }

test('an upload that can not be stored is refused aloud and leaves nothing behind', async () => {
  const { api, folder } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const uploads = path.join(folder, 'uploads')
  rmSync(uploads, { recursive: true })
  writeFileSync(uploads, 'no folder any more')
  const { status, body } = await api.upload(template.id, FILE)
  expect(status).toBe(500)
  expect(body).toMatchObject({ code: 'unexpected', reference: expect.stringMatching(/./) })
  expect(JSON.stringify(body)).not.toContain(folder)
  expect(await api.ask('GET', '/api/jobs')).toEqual({ items: [], next: null })
})

test('an upload for which no job can be written is refused aloud and its file goes again', async () => {
  const { api, context, folder } = await runServer()
  const template = await api.createTemplate(ITEMS)
  context.db.$client.exec(`CREATE TRIGGER full BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'no more'); END`)
  const { status, body } = await api.upload(template.id, FILE)
  expect(status).toBe(500)
  expect(body).toHaveProperty('reference')
  expect(readdirSync(path.join(folder, 'uploads'))).toEqual([])
  context.db.$client.exec('DROP TRIGGER full')
  expect(await api.import(template.id, FILE)).toMatchObject({ status: 'completed', counts: { created: 1 } })
})

test('a table whose file is damaged fails its own jobs with a sentence, and no others', async () => {
  const { api, folder } = await runServer()
  const broken = await api.createTemplate(ITEMS)
  const whole = await api.createTemplate({ ...ITEMS, name: 'Others' })
  for (const suffix of ['-wal', '-shm'])
    rmSync(path.join(folder, 'tables', `${broken.id}.db${suffix}`), { force: true })
  writeFileSync(path.join(folder, 'tables', `${broken.id}.db`), 'this is no database'.repeat(1000))
  const [failed, done] = await Promise.all([api.import(broken.id, FILE), api.import(whole.id, FILE)])
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'corrupt_table' } })
  expect(done).toMatchObject({ status: 'completed' })
})
