import { readdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { seeded } from '../../bench/example-rows.ts'
import { setJobPending } from '../../src/db/running-jobs.ts'
import { jobs } from '../../src/db/schema.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import { cancelJob } from '../../src/services/jobs.ts'
import { signIn } from '../../src/services/sign-in.ts'
import type { Api } from '../support/api.ts'
import { ITEMS, itemsCsv, manyItems } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { isAlive, processesOn } from '../support/processes.ts'
import { OWNER, runServer } from '../support/running-server.ts'
import {
  BASE,
  baseTemplate,
  CATCHING,
  outcome,
  reach,
  readTable,
  stagingOf,
  startChanges,
  tooLate,
  whileItRests,
  whileJobsRest,
} from './disturbed-import.ts'

function cancel(api: Api, job: JobObject): Promise<JobObject> {
  return api.ask('POST', `/api/jobs/${job.id}/cancel`)
}

/** The job does not go on until this is written down. */
async function cancelInTime(api: Api, job: JobObject): Promise<void> {
  await whileJobsRest(() => api.request('POST', `/api/jobs/${job.id}/cancel`))
}

const WHEN = {
  reading: 'while reading',
  comparing: 'while comparing',
  applying: 'while importing',
  review: 'at the review',
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
      await cancelInTime(api, job)
      tooLate((await api.settled(job)).status === 'completed')
      expect(performance.now() - asked, phase).toBeLessThan(3000)
      const { progress } = await api.job(job.id)
      expect(progress.message).toBe(
        `Cancelled ${WHEN[phase]}. The table is as it was: ${BASE.toLocaleString('en')} records.`,
      )
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
  const { status, attempts, progress } = await cancel(api, second)
  expect({ status, attempts }).toEqual({ status: 'cancelled', attempts: 0 })
  expect(progress.message).toBe(
    `Cancelled before it began. The table is as it was: ${BASE.toLocaleString('en')} records.`,
  )
  expect((await api.settled(first)).status).toBe('completed')
  const { digest } = readTable(folder, first)
  await expectNothingDone(api, folder, { job: second, digest })
})

test(
  'an import that waits for another try, or since a yes, behind a long one is cancelled at once',
  CATCHING,
  async () => {
    const { api, folder } = await runServer({ JOB_CONCURRENCY: '1' })
    const template = await baseTemplate(api, 'Items')
    const { digest } = readTable(folder, { id: 'none', template_id: template.id })
    const refused = (name: string) => ({ name, text: itemsCsv([['1', name, 1, '31/02/2024']]) })
    const failed = await api.import(template.id, refused('failed.csv'), { on_problems: 'reject' })
    const reviewed = await api.import(template.id, refused('reviewed.csv'), { on_problems: 'review' })
    expect([failed.status, reviewed.status]).toEqual(['failed', 'review'])
    const long = await startChanges(api, template.id)
    await reach(api, long, 'reading')
    await whileItRests(long, async () => {
      await api.ask('POST', `/api/jobs/${failed.id}/retry`)
      await api.ask('POST', `/api/jobs/${reviewed.id}/approve`)
      for (const [job, when] of [
        [failed, 'before it began'],
        [reviewed, 'while it waited to go on'],
      ] as const) {
        expect((await api.job(job.id)).progress.message).toBe('Waiting to start')
        const { status, progress } = await cancel(api, job)
        expect(status).toBe('cancelled')
        expect(progress.message).toBe(
          `Cancelled ${when}. The table is as it was: ${BASE.toLocaleString('en')} records.`,
        )
        await expectNothingDone(api, folder, { job, digest })
      }
      expect((await api.job(long.id)).status).toBe('processing')
    })
    expect((await api.settled(long)).status).toBe('completed')
  },
)

test(
  'an import that a stop interrupted and that waits behind a long one is cancelled without waiting for it',
  CATCHING,
  async () => {
    const folder = tempFolder()
    const before = await runServer({ JOB_CONCURRENCY: '2' }, folder)
    const [busy, other] = [await baseTemplate(before.api, 'Busy'), await baseTemplate(before.api, 'Other')]
    const { digest } = readTable(folder, { id: 'none', template_id: other.id })
    const long = await startChanges(before.api, busy.id)
    const interrupted = await startChanges(before.api, other.id)
    for (const job of [long, interrupted]) await reach(before.api, job, 'reading')
    await before.stop()
    const { api } = await whileJobsRest(() => runServer({ JOB_CONCURRENCY: '1' }, folder))
    const { attempts } = await reach(api, long, 'reading')
    await whileItRests(long, async () => {
      expect((await api.job(interrupted.id)).progress.message).toBe('Interrupted, waiting to go on')
      await cancel(api, interrupted)
      expect((await api.settled(interrupted)).status).toBe('cancelled')
      // It was not taken for stuck, which would have left its place to the other one.
      expect(await api.job(long.id)).toMatchObject({ status: 'processing', attempts })
    })
    await expectNothingDone(api, folder, { job: interrupted, digest })
    expect((await api.settled(long)).status).toBe('completed')
  },
)

test('an undo and an export can be cancelled while they run', CATCHING, async () => {
  const { api, folder } = await runServer({ JOB_CONCURRENCY: '1' })
  const template = await baseTemplate(api, 'Items')
  const job = await api.settled(await startChanges(api, template.id))
  const { digest } = readTable(folder, job)

  const undo = await api.ask<JobObject>('POST', `/api/jobs/${job.id}/undo`)
  await reach(api, undo, 'applying')
  await cancelInTime(api, undo)
  const { status } = await api.settled(undo)
  tooLate(status === 'completed')
  expect(status).toBe('cancelled')
  expect(readTable(folder, undo)).toMatchObject({ digest, entriesOfJob: 0 })

  const wish = { format: 'csv', content: 'data' }
  const written = await api.ask<JobObject>('POST', `/api/templates/${template.id}/exports`, wish)
  const exports = () => readdirSync(path.join(folder, 'exports'))
  await expect.poll(exports, { interval: 1, timeout: 20_000 }).toHaveLength(1)
  await cancelInTime(api, written)
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

test('a cancel of an import that was committed right before a crash says that it is done', CATCHING, async () => {
  const server = await runServer()
  const { api, folder, context } = server
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A']]) })
  // As a restart finds a job whose end could not be written down any more.
  context.db.update(jobs).set({ status: 'processing', created: 0, finishedAt: null }).where(eq(jobs.id, job.id)).run()
  setJobPending(context.db, job.id, { refund: false })
  // Its turn is not waited for: the ledger is being asked.
  expect((await cancel(api, job)).status).toBe('processing')
  await api.settled(job)
  expect(await outcome(api, folder, job)).toMatchObject({
    status: 'completed',
    counts: { created: 1 },
    entriesOfJob: 1,
  })
})

/** Asked as often as the server answers, to see how long a cancel takes. */
async function soonSettled(api: Api, job: JobObject): Promise<JobObject> {
  for (;;) {
    const now = await api.job(job.id)
    if (now.status !== 'pending' && now.status !== 'processing') return now
  }
}

/** An import that is being read, and the process that does it. */
async function startReading(api: Api, folder: string): Promise<{ job: JobObject; pid: number }> {
  const template = await baseTemplate(api, 'Items')
  const job = await api.startImport(template.id, { name: 'huge.csv', text: manyItems(400_000) })
  await reach(api, job, 'reading')
  const [pid] = processesOn(process.pid, stagingOf(folder, job))
  tooLate(pid === undefined)
  return { job, pid: pid ?? 0 }
}

test('a job that is cancelled stops where it is safe, and its process is used again', CATCHING, async () => {
  const { api, folder } = await runServer({ JOB_CONCURRENCY: '1' })
  const { job, pid } = await startReading(api, folder)
  const asked = performance.now()
  await cancel(api, job)
  expect((await soonSettled(api, job)).status).toBe('cancelled')
  console.log(`cancelled while reading 400,000 rows: ${Math.round(performance.now() - asked)} ms`)
  expect(isAlive(pid)).toBe(true)
  expect(readdirSync(path.join(folder, 'staging'))).toEqual([])
})

test(
  'a process that does not stop by itself is ended a moment later, and at once by a second cancel',
  CATCHING,
  async () => {
    const { api, folder, context, member } = await runServer({ JOB_CONCURRENCY: '1' })
    for (const times of [1, 2]) {
      const { job, pid } = await startReading(api, folder)
      // It hears of nothing any more.
      process.kill(pid, 'SIGSTOP')
      const asked = performance.now()
      const { status } = cancelJob(context, member, job.id)
      expect({ status, isAlive: isAlive(pid) }).toEqual({ status: 'processing', isAlive: true })
      if (times === 2) {
        cancelJob(context, member, job.id)
        // Nor does the end of its grace come through: it is the second cancel that ends it.
        holdBreathUntil(() => !isAlive(pid))
      }
      expect((await soonSettled(api, job)).status).toBe('cancelled')
      console.log(`cancelled ${times} times while its process hung: ${Math.round(performance.now() - asked)} ms`)
      expect(isAlive(pid)).toBe(false)
    }
  },
)

test('a cancel at any instant has exactly one outcome, and the table shows the same', {
  timeout: 240_000,
}, async () => {
  const { api, folder } = await runServer({ JOB_CONCURRENCY: '1' })
  const template = await api.createTemplate(ITEMS)
  await api.import(template.id, { name: 'base.csv', text: manyItems(1500) })
  const began = performance.now()
  await api.import(template.id, { name: 'first.csv', text: manyItems(1500, 1) })
  const usual = performance.now() - began
  const random = seeded(7)
  const outcomes: Record<string, number> = { cancelled: 0, completed: 0 }
  const lasted: number[] = []
  for (let round = 2; round < 102; round++) {
    const before = readTable(folder, { id: 'none', template_id: template.id })
    const job = await api.startImport(template.id, { name: `${round}.csv`, text: manyItems(1500, round) })
    await pause(random() * usual)
    const asked = performance.now()
    await api.request('POST', `/api/jobs/${job.id}/cancel`)
    const { status } = await soonSettled(api, job)
    lasted.push(performance.now() - asked)
    const after = await outcome(api, folder, job)
    outcomes[status] = (outcomes[status] ?? 0) + 1
    if (status === 'cancelled') {
      expect(after).toMatchObject({ digest: before.digest, entries: before.entries, counts: NOTHING })
    } else {
      expect(after).toMatchObject({ status: 'completed', entriesOfJob: 1, counts: { updated: 150 } })
      expect(after.digest).not.toBe(before.digest)
    }
  }
  const sorted = lasted.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
  console.log('cancelled at 100 random instants:', outcomes, `until it was so: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`)
  expect(at(0.5)).toBeLessThan(1000)
  expect(Object.keys(outcomes).sort()).toEqual(['cancelled', 'completed'])
})
