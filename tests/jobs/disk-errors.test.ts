import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JobObject } from '../../src/services/job-object.ts'
import { ITEMS, itemsCsv, manyItems } from '../support/examples.ts'
import { childrenOf } from '../support/processes.ts'
import { canInject, Injected, type Injection } from '../support/strace.ts'
import { readTable } from './disturbed-import.ts'
import { folderForFile, ServerProcess } from './server-process.ts'

const folder = folderForFile()
const WRITE = ['pwrite64']
const SYNC = ['fsync', 'fdatasync']
/** Fewer rows than are worth a sync before the table is changed, and as many as are. */
const FEW = 50
const MANY = 1500
let server: ServerProcess

beforeAll(async () => {
  server = await ServerProcess.start(folder, { JOB_CONCURRENCY: '1' })
})
afterAll(() => server.kill())

/** Unless it is said otherwise, what a disk says that is about to go, wherever something is to be written or synced. */
async function withDiskErrors<Result>(
  pids: number[],
  where: Omit<Injection, 'fault'> & { fault?: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const injected = await Injected.into(pids, { fault: 'error=EIO', ...where })
  try {
    return await work()
  } finally {
    await injected.end()
  }
}

test.skipIf(!canInject()).each([
  ['what is staged can not be written', FEW, WRITE],
  ['what is staged can not be synced', MANY, SYNC],
] as const)(
  'when %s, an import fails with a sentence, has changed nothing, and can be tried again',
  async (name, rows, calls) => {
    const { api } = server
    const template = await api.createTemplate({ ...ITEMS, name })
    const first = await api.import(template.id, { name: 'first.csv', text: itemsCsv([['0000001', 'Old']]) })
    const before = readTable(folder, first)
    const failed = await withDiskErrors(childrenOf(server.pid), { calls }, () =>
      api.import(template.id, { name: 'items.csv', text: manyItems(rows) }),
    )
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'disk_error' } })
    expect(failed.error?.message).toContain('reported an error')
    expect(readTable(folder, first)).toEqual(before)
    await api.ask('POST', `/api/jobs/${failed.id}/retry`)
    expect(await api.settled(failed)).toMatchObject({ status: 'completed', counts: { read: rows, problems: 0 } })
  },
)

test.skipIf(!canInject())(
  'when a commit can not be synced, the import says what the table shows, and has happened once',
  async () => {
    const { api } = server
    const template = await api.createTemplate({ ...ITEMS, name: 'Not synced' })
    const first = await api.import(template.id, { name: 'first.csv', text: itemsCsv([['0000001', 'Old']]) })
    const before = readTable(folder, first)
    // Nothing but the table is synced for so few rows. The commit may be found in its log by the next who opens it.
    const job = await withDiskErrors(childrenOf(server.pid), { calls: SYNC }, () =>
      api.import(template.id, { name: 'items.csv', text: manyItems(FEW) }),
    )
    const { entriesOfJob } = readTable(folder, job)
    expect({ status: job.status, entriesOfJob }).toEqual(
      entriesOfJob === 1 ? { status: 'completed', entriesOfJob } : { status: 'failed', entriesOfJob: 0 },
    )
    if (job.status === 'failed') {
      expect(job.error?.code).toBe('disk_error')
      expect(readTable(folder, first)).toEqual(before)
      await api.ask('POST', `/api/jobs/${job.id}/retry`)
    }
    expect(await api.settled(job)).toMatchObject({ status: 'completed', counts: { read: FEW, problems: 0 } })
    expect(readTable(folder, job)).toMatchObject({ entriesOfJob: 1, intact: 'ok' })
  },
)

test.skipIf(!canInject())(
  'wherever in an import the disk becomes full, the table is as it was, and with room again the import is done',
  { timeout: 120_000 },
  async () => {
    const { api } = server
    const template = await api.createTemplate({ ...ITEMS, name: 'Full' })
    const first = await api.import(template.id, { name: 'first.csv', text: itemsCsv([['first', 'Old']]) })
    let failures = 0
    for (let isDone = false; !isDone; ) {
      const before = readTable(folder, first)
      const nth = failures + 1
      const text = itemsCsv(Array.from({ length: FEW }, (_, n) => [`${nth}/${n}`, 'New']))
      const where = { calls: WRITE, fault: `error=ENOSPC:when=${nth}+` }
      const job = await withDiskErrors(childrenOf(server.pid), where, () =>
        api.import(template.id, { name: `${nth}.csv`, text }),
      )
      isDone = job.status === 'completed'
      if (!isDone) {
        failures = nth
        expect(job.error).toMatchObject({ code: 'disk_full', hint: expect.stringContaining('try again') })
        expect(readTable(folder, first)).toEqual(before)
        await api.ask('POST', `/api/jobs/${job.id}/retry`)
      }
      expect(await api.settled(job)).toMatchObject({ status: 'completed', counts: { created: FEW } })
      expect(readTable(folder, job)).toMatchObject({ entriesOfJob: 1, intact: 'ok' })
    }
    expect(failures).toBeGreaterThan(10)
  },
)

test.skipIf(!canInject())(
  'wherever in an upload the disk becomes full for app.db, it is refused and leaves nothing, or is imported',
  { timeout: 120_000 },
  async () => {
    const { api } = server
    const template = await api.createTemplate({ ...ITEMS, name: 'Full for app.db' })
    const uploads = () => readdirSync(path.join(folder, 'uploads')).length
    let refusals = 0
    for (let isAccepted = false; !isAccepted; ) {
      const before = uploads()
      const nth = refusals + 1
      const file = { name: `${nth}.csv`, text: itemsCsv([[`${nth}`, 'New']]) }
      const where = { calls: WRITE, mainThread: true, fault: `error=ENOSPC:when=${nth}+` }
      const { status, body } = await withDiskErrors([server.pid], where, () => api.upload(template.id, file))
      isAccepted = status === 202
      if (isAccepted) expect(await api.settled(body as JobObject)).toMatchObject({ status: 'completed' })
      else {
        refusals = nth
        expect({ status, body }).toMatchObject({ status: 507, body: { code: 'disk_full' } })
        expect(uploads()).toBe(before)
      }
    }
    expect(refusals).toBeGreaterThan(0)
    const after = { name: 'after.csv', text: itemsCsv([['after', 'B']]) }
    expect(await api.import(template.id, after)).toMatchObject({ status: 'completed' })
  },
)

test.skipIf(!canInject())('when the table can not be written, an undo fails in the same way', async () => {
  const { api } = server
  const template = await api.createTemplate({ ...ITEMS, name: 'Undo' })
  const done = await api.import(template.id, { name: 'items.csv', text: manyItems(FEW) })
  const before = readTable(folder, done)
  // An undo stages nothing: whatever its process writes goes into the table.
  const failed = await withDiskErrors(childrenOf(server.pid), { calls: WRITE }, async () =>
    api.settled(await api.ask<JobObject>('POST', `/api/jobs/${done.id}/undo`)),
  )
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'disk_error' } })
  expect(readTable(folder, done)).toEqual(before)
  await api.ask('POST', `/api/jobs/${failed.id}/retry`)
  expect(await api.settled(failed)).toMatchObject({ status: 'completed', counts: { deleted: FEW } })
})

test.skipIf(!canInject()).each([
  ['written', { calls: WRITE, mainThread: true }],
  ['synced', { calls: SYNC, mainThread: true }],
  // Files are synced by the threads beside it.
  ['stored with its sync', { calls: SYNC }],
])('an upload that can not be %s is refused in words and leaves nothing, and pages answer', async (name, where) => {
  const { api } = server
  const template = await api.createTemplate({ ...ITEMS, name })
  const file = { name: 'a.csv', text: itemsCsv([['1', name]]) }
  const uploads = () => readdirSync(path.join(folder, 'uploads')).length
  const before = uploads()
  const refused = await withDiskErrors([server.pid], where, async () => {
    const { items } = await api.ask<{ items: JobObject[] }>('GET', '/api/jobs')
    expect(items.length).toBeGreaterThan(0)
    return api.upload(template.id, file)
  })
  expect(refused).toMatchObject({ status: 503, body: { code: 'disk_error' } })
  expect(uploads()).toBe(before)
  expect(await api.import(template.id, file)).toMatchObject({ status: 'completed', counts: { created: 1 } })
})
