import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { newId } from '../../src/ids.ts'
import { importKept } from '../../src/services/import-kept.ts'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { runServer } from '../support/running-server.ts'
import { shutFolder } from '../support/shut-folder.ts'
import { refusalOf } from '../support/workspace.ts'

const FILE = { name: 'a.csv', text: itemsCsv([['1', 'Rake', 5, '01/02/2024']]) }

test('a completed import is done once more from its own copy of the file, under one key only once', async () => {
  const { api, context, member } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const first = await api.import(template.id, FILE, { date_order: 'dmy' })
  const again = { id: first.id, reading: { date_order: 'mdy' }, key: newId() }
  const jobs = await Promise.all([importKept(context, member, again), importKept(context, member, again)])
  expect(jobs[0].id).toBe(jobs[1].id)
  // What it would do is shown before, and said to come from the other reading.
  const shown = await api.settled(jobs[0])
  expect(shown).toMatchObject({ status: 'review', counts: { updated: 1 }, file: first.file })
  expect(shown.note).toMatch(/it is read in another way now, and going on updates 1 record\.$/)
  await api.ask('POST', `/api/jobs/${shown.id}/approve`)
  expect(await api.settled(shown)).toMatchObject({ status: 'completed' })
  expect((await api.records(template.id))[0]?.values.Counted).toBe('2024-01-02')

  const { data } = context.config
  const kept = (id: string) => path.join(data.upload(id), 'original')
  rmSync(data.upload(first.id), { recursive: true })
  expect(readFileSync(kept(jobs[0].id), 'utf8')).toBe(FILE.text)
  expect(await refusalOf(() => importKept(context, member, { ...again, key: newId() }))).toMatchObject({
    status: 410,
    code: 'file_gone',
  })
})

test('what only checked its file only checks it again', async () => {
  const { api, context, member } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const checked = await api.import(template.id, FILE, { date_order: 'dmy', dry_run: 'yes' })
  const again = await importKept(context, member, { id: checked.id, reading: {}, key: newId() })
  expect(await api.settled(again)).toMatchObject({ status: 'completed', counts: { created: 1 } })
  expect(await api.records(template.id)).toEqual([])
})

test('an import that is not over is refused, and no copy of its file stays', async () => {
  const { api, context, member, folder } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const review = await api.import(template.id, { name: 'bad.csv', text: itemsCsv([['1', 'Rake', 'dear', '']]) })
  expect(review.status).toBe('review')
  const refused = await refusalOf(() => importKept(context, member, { id: review.id, reading: {}, key: newId() }))
  expect(refused).toMatchObject({ status: 409, code: 'wrong_state' })
  const done = await api.import(template.id, { ...FILE, text: `${FILE.text}\n` }, { date_order: 'dmy' })
  const invalid = { id: done.id, reading: { header_row: 'none' }, key: newId() }
  expect(await refusalOf(() => importKept(context, member, invalid))).toMatchObject({ status: 422 })
  expect(readdirSync(path.join(folder, 'uploads')).sort()).toEqual([review.id, done.id].sort())
})

test('a copy that the storage refuses is said to be so, and nothing of it stays', async ({ skip }) => {
  const { api, context, member, folder } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const done = await api.import(template.id, FILE)
  const uploads = path.join(folder, 'uploads')
  const open = shutFolder(uploads)
  if (open === undefined) return skip('no folder can be shut here')
  const again = { id: done.id, reading: {}, key: newId() }
  expect(await refusalOf(() => importKept(context, member, again))).toMatchObject({ status: 503 })
  open()
  expect(readdirSync(uploads)).toEqual([done.id])
  expect(await api.settled(await importKept(context, member, again))).toMatchObject({ status: 'completed' })
})
