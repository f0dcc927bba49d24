import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { findJobById } from '../../src/db/jobs.ts'
import type { Context } from '../../src/services/context.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import { viewJob } from '../../src/services/job-views.ts'
import type { JobView } from '../../src/views/job-view.ts'
import type { Api } from '../support/api.ts'
import { ITEMS, itemsCsv, manyItems } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { childrenOf, processesOn } from '../support/processes.ts'
import { runServer } from '../support/running-server.ts'
import { CATCHING, reach, readTable, stagingOf, whileJobsRest } from './disturbed-import.ts'

/** Long enough to look at what waits behind it. */
const LONG_ROWS = 240_000
const LONG = { name: 'long.csv', text: manyItems(LONG_ROWS) }

function small(n: number) {
  return { name: `small-${n}.csv`, text: itemsCsv([['1', `Version ${n}`]]) }
}

function view(context: Context, job: { id: string }): JobView {
  const row = findJobById(context.db, job.id)
  if (row === undefined) throw new Error(`there is no job ${job.id}`)
  return viewJob(context, row)
}

async function inOrder(api: Api, jobs: { id: string }[]): Promise<JobObject[]> {
  const done: JobObject[] = []
  for (const job of jobs) done.push(await api.settled(job))
  expect(done.map(({ status }) => status)).toEqual(done.map(() => 'completed'))
  const times = done.flatMap(({ started_at, finished_at }) => [started_at ?? '', finished_at ?? ''])
  expect(times).toEqual([...times].sort())
  return done
}

test('jobs of one template run one at a time in their order, though more could run', async () => {
  const { api } = await runServer({ JOB_CONCURRENCY: '3' })
  const template = await api.createTemplate(ITEMS)
  const jobs = [await api.startImport(template.id, LONG)]
  for (let n = 1; n <= 5; n++) jobs.push(await api.startImport(template.id, small(n)))
  const done = await inOrder(api, jobs)
  expect(done.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1, 1])
  const [record] = await api.records(template.id, '&q=Version')
  expect(record?.values).toMatchObject({ SKU: '1', Name: 'Version 5' })
})

test('a job that waits is not claimed, and its card says for which one', CATCHING, async () => {
  const { api, context } = await runServer({ JOB_CONCURRENCY: '3' })
  const template = await api.createTemplate(ITEMS)
  const first = await api.startImport(template.id, LONG)
  const second = await api.startImport(template.id, small(1))
  const third = await api.startImport(template.id, small(2))
  await reach(api, first, 'applying')
  for (const [place, job] of [second, third].entries()) {
    const waiting = view(context, job)
    expect(waiting.job).toMatchObject({ status: 'pending', attempts: 0, started_at: null, background_job_id: null })
    expect(waiting.waitingFor).toMatchObject({ name: 'long.csv', percent: expect.any(Number) })
    expect(waiting.place).toBe(place + 1)
  }
  expect(view(context, first)).toMatchObject({ waitingFor: null, place: null })
  await inOrder(api, [first, second, third])
})

test('jobs of other templates, and exports of the same one, run beside an import', CATCHING, async () => {
  const { api } = await runServer({ JOB_CONCURRENCY: '3' })
  const [busy, other] = [await api.createTemplate(ITEMS), await api.createTemplate({ ...ITEMS, name: 'Other' })]
  await api.import(busy.id, small(0))
  const long = await api.startImport(busy.id, { name: 'longer.csv', text: manyItems(400_000) })
  const behind = await api.startImport(busy.id, small(1))
  await reach(api, long, 'reading')
  expect((await api.import(other.id, small(1))).status).toBe('completed')
  const csv = await api.export(busy.id, { format: 'csv', content: 'data' })
  expect((await api.job(long.id)).status).toBe('processing')
  expect((await api.job(behind.id)).status).toBe('pending')
  // The export is of the moment at which it began: the import was not applied yet.
  expect(csv.toString('utf8').trim().split('\r\n')).toHaveLength(2)
  await api.ask('POST', `/api/jobs/${long.id}/cancel`)
  expect(await api.settled(behind)).toMatchObject({ status: 'completed', attempts: 1 })
})

test('what was pending when the server stopped runs on every free process at the next start', CATCHING, async () => {
  const folder = tempFolder()
  const first = await runServer({ JOB_CONCURRENCY: '1' }, folder)
  const [busy, other] = [await first.api.createTemplate(ITEMS), await first.api.createTemplate({ ...ITEMS, name: 'B' })]
  const [beside, ...jobs] = await whileJobsRest(async () => {
    const started = [await first.api.startImport(busy.id, LONG)]
    for (let n = 1; n <= 4; n++) started.push(await first.api.startImport(busy.id, small(n)))
    return [await first.api.startImport(other.id, LONG), ...started] as const
  })
  await first.stop()

  const { api } = await runServer({ JOB_CONCURRENCY: '2' }, folder)
  const { attempts } = await reach(api, beside, 'reading')
  expect(attempts).toBe(1)
  expect((await api.job(jobs[0]?.id ?? '')).status).toBe('processing')
  await inOrder(api, jobs)
  expect((await api.settled(beside)).status).toBe('completed')
})

test('no more jobs run at once than were allowed, and one more small one', async () => {
  const { api } = await runServer({ JOB_CONCURRENCY: '2' })
  const templates: { id: string }[] = []
  for (let n = 1; n <= 4; n++) templates.push(await api.createTemplate({ ...ITEMS, name: `Template ${n}` }))
  const file = (n: number) => ({ name: `${n}.csv`, text: manyItems(20_000, n) })
  const jobs = await whileJobsRest(() => Promise.all(templates.map(({ id }, n) => api.startImport(id, file(n)))))
  const seen = new Set<number>()
  let left = jobs.length
  while (left > 0) {
    const now = await Promise.all(jobs.map(({ id }) => api.job(id)))
    seen.add(now.filter(({ status }) => status === 'processing').length)
    left = now.filter(({ status }) => status !== 'completed').length
  }
  expect(Math.max(...seen)).toBe(3)
  // Three for jobs and two that answer pages.
  expect(childrenOf(process.pid).length).toBeLessThanOrEqual(5)
})

test('an approved import takes its turn before those that came after it', CATCHING, async () => {
  const { api } = await runServer({ JOB_CONCURRENCY: '1' })
  const template = await api.createTemplate(ITEMS)
  const bad = itemsCsv([
    ['1', 'Reviewed'],
    ['', 'No key'],
  ])
  const reviewed = await api.import(template.id, { name: 'bad.csv', text: bad })
  expect(reviewed.status).toBe('review')
  // One that needs a decision holds up nobody.
  const long = await api.startImport(template.id, LONG)
  const later = await api.startImport(template.id, small(1))
  await reach(api, long, 'reading')
  await api.ask('POST', `/api/jobs/${reviewed.id}/approve`)
  await api.settled(later)
  expect((await api.records(template.id, '&q=Version')).map(({ values }) => values.Name)).toEqual(['Version 1'])
  expect((await api.job(reviewed.id)).finished_at).not.toBeNull()
  expect(String((await api.job(reviewed.id)).finished_at) <= String((await api.job(later.id)).started_at)).toBe(true)
})

test('a job whose table is locked by another program waits without a strike until it is free', async () => {
  const { api, context } = await runServer({ JOB_CONCURRENCY: '1' })
  const template = await api.createTemplate(ITEMS)
  await api.import(template.id, small(1))
  const lock = new Database(context.config.data.table(template.id))
  lock.exec('BEGIN IMMEDIATE')
  const job = await api.startImport(template.id, small(2))
  await expect.poll(async () => (await api.job(job.id)).attempts, { timeout: 20_000 }).toBe(2)
  expect(findJobById(context.db, job.id)?.strikes).toBeLessThanOrEqual(1)
  lock.close()
  expect(await api.settled(job)).toMatchObject({ status: 'completed', counts: { updated: 1 } })
  expect(findJobById(context.db, job.id)?.strikes).toBeLessThanOrEqual(1)
})

test('an end that can not be written down at once is written down later, and the server lives', CATCHING, async () => {
  const { api, context, folder } = await runServer({ JOB_CONCURRENCY: '1' })
  const template = await api.createTemplate(ITEMS)
  const job = await api.startImport(template.id, LONG)
  await reach(api, job, 'reading')
  context.db.$client.pragma('query_only = ON')
  await expect.poll(() => readTable(folder, job).entriesOfJob, { timeout: 20_000 }).toBe(1)
  await expect.poll(() => processesOn(process.pid, stagingOf(folder, job)), { timeout: 20_000 }).toEqual([])
  expect((await api.job(job.id)).status).toBe('processing')
  context.db.$client.pragma('query_only = OFF')
  expect(await api.settled(job)).toMatchObject({ status: 'completed', counts: { created: LONG_ROWS } })
  expect((await api.template(template.id)).records).toBe(LONG_ROWS)
})
