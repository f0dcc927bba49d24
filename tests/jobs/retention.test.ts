import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import path from 'node:path'
import Database from 'better-sqlite3'
import { eq } from 'drizzle-orm'
import { expect, onTestFinished, test, vi } from 'vitest'
import { jobs } from '../../src/db/schema.ts'
import { newId } from '../../src/ids.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import { viewKeeping } from '../../src/services/keeping.ts'
import { forgetOldHistory, sweep } from '../../src/services/retention.ts'
import { openSession } from '../../src/services/sessions.ts'
import { sweptWords } from '../../src/views/kept-files.tsx'
import type { Api } from '../support/api.ts'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { holdQueue } from '../support/hold-queue.ts'
import { runEmptyServer, runServer } from '../support/running-server.ts'
import { shutFolder } from '../support/shut-folder.ts'
import { readTable } from './disturbed-import.ts'

const HOUR_MS = 3_600_000

const MIXED = {
  name: 'mixed.csv',
  text: itemsCsv([
    ['1', 'Good'],
    ['', 'No key'],
  ]),
}

function filesIn(folder: string): string[] {
  return ['uploads', 'staging', 'exports'].flatMap((each) =>
    readdirSync(path.join(folder, each)).map((name) => `${each}/${name}`),
  )
}

async function exported(api: Api, templateId: string): Promise<JobObject> {
  return api.settled(await api.ask<JobObject>('POST', `/api/templates/${templateId}/exports`, { format: 'csv' }))
}

test('files are kept as long as was asked, and then they go', async () => {
  const { api, folder, context } = await runServer({ KEEP_UPLOADS_HOURS: '2', KEEP_EXPORTS_HOURS: '5' })
  const template = await api.createTemplate({ ...ITEMS, on_problems: 'skip' })
  const job = await api.import(template.id, MIXED)
  const written = await exported(api, template.id)
  const now = Date.now()
  expect(Date.parse(job.expires_at ?? '') - Date.parse(job.finished_at ?? '')).toBeCloseTo(2 * HOUR_MS, -3)
  expect(Date.parse(written.expires_at ?? '') - Date.parse(written.finished_at ?? '')).toBeCloseTo(5 * HOUR_MS, -3)
  const all = [`uploads/${job.id}`, `staging/${job.id}.db`, `exports/${written.id}.csv`]
  expect(filesIn(folder)).toEqual(all)

  expect(await sweep(context, { now: now + 1.9 * HOUR_MS })).toEqual([])
  expect(filesIn(folder)).toEqual(all)
  expect(await sweep(context, { now: now + 2.1 * HOUR_MS })).toEqual(all.slice(0, 2))
  expect(await sweep(context, { now: now + 5.1 * HOUR_MS })).toEqual(all.slice(2))
  expect(filesIn(folder)).toEqual([])
  expect(await api.records(template.id)).toHaveLength(1)
})

test('what is no longer kept is gone, and says so', async () => {
  const { api, context } = await runServer({ KEEP_UPLOADS_HOURS: '0', KEEP_EXPORTS_HOURS: '0' })
  const template = await api.createTemplate({ ...ITEMS, on_problems: 'skip' })
  const job = await api.import(template.id, MIXED)
  const failed = await api.import(template.id, { name: 'x.csv', text: 'Nothing,Here\n1,2' })
  const written = await exported(api, template.id)
  await sweep(context)
  const refusals = [
    ['GET', `/api/jobs/${written.id}/file`, 'expired'],
    ['GET', `/api/jobs/${job.id}/problems`, 'expired'],
    ['GET', `/api/jobs/${job.id}/problems.xlsx`, 'expired'],
    ['POST', `/api/jobs/${failed.id}/retry`, 'file_gone'],
  ]
  for (const [method = '', route = '', code] of refusals) {
    const { status, body } = await api.request(method, route)
    expect([route, status]).toEqual([route, 410])
    expect(body).toMatchObject({ code, hint: expect.stringMatching(/./) })
  }
  expect(await api.records(template.id)).toHaveLength(1)
})

test('files that a job still needs are never removed, however long it waits', async () => {
  const { api, folder, context } = await runServer({ KEEP_UPLOADS_HOURS: '0', KEEP_EXPORTS_HOURS: '0' })
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, MIXED)
  expect(job.status).toBe('review')
  expect(await sweep(context, { now: Date.now() + 1000 * HOUR_MS })).toEqual([])
  await api.ask('POST', `/api/jobs/${job.id}/approve`)
  expect(await api.settled(job)).toMatchObject({ status: 'completed', counts: { created: 1 } })
  expect(await sweep(context)).toEqual([`uploads/${job.id}`, `staging/${job.id}.db`])
  expect(filesIn(folder)).toEqual([])
})

test('a file that can not be removed holds up no other, no old job and no start', async () => {
  const folder = tempFolder()
  const keep = { KEEP_UPLOADS_HOURS: '0', KEEP_HISTORY_DAYS: '30' }
  const { api, context, stop } = await runServer(keep, folder)
  const template = await api.createTemplate(ITEMS)
  const [old, stuck, other] = await Promise.all(
    ['old', 'stuck', 'other'].map((name) =>
      api.import(template.id, { name: `${name}.csv`, text: itemsCsv([[name, 'A']]) }),
    ),
  )
  if (old === undefined || stuck === undefined || other === undefined) throw new Error('three were imported')
  context.db
    .update(jobs)
    .set({ finishedAt: new Date(Date.now() - 31 * DAY_MS).toISOString() })
    .where(eq(jobs.id, old.id))
    .run()
  const open = shutFolder(context.config.data.upload(stuck.id))
  if (open === undefined) return console.log('No file can be made undeletable here, so none was tried.')
  expect((await sweep(context)).sort()).toEqual([`uploads/${old.id}`, `uploads/${other.id}`].sort())
  expect((await api.request('GET', `/api/jobs/${old.id}`)).status).toBe(404)
  expect(viewKeeping(context).sweeps.map(({ removed }) => sweptWords(removed))).toEqual([
    '2 uploaded files, 1 old job removed. 1 file could not be removed.',
  ])
  await stop()
  const again = await runServer(keep, folder)
  expect(await again.api.job(stuck.id)).toMatchObject({ status: 'completed' })
  await expect.poll(() => viewKeeping(again.context).sweeps).toHaveLength(2)
  expect(filesIn(folder)).toEqual([`uploads/${stuck.id}`])
  open()
  expect(await sweep(again.context)).toEqual([`uploads/${stuck.id}`])
})

/** A folder of a server in which so many imports are completed and have expired; one of them was really made. */
async function manyExpired(many: number) {
  const folder = tempFolder()
  const { api, context, url, stop } = await runServer({ KEEP_UPLOADS_HOURS: '0' }, folder)
  const template = await api.createTemplate(ITEMS)
  const { id } = await api.import(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A']]) })
  const { seq: _, ...made } = context.db.select().from(jobs).where(eq(jobs.id, id)).get() ?? fail(id)
  context.db.transaction((tx) => {
    for (let n = 1; n < many; n++) {
      const copy = { ...made, id: newId(), idempotencyKey: null }
      tx.insert(jobs).values(copy).run()
      mkdirSync(context.config.data.upload(copy.id))
      writeFileSync(path.join(context.config.data.upload(copy.id), 'original'), 'SKU')
    }
  })
  const uploads = () => readdirSync(path.join(folder, 'uploads'))
  expect(uploads()).toHaveLength(many)
  return { folder, context, url, stop, uploads }
}

function fail(id: string): never {
  throw new Error(`there is no job ${id}`)
}

test('while many files go, others are answered', { timeout: 60_000 }, async () => {
  const many = 600
  const { context, url, uploads } = await manyExpired(many)
  let told = 0
  context.events.on('job.changed', () => void told++)
  // A connection of its own: making the files took long, and the one that is kept alive may be over.
  const asked = new Promise((answered) => get(`${url}/sign-in`, () => answered(told)))
  const swept = sweep(context)
  expect(await asked).toBeLessThan(many)
  expect(await swept).toHaveLength(many)
  expect(told).toBe(many)
  expect(uploads()).toEqual([])
})

test('a stop ends a sweep between two slices, and the next start goes on with it', { timeout: 60_000 }, async () => {
  const { folder, uploads, stop } = await manyExpired(500)
  await stop()
  const second = await runEmptyServer({}, folder)
  await new Promise((seen) => second.context.events.on('job.changed', seen))
  await second.stop()
  expect(uploads().length).toBeGreaterThan(0)
  const app = new Database(path.join(folder, 'app.db'), { readonly: true })
  const there = app.prepare('SELECT id FROM jobs WHERE file_gone_at IS NULL').pluck().all()
  app.close()
  expect(there.sort()).toEqual(uploads().sort())
  await runEmptyServer({}, folder)
  await expect.poll(uploads, { timeout: 30_000 }).toEqual([])
})

test('a job that is tried again keeps its file, though it had expired', async () => {
  const { api, context } = await runServer({ KEEP_UPLOADS_HOURS: '0' })
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, MIXED)
  await api.ask('POST', `/api/jobs/${job.id}/cancel`)
  await api.ask('POST', `/api/jobs/${job.id}/retry`)
  expect((await api.settled(job)).status).toBe('review')
  expect(await sweep(context)).toEqual([])
})

test('what belongs to no job goes when it is old, but not an upload that is still coming in, and a table is only named', async () => {
  const { api, folder, context } = await runServer()
  const template = await api.createTemplate(ITEMS)
  await api.import(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A']]) })
  const tables = () => readdirSync(path.join(folder, 'tables')).sort()
  writeFileSync(path.join(folder, 'tables', 'orphan.db'), '')
  const [known, before] = [filesIn(folder), tables()]
  for (const name of ['old', 'slow', 'new']) {
    mkdirSync(path.join(folder, 'uploads', name))
    writeFileSync(path.join(folder, 'uploads', name, 'original'), 'half a fi')
  }
  for (const name of ['staging/old.db', 'staging/old.db-journal', 'exports/old.xlsx.part', 'exports/new.csv']) {
    writeFileSync(path.join(folder, name), '')
  }
  age(folder, [
    'uploads/old/original',
    'uploads/old',
    'staging/old.db',
    'staging/old.db-journal',
    'exports/old.xlsx.part',
  ])
  // Begun long ago, and its last bytes came just now.
  age(folder, ['uploads/slow'])
  expect((await sweep(context)).sort()).toEqual([
    'exports/old.xlsx.part',
    'staging/old.db',
    'staging/old.db-journal',
    'uploads/old',
  ])
  expect(filesIn(folder).sort()).toEqual([...known, 'exports/new.csv', 'uploads/new', 'uploads/slow'].sort())
  expect(tables()).toEqual(before)
  expect(viewKeeping(context).keeping.strayTables).toEqual(['tables/orphan.db'])
})

test('a sweep comes every hour, and says what it removed', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const { folder, context } = await runServer()
  mkdirSync(path.join(folder, 'uploads', 'old'))
  age(folder, ['uploads/old'])
  const told = () => viewKeeping(context).sweeps.map(({ removed }) => sweptWords(removed))
  vi.advanceTimersByTime(HOUR_MS - 1)
  expect([filesIn(folder), told()]).toEqual([['uploads/old'], []])
  vi.advanceTimersByTime(1)
  await expect.poll(told).toEqual(['1 file that belonged to no job removed.'])
  expect(filesIn(folder)).toEqual([])
})

function age(folder: string, names: string[]): void {
  const longAgo = new Date(Date.now() - 2 * HOUR_MS)
  for (const name of names) utimesSync(path.join(folder, name), longAgo, longAgo)
}

test('a start removes what was interrupted, even when the clock has gone back since', async () => {
  const folder = tempFolder()
  const first = await runServer({}, folder)
  const template = await first.api.createTemplate(ITEMS)
  const job = await first.api.import(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A']]) })
  await first.stop()
  mkdirSync(path.join(folder, 'uploads', 'half'))
  const tomorrow = new Date(Date.now() + 24 * HOUR_MS)
  utimesSync(path.join(folder, 'uploads', 'half'), tomorrow, tomorrow)
  const { api } = await runServer({}, folder)
  expect(filesIn(folder)).toEqual([`uploads/${job.id}`])
  expect(await api.records(template.id)).toHaveLength(1)
})

const DAY_MS = 24 * HOUR_MS

test('a file can be deleted before its time; what the job did stays and can be undone', async () => {
  const { api, folder } = await runServer()
  const template = await api.createTemplate({ ...ITEMS, on_problems: 'skip' })
  const job = await api.import(template.id, MIXED)
  const written = await exported(api, template.id)
  for (const { id } of [job, written, job]) {
    expect((await api.request('DELETE', `/api/jobs/${id}/file`)).status).toBe(200)
  }
  expect(filesIn(folder)).toEqual([])
  expect((await api.request('GET', `/api/jobs/${written.id}/file`)).status).toBe(410)
  expect((await api.request('GET', `/api/jobs/${job.id}/problems`)).status).toBe(410)
  expect(await api.records(template.id)).toHaveLength(1)
  const undo = await api.settled(await api.ask<JobObject>('POST', `/api/jobs/${job.id}/undo`))
  expect(undo).toMatchObject({ status: 'completed', counts: { deleted: 1 } })
})

test('the file of a job that is not over can not be deleted', async () => {
  const { api, folder } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, MIXED)
  const { status, body } = await api.request('DELETE', `/api/jobs/${job.id}/file`)
  expect([status, body]).toMatchObject([409, { code: 'wrong_state', hint: 'Cancel it first.' }])
  expect(filesIn(folder)).toHaveLength(2)
})

test('jobs and what records were before are forgotten when they are old enough; records stay', async () => {
  const { api, context, folder } = await runServer({ KEEP_HISTORY_DAYS: '30' })
  const template = await api.createTemplate(ITEMS)
  const first = await api.import(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A']]) })
  await api.import(template.id, { name: 'b.csv', text: itemsCsv([['1', 'B']]) })
  const now = Date.now()
  const images = () => readTable(folder, first).images
  expect(images()).toBe(1)
  await forgetOldHistory(context, now + 29 * DAY_MS)
  await sweep(context, { now: now + 29 * DAY_MS })
  expect(images()).toBe(1)
  expect((await api.ask<{ items: [] }>('GET', '/api/jobs')).items).toHaveLength(2)

  await forgetOldHistory(context, now + 31 * DAY_MS)
  expect(images()).toBe(0)
  // The job is still there, and says why it can't be undone.
  const undo = await api.settled(await api.ask<JobObject>('POST', `/api/jobs/${first.id}/undo`))
  expect(undo.error).toMatchObject({ code: 'history_gone', message: expect.stringContaining('no longer kept') })
  await sweep(context, { now: now + 31 * DAY_MS })
  expect((await api.ask<{ items: [] }>('GET', '/api/jobs')).items).toEqual([])
  expect((await api.request('GET', `/api/jobs/${first.id}`)).status).toBe(404)
  expect(await api.records(template.id)).toMatchObject([{ values: { Name: 'B' }, import: { file: 'b.csv' } }])
  // What happens from now on can be undone.
  const later = await api.import(template.id, { name: 'c.csv', text: itemsCsv([['1', 'C']]) })
  const undone = await api.settled(await api.ask<JobObject>('POST', `/api/jobs/${later.id}/undo`))
  expect(undone).toMatchObject({ status: 'completed', counts: { updated: 1 } })
})

test('a clock that once went wrong makes no young change old', async () => {
  const { api, context, folder } = await runServer({ KEEP_HISTORY_DAYS: '30' })
  const template = await api.createTemplate(ITEMS)
  const jobs: JobObject[] = []
  for (const name of ['A', 'B', 'C']) {
    jobs.push(await api.import(template.id, { name: `${name}.csv`, text: itemsCsv([['1', name]]) }))
  }
  const { id, template_id } = jobs[2] ?? { id: '', template_id: '' }
  const table = new Database(context.config.data.table(template_id))
  table.prepare(`UPDATE ledger SET at = '1970-01-01T00:00:00.000Z' WHERE job_id = ?`).run(id)
  table.close()
  await forgetOldHistory(context, Date.now() + DAY_MS)
  expect(readTable(folder, { id, template_id }).images).toBe(2)
})

test('a job whose file was taken away says so: one that is over, and one that needs it fails', async () => {
  const folder = tempFolder()
  const first = await runServer({}, folder)
  const template = await first.api.createTemplate({ ...ITEMS, on_problems: 'skip' })
  const written = await exported(first.api, template.id)
  holdQueue(first)
  const waiting = await first.api.startImport(template.id, MIXED)
  await first.stop()
  rmSync(path.join(folder, 'uploads', waiting.id), { recursive: true })
  rmSync(path.join(folder, 'exports', `${written.id}.csv`))
  const { api, context } = await runServer({}, folder)
  expect(await api.job(waiting.id)).toMatchObject({ status: 'failed', error: { code: 'file_missing' } })
  const told = () => viewKeeping(context).sweeps.map(({ removed }) => sweptWords(removed))
  // The one that needs it before anything is done, and the other afterwards.
  const one = '1 job was found without its file.'
  await expect.poll(told).toEqual([one, one])
  // Told once.
  await sweep(context)
  expect(told()).toHaveLength(2)
})

test('the page of a job says when its file goes, deletes it on demand, and one that is not kept leads back', async () => {
  const server = await runServer()
  const { api, context } = server
  const template = await api.createTemplate({ ...ITEMS, on_problems: 'skip' })
  const job = await api.import(template.id, MIXED)
  const { token } = openSession(context, server.member)
  const ask = async (route: string, method = 'GET') => {
    const headers = { Cookie: `sheetport_session=${token}`, Origin: server.url }
    const answer = await fetch(`${server.url}${route}`, { method, headers })
    return { status: answer.status, text: await answer.text() }
  }
  const page = `/templates/${template.id}/jobs/${job.id}`
  expect((await ask(page)).text).toMatch(/The uploaded file is kept until .*, with the rows to repair\./)
  const held = holdQueue(server)
  const waiting = await api.startImport(template.id, { ...MIXED, text: `${MIXED.text}\n` })
  const itsPage = (await ask(`/templates/${template.id}/jobs/${waiting.id}`)).text
  expect(itsPage).toContain('The uploaded file is kept for 24 hours after the import is over.')
  held.letGo()
  await api.settled(waiting)
  expect((await ask(`${page}/delete-file`)).text).toContain('Delete mixed.csv now?')
  expect((await ask(`${page}/delete-file`, 'POST')).text).toContain('The uploaded file was deleted on')
  await sweep(context, { now: Date.now() + 366 * DAY_MS })
  const { status, text } = await ask(page)
  expect(status).toBe(404)
  expect(text).toContain('<title>This job is no longer here')
  expect(text).toContain('it was so long ago that it is no longer kept')
  expect(text).toContain('What a job did to its table stays as it is.')
  expect(text).toContain(`href="/templates/${template.id}"`)
  expect((await ask('/settings')).text).toContain('2 old jobs removed.')
})

test('a page whose file, job, record or template is gone says which in its title, and leads back to what is still there', async () => {
  const server = await runServer()
  const { api, folder, context } = server
  const template = await api.createTemplate(ITEMS)
  const failed = await api.import(template.id, { name: 'bad.csv', text: 'Other\n1\n' })
  const out = await exported(api, template.id)
  const { token } = openSession(context, server.member)
  for (const kept of ['uploads', 'exports'])
    for (const name of readdirSync(path.join(folder, kept))) rmSync(path.join(folder, kept, name), { recursive: true })
  const below = `/templates/${template.id}`
  for (const [method, route, status, title, back] of [
    ['GET', `${below}/jobs/${out.id}/file`, 410, 'No longer kept', `${below}/jobs/${out.id}`],
    ['POST', `${below}/jobs/${failed.id}/retry`, 410, 'No longer kept', `${below}/jobs/${failed.id}`],
    ['GET', `${below}/jobs/${failed.id}/file`, 404, 'This job has no file', `${below}/jobs/${failed.id}`],
    ['GET', `${below}/jobs/unknown`, 404, 'This job is no longer here', below],
    ['GET', `${below}/jobs/unknown/receipt`, 404, 'This job is no longer here', below],
    ['GET', `${below}/records/77`, 404, 'This record is no longer here', below],
    ['GET', '/templates/unknown/records', 404, 'This template is no longer here', '/templates'],
  ] as const) {
    const headers = { Cookie: `sheetport_session=${token}`, Origin: server.url }
    const answer = await fetch(server.url + route, { method, headers })
    const text = await answer.text()
    expect([route, answer.status]).toEqual([route, status])
    expect(text).toContain(`<title>${title}`)
    expect(text.slice(text.indexOf('<main'))).toContain(`href="${back}"`)
  }
})
