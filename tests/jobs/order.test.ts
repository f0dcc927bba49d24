import { expect, test } from 'vitest'
import { findJobById } from '../../src/db/jobs.ts'
import { createApiKey } from '../../src/services/api-keys.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import { viewJob } from '../../src/services/job-views.ts'
import { Api } from '../support/api.ts'
import { ITEMS, itemsCsv, manyItems } from '../support/examples.ts'
import { holdQueue } from '../support/hold-queue.ts'
import { runServer } from '../support/running-server.ts'
import { addMember } from '../support/workspace.ts'
import { CATCHING, reach, whileItRests } from './disturbed-import.ts'

const HUGE = { name: 'huge.csv', text: manyItems(500_000) }
/** Above what counts as small, and over within a few seconds. */
const LARGE = { name: 'large.csv', text: manyItems(40_000) }
const SMALL = { name: 'small.csv', text: itemsCsv(Array.from({ length: 100 }, (_, n) => [n, `Item ${n}`])) }

/** Two teams on one server where one large job runs at a time. */
async function twoTeams() {
  const server = await runServer({ JOB_CONCURRENCY: '1' })
  const bob = addMember(server.context, 'Bob')
  const other = new Api(server.url, createApiKey(server.context, bob, 'tests').key)
  const template = (api: Api, name: string) => api.createTemplate({ ...ITEMS, name })
  return { ...server, other, template }
}

async function timed<T>(work: () => Promise<T>): Promise<[T, ms: number]> {
  const began = performance.now()
  const result = await work()
  return [result, performance.now() - began]
}

function mostAtOnce(jobs: JobObject[]): number {
  const isRunning = (job: JobObject, at: string) => (job.started_at ?? '') <= at && at < (job.finished_at ?? '')
  return Math.max(...jobs.map(({ started_at }) => jobs.filter((job) => isRunning(job, started_at ?? '')).length))
}

test(
  'a small import, an export and an undo do not wait for a large import that holds the only place',
  CATCHING,
  async () => {
    const { api, template } = await twoTeams()
    const [busy, calm] = [await template(api, 'Busy'), await template(api, 'Calm')]
    const earlier = await api.import(calm.id, { name: 'first.csv', text: itemsCsv([['1', 'A']]) })
    const huge = await api.startImport(busy.id, HUGE)
    await reach(api, huge, 'reading')
    const waits: number[] = []
    for (const start of [
      () => api.startImport(calm.id, SMALL),
      () => api.ask<JobObject>('POST', `/api/templates/${calm.id}/exports`, { format: 'csv' }),
      () => api.ask<JobObject>('POST', `/api/jobs/${earlier.id}/undo`),
    ]) {
      const [done, ms] = await timed(async () => api.settled(await start()))
      expect(done.status).toBe('completed')
      waits.push(Math.round(ms))
    }
    console.log(`small jobs beside a large one, from request to end: ${waits.join(', ')} ms`)
    expect((await api.job(huge.id)).status).toBe('processing')
    await api.ask('POST', `/api/jobs/${huge.id}/cancel`)
    await api.settled(huge)
  },
)

test('beside a large job runs one small one at a time, and no large one', async () => {
  const server = await twoTeams()
  const { api, template } = server
  const held = holdQueue(server)
  const huge = await api.startImport((await template(api, 'Huge')).id, HUGE)
  const small: JobObject[] = []
  for (let n = 1; n <= 4; n++) small.push(await api.startImport((await template(api, `Small ${n}`)).id, SMALL))
  const large = await api.startImport((await template(api, 'Large')).id, LARGE)
  held.letGo()
  const done = await Promise.all(small.map((job) => api.settled(job)))
  expect(mostAtOnce(done)).toBe(1)
  expect((await api.job(huge.id)).status).toBe('processing')
  expect(await api.job(large.id)).toMatchObject({ status: 'pending', attempts: 0 })
  await api.ask('POST', `/api/jobs/${huge.id}/cancel`)
  expect((await api.settled(large)).status).toBe('completed')
})

test('small jobs run beside each other, and a large one among them still has its turn', async () => {
  const server = await twoTeams()
  const { api, template } = server
  const held = holdQueue(server)
  const small = async (n: number) => api.startImport((await template(api, `Small ${n}`)).id, SMALL)
  const before = [await small(1), await small(2), await small(3), await small(4)]
  const large = await api.startImport((await template(api, 'Large')).id, LARGE)
  const after: JobObject[] = []
  for (let n = 5; n <= 12; n++) after.push(await small(n))
  held.letGo()
  const done = await Promise.all([...before, large, ...after].map((job) => api.settled(job)))
  expect(mostAtOnce(done)).toBe(2)
  const [its, last] = [done[before.length]?.started_at ?? '', done.at(-1)?.started_at ?? '']
  expect(its < last).toBe(true)
})

test('a few rows that replace a large table are no small job', CATCHING, async () => {
  const { api, template, context } = await twoTeams()
  const [busy, full, calm] = [await template(api, 'Busy'), await template(api, 'Full'), await template(api, 'Calm')]
  await api.import(full.id, LARGE)
  const huge = await api.startImport(busy.id, HUGE)
  await reach(api, huge, 'reading')
  const replacing = await whileItRests(huge, async () => {
    const job = await api.startImport(full.id, SMALL, { mode: 'replace' })
    // What is small is taken beside the large one, and this was not.
    expect((await api.import(calm.id, SMALL)).status).toBe('completed')
    const row = findJobById(context.db, job.id)
    expect(row && viewJob(context, row).waitingFor).toMatchObject({ name: 'huge.csv', why: 'place' })
    return job
  })
  await api.ask('POST', `/api/jobs/${huge.id}/cancel`)
  expect((await api.settled(replacing)).status).toBe('review')
})

test('who waits only for the jobs of another team is told so, and nothing of them', CATCHING, async () => {
  const { api, other, template, context } = await twoTeams()
  const huge = await api.startImport((await template(api, 'Busy')).id, HUGE)
  await reach(api, huge, 'reading')
  const theirs = await other.startImport((await template(other, 'Theirs')).id, LARGE)
  const row = findJobById(context.db, theirs.id)
  expect(row && viewJob(context, row)).toMatchObject({ waitingFor: 'other_team', place: 1 })
  await api.ask('POST', `/api/jobs/${huge.id}/cancel`)
  expect((await other.settled(theirs)).status).toBe('completed')
})

test(
  'teams take turns: a backlog of one does not hold up the other, neither with large jobs nor with small ones',
  CATCHING,
  async () => {
    const server = await twoTeams()
    const { api, other, template } = server
    const held = holdQueue(server)
    const backlog: JobObject[] = []
    // The first takes long enough to look at what runs beside it.
    for (let n = 1; n <= 6; n++) {
      backlog.push(await api.startImport((await template(api, `A${n}`)).id, n === 1 ? HUGE : LARGE))
    }
    const theirs = await other.startImport((await template(other, 'B')).id, LARGE)
    held.letGo()
    await reach(api, { id: backlog[0]?.id ?? '' }, 'reading')
    const quick = await other.import((await template(other, 'B small')).id, SMALL)
    const waited = Date.parse(quick.started_at ?? '') - Date.parse(quick.created_at)
    console.log(`a small import of another team beside 6 large ones starts after ${waited} ms`)
    expect(quick.status).toBe('completed')
    const done = await other.settled(theirs)
    const jobs = await Promise.all(backlog.map(({ id }) => api.settled({ id })))
    const started = jobs.map(({ started_at }) => started_at ?? '')
    expect(quick.finished_at?.localeCompare(jobs[0]?.finished_at ?? '')).toBe(-1)
    // Theirs came last and is the second of the seven to run; their small one ran beside the first and cost them no turn.
    expect(started.filter((at) => at < (done.started_at ?? ''))).toEqual([started[0]])
  },
)
