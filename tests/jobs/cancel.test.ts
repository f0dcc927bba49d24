import { readdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { seeded } from '../../bench/example-rows.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import { cancelJob } from '../../src/services/jobs.ts'
import { signIn } from '../../src/services/sign-in.ts'
import type { Api } from '../support/api.ts'
import { ITEMS, itemsCsv, manyItems } from '../support/examples.ts'
import { processesOn } from '../support/processes.ts'
import { OWNER, runServer } from '../support/running-server.ts'
import {
  baseTemplate,
  CATCHING,
  outcome,
  reach,
  readTable,
  stagingOf,
  startChanges,
  tooLate,
} from './disturbed-import.ts'

function cancel(api: Api, job: JobObject): Promise<JobObject> {
  return api.ask('POST', `/api/jobs/${job.id}/cancel`)
}

const NOTHING = { created: 0, updated: 0, unchanged: 0, deleted: 0, skipped: 0 }

async function expectNothingDone(api: Api, folder: string, { job, digest }: { job: JobObject; digest: string }) {
  const { status, counts, entriesOfJob, ...rest } = await outcome(api, folder, job)
  expect({ status, counts, entriesOfJob }).toMatchObject({ status: 'cancelled', counts: NOTHING, entriesOfJob: 0 })
  expect(rest.digest).toBe(digest)
}

test(
  'an import can be cancelled in any phase; nothing it did stays, and it can be tried again without the file',
  CATCHING,
  async () => {
    const { api, folder } = await runServer({ JOB_CONCURRENCY: '1' })
    for (const phase of ['reading', 'comparing', 'applying', 'review'] as const) {
      const template = await baseTemplate(api, `Cancelled while ${phase}`)
      const { digest } = readTable(folder, { id: 'none', template_id: template.id })
      const job = await startChanges(api, template.id, phase === 'review' ? { on_problems: 'review' } : {})
      await reach(api, job, phase)
      const asked = performance.now()
      await api.request('POST', `/api/jobs/${job.id}/cancel`)
      tooLate((await api.settled(job)).status === 'completed')
      expect(performance.now() - asked, phase).toBeLessThan(3000)
      await expectNothingDone(api, folder, { job, digest })
      expect((await cancel(api, job)).status).toBe('cancelled')
      await api.ask('POST', `/api/jobs/${job.id}/retry`)
      const again = await api.settled(job)
      expect(again.status, phase).toBe(phase === 'review' ? 'review' : 'completed')
      if (phase !== 'review') expect(readTable(folder, job)).toMatchObject({ entriesOfJob: 1, intact: 'ok' })
    }
  },
)

test('an import that waits behind another one is cancelled at once, and the other one goes on', CATCHING, async () => {
  const { api, folder } = await runServer({ JOB_CONCURRENCY: '2' })
  const template = await baseTemplate(api, 'Items')
  const first = await startChanges(api, template.id)
  const second = await startChanges(api, template.id, { mode: 'add' })
  await reach(api, first, 'reading')
  expect(await cancel(api, second)).toMatchObject({ status: 'cancelled', attempts: 0 })
  expect((await api.settled(first)).status).toBe('completed')
  const { digest } = readTable(folder, first)
  await expectNothingDone(api, folder, { job: second, digest })
})

test('an undo and an export can be cancelled while they run', CATCHING, async () => {
  const { api, folder } = await runServer({ JOB_CONCURRENCY: '1' })
  const template = await baseTemplate(api, 'Items')
  const job = await api.settled(await startChanges(api, template.id))
  const { digest } = readTable(folder, job)

  const undo = await api.ask<JobObject>('POST', `/api/jobs/${job.id}/undo`)
  await reach(api, undo, 'applying')
  await api.request('POST', `/api/jobs/${undo.id}/cancel`)
  const { status } = await api.settled(undo)
  tooLate(status === 'completed')
  expect(status).toBe('cancelled')
  expect(readTable(folder, undo)).toMatchObject({ digest, entriesOfJob: 0 })

  const wish = { format: 'csv', content: 'data' }
  const written = await api.ask<JobObject>('POST', `/api/templates/${template.id}/exports`, wish)
  const exports = () => readdirSync(path.join(folder, 'exports'))
  await expect.poll(exports, { interval: 1, timeout: 20_000 }).toHaveLength(1)
  await api.request('POST', `/api/jobs/${written.id}/cancel`)
  const end = await api.settled(written)
  tooLate(end.status === 'completed')
  expect(end.status).toBe('cancelled')
  expect(exports()).toEqual([])
  expect((await api.request('GET', `/api/jobs/${written.id}/file`)).status).toBe(409)

  for (const each of [undo, written]) await api.ask('POST', `/api/jobs/${each.id}/retry`)
  expect((await api.settled(undo)).status).toBe('completed')
  expect((await api.settled(written)).status).toBe('completed')
})

test('a job that has ended can not be cancelled any more', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A']]) })
  const { status, body } = await api.request('POST', `/api/jobs/${job.id}/cancel`)
  expect(status).toBe(409)
  expect(body).toMatchObject({ code: 'wrong_state', detail: "This import is completed, so it can't be cancelled now." })
})

/** Lets nothing come through, as when the server is busy, until the condition holds. */
function holdBreathUntil(condition: () => boolean): void {
  const until = performance.now() + 20_000
  while (!condition()) if (performance.now() > until) throw new Error('it never happened')
}

test('a cancel that crosses the answer that a person has to decide is the decision', CATCHING, async () => {
  const { api, folder, context } = await runServer({ JOB_CONCURRENCY: '1' })
  const { member } = await signIn(context, { ...OWNER, address: '127.0.0.1' })
  const template = await baseTemplate(api, 'Items')
  const { digest } = readTable(folder, { id: 'none', template_id: template.id })
  const job = await startChanges(api, template.id, { on_problems: 'review' })
  await reach(api, job, 'comparing')
  const staging = stagingOf(folder, job)
  expect(processesOn(process.pid, staging)).toHaveLength(1)
  holdBreathUntil(() => processesOn(process.pid, staging).length === 0)
  expect(cancelJob(context, member, job.id).status).toBe('processing')
  await api.settled(job)
  await expectNothingDone(api, folder, { job, digest })
})

test('a cancel that comes when everything is done leaves the job completed', CATCHING, async () => {
  const { api, folder, context } = await runServer({ JOB_CONCURRENCY: '1' })
  const { member } = await signIn(context, { ...OWNER, address: '127.0.0.1' })
  const template = await baseTemplate(api, 'Items')
  const job = await startChanges(api, template.id)
  await reach(api, job, 'applying')
  holdBreathUntil(() => readTable(folder, job).entriesOfJob === 1)
  expect(cancelJob(context, member, job.id).status).toBe('processing')
  const { counts } = await api.settled(job)
  expect(await outcome(api, folder, job)).toMatchObject({ status: 'completed', entriesOfJob: 1, rows: counts.read })
  expect(counts.created).toBeGreaterThan(1000)
  // Whoever takes it back then can undo it.
  const undo = await api.ask<JobObject>('POST', `/api/jobs/${job.id}/undo`)
  expect((await api.settled(undo)).status).toBe('completed')
})

test('a cancel at any instant has exactly one outcome, and the table shows the same', async () => {
  const { api, folder } = await runServer({ JOB_CONCURRENCY: '1' })
  const template = await api.createTemplate(ITEMS)
  await api.import(template.id, { name: 'base.csv', text: manyItems(1500) })
  const began = performance.now()
  await api.import(template.id, { name: 'first.csv', text: manyItems(1500, 1) })
  const usual = performance.now() - began
  const random = seeded(7)
  const outcomes: Record<string, number> = { cancelled: 0, completed: 0 }
  for (let round = 2; round < 32; round++) {
    const before = readTable(folder, { id: 'none', template_id: template.id })
    const job = await api.startImport(template.id, { name: `${round}.csv`, text: manyItems(1500, round) })
    await pause(random() * usual)
    await api.request('POST', `/api/jobs/${job.id}/cancel`)
    const { status } = await api.settled(job)
    const after = await outcome(api, folder, job)
    outcomes[status] = (outcomes[status] ?? 0) + 1
    if (status === 'cancelled') {
      expect(after).toMatchObject({ digest: before.digest, entries: before.entries, counts: NOTHING })
    } else {
      expect(after).toMatchObject({ status: 'completed', entriesOfJob: 1, counts: { updated: 150 } })
      expect(after.digest).not.toBe(before.digest)
    }
  }
  console.log('cancelled at 30 random instants:', outcomes)
  expect(Object.keys(outcomes).sort()).toEqual(['cancelled', 'completed'])
})
