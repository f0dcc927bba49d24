import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { utils, write } from 'xlsx'
import type { JobObject } from '../../src/services/job-object.ts'
import type { Api } from '../support/api.ts'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { processesOn } from '../support/processes.ts'
import { runServer } from '../support/running-server.ts'
import {
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

/** Kills the process that works on this job, as the system does when memory runs out. */
async function killProcessOf(folder: string, job: JobObject): Promise<void> {
  const until = performance.now() + 20_000
  let pid: number | undefined
  while (pid === undefined && performance.now() < until) {
    await setImmediate()
    pid = processesOn(process.pid, stagingOf(folder, job))[0]
  }
  tooLate(pid === undefined)
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
}

test(
  'a job whose process is killed in any phase goes on by itself and ends with the same table',
  CATCHING,
  async () => {
    const { api, folder } = await runServer({ JOB_CONCURRENCY: '1' })
    const calm = await baseTemplate(api, 'Undisturbed')
    const undisturbed = await outcome(api, folder, await api.settled(await startChanges(api, calm.id)))
    for (const phase of ['reading', 'comparing', 'applying'] as const) {
      const template = await baseTemplate(api, `Killed while ${phase}`)
      const job = await startChanges(api, template.id)
      await reach(api, job, phase)
      await killProcessOf(folder, job)
      const settled = await api.settled(job)
      tooLate(settled.attempts === 1)
      expect(settled.attempts, phase).toBe(2)
      expect(await outcome(api, folder, settled), phase).toEqual(undisturbed)
    }
  },
)

test('a bar never runs backwards, not even when the reading starts again', CATCHING, async () => {
  const { api, folder } = await runServer({ JOB_CONCURRENCY: '1' })
  const template = await baseTemplate(api, 'Items')
  const job = await startChanges(api, template.id)
  const percents: (number | null)[] = []
  const look = async () => {
    const { status, progress } = await api.job(job.id)
    percents.push(progress.percent)
    return status === 'completed' ? 'completed' : (progress.percent ?? 0)
  }
  const lookInTime = async () => {
    const seen = await whileItRests(job, look)
    tooLate(seen === 'completed')
    return seen
  }
  await expect.poll(lookInTime, { interval: 1, timeout: 20_000 }).toBeGreaterThan(10)
  await killProcessOf(folder, job)
  await expect.poll(look, { interval: 5, timeout: 20_000 }).toBe('completed')
  expect(percents).toEqual([...percents].sort((a, b) => Number(a) - Number(b)))
})

async function killThreeTimes(api: Api, folder: string, job: JobObject): Promise<void> {
  for (let attempt = 1; attempt <= 3; attempt++) {
    await expect.poll(async () => (await api.job(job.id)).attempts, { interval: 5, timeout: 20_000 }).toBe(attempt)
    await killProcessOf(folder, job)
  }
}

test(
  'a job that takes its process down three times fails with a sentence until a person tries it again; the next one goes on',
  CATCHING,
  async () => {
    const { api, folder } = await runServer({ JOB_CONCURRENCY: '1' })
    const template = await baseTemplate(api, 'Items')
    const before = readTable(folder, { id: 'none', template_id: template.id })
    const poison = await startChanges(api, template.id)
    const file = { name: 'b.csv', text: itemsCsv([['x', 'Behind']]) }
    const behind = await whileJobsRest(() => api.startImport(template.id, file, { mode: 'update' }))
    await killThreeTimes(api, folder, poison)
    const failed = await api.settled(poison)
    expect(failed).toMatchObject({ status: 'failed', attempts: 3, error: { code: 'poison' } })
    expect(failed.error?.message).toBe('Tried 3 times, but the process that worked on it crashed.')
    expect(failed.error?.hint).not.toBe('')
    expect(readTable(folder, poison)).toMatchObject({ digest: before.digest, entriesOfJob: 0 })
    expect(await api.settled(behind)).toMatchObject({ status: 'completed', attempts: 1, counts: { created: 1 } })
    expect(readdirSync(path.join(folder, 'staging'))).toEqual([])
    await api.ask('POST', `/api/jobs/${poison.id}/retry`)
    expect(await api.settled(poison)).toMatchObject({ status: 'completed', error: null })
  },
)

test(
  'a job whose process dies while it rests from an earlier death keeps its place before later jobs',
  CATCHING,
  async () => {
    const { api, folder } = await runServer({ JOB_CONCURRENCY: '3' })
    const template = await baseTemplate(api, 'Items')
    const first = await startChanges(api, template.id)
    const file = { name: 'b.csv', text: itemsCsv([['0000007', 'Second']]) }
    const second = await whileJobsRest(() => api.startImport(template.id, file, { mode: 'update' }))
    await reach(api, first, 'reading')
    await killProcessOf(folder, first)
    await reach(api, first, 'pending')
    expect((await api.job(second.id)).attempts).toBe(0)
    const [done, after] = [await api.settled(first), await api.settled(second)]
    expect([done.status, after.status]).toEqual(['completed', 'completed'])
    expect(String(after.started_at) >= String(done.finished_at)).toBe(true)
    expect((await api.records(template.id, '&q=Second')).map(({ values }) => values.SKU)).toEqual(['0000007'])
  },
)

test('a file that needs more memory than a job may use fails after three attempts, and other jobs complete', async () => {
  const { api, folder } = await runServer({ JOB_CONCURRENCY: '2', JOB_MEMORY_MB: '128' })
  const template = await api.createTemplate(ITEMS)
  const big = await api.startImport(template.id, oldWorkbook(30_000))
  const behind = await api.startImport(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A']]) })
  const other = await api.createTemplate({ ...ITEMS, name: 'Other' })
  const beside = await api.import(other.id, { name: 'b.csv', text: itemsCsv([['1', 'A']]) })
  expect(beside).toMatchObject({ status: 'completed', attempts: 1 })
  const failed = await api.settled(big)
  expect(failed).toMatchObject({ status: 'failed', attempts: 3, error: { code: 'poison' } })
  expect(failed.error?.message).toBe('Tried 3 times, but it needed more memory than a job may use.')
  expect(failed.error?.hint).toContain('JOB_MEMORY_MB')
  expect(await api.settled(behind)).toMatchObject({ status: 'completed', attempts: 1 })
  expect(readTable(folder, big).entriesOfJob).toBe(0)
})

/** Workbooks of the old format can only be read whole. */
function oldWorkbook(rows: number): string {
  const file = path.join(tempFolder(), 'big.xls')
  const cells = Array.from({ length: rows }, (_, n) => [String(n), `A name that takes some room, number ${n}`, n])
  const book = utils.book_new(utils.aoa_to_sheet([['SKU', 'Name', 'Price'], ...cells]), 'Items')
  writeFileSync(file, write(book, { type: 'buffer', bookType: 'biff8' }))
  return file
}
