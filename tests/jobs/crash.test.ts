import { readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { dataFolder, readConfig } from '../../src/config.ts'
import { startServer } from '../../src/server.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import { isAlive, processesOn } from '../support/processes.ts'
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
import { startHalfUpload } from './half-upload.ts'
import { folderForFile, ServerProcess } from './server-process.ts'

const folder = folderForFile()
let server: ServerProcess

// Each test leaves a server that runs, unless it fails.
beforeEach(async () => {
  if (server === undefined || !isAlive(server.pid)) await start()
})

afterAll(() => server.kill())

async function start(): Promise<void> {
  server = await ServerProcess.start(folder, { JOB_CONCURRENCY: '1' })
}

/** As after a power cut: killed, and started again on the same folder. */
async function crash(): Promise<void> {
  await server.kill()
  await start()
}

async function expectUndisturbed(job: JobObject): Promise<JobObject> {
  const settled = await server.api.settled(job)
  expect(await outcome(server.api, folder, settled)).toEqual(await undisturbed())
  return settled
}

let known: Awaited<ReturnType<typeof outcome>> | undefined

/** What comes of the same import when nothing happens to it. */
async function undisturbed(): Promise<Awaited<ReturnType<typeof outcome>>> {
  if (known !== undefined) return known
  const template = await baseTemplate(server.api, 'Undisturbed')
  const job = await server.api.settled(await startChanges(server.api, template.id))
  known = await outcome(server.api, folder, job)
  expect(known).toMatchObject({ status: 'completed', entriesOfJob: 1, intact: 'ok' })
  const { created, updated, deleted, problems } = known.counts
  expect(Math.min(created, updated, deleted, problems)).toBeGreaterThan(5)
  return known
}

test('a server that is killed while an import waits does it after the restart, in its turn', CATCHING, async () => {
  const [first, second] = [await baseTemplate(server.api, 'First'), await baseTemplate(server.api, 'Second')]
  const ahead = await startChanges(server.api, first.id)
  const waiting = await startChanges(server.api, second.id)
  await reach(server.api, ahead, 'reading')
  await reach(server.api, waiting, 'pending')
  await crash()
  await expectUndisturbed(ahead)
  const { attempts, started_at } = await expectUndisturbed(waiting)
  expect(attempts).toBe(1)
  expect(String(started_at) >= String((await server.api.job(ahead.id)).finished_at)).toBe(true)
})

test.each(['reading', 'comparing', 'applying'] as const)(
  'a server that is killed while an import is %s ends with the same table',
  CATCHING,
  async (phase) => {
    const template = await baseTemplate(server.api, `Killed while ${phase}`)
    const job = await startChanges(server.api, template.id)
    await reach(server.api, job, phase)
    await server.kill()
    // What was read to the end is not read again.
    if (phase !== 'reading') rmSync(path.join(dataFolder(folder).upload(job.id), 'original'))
    await start()
    const { attempts } = await expectUndisturbed(job)
    tooLate(attempts === 1)
    expect(attempts).toBe(2)
  },
)

test('a server that is killed while an import waits for a decision still waits for it', CATCHING, async () => {
  const template = await baseTemplate(server.api, 'Killed in review')
  const job = await startChanges(server.api, template.id, { on_problems: 'review' })
  const before = await reach(server.api, job, 'review')
  await crash()
  expect(await server.api.job(job.id)).toEqual(before)
  await server.api.ask('POST', `/api/jobs/${job.id}/approve`)
  await expectUndisturbed(job)
})

test('an import that was committed while the server could not hear it is not done twice', CATCHING, async () => {
  const template = await baseTemplate(server.api, 'Committed unheard')
  const job = await startChanges(server.api, template.id)
  await reach(server.api, job, 'applying')
  process.kill(server.pid, 'SIGSTOP')
  await expect.poll(() => readTable(folder, job).entriesOfJob, { timeout: 20_000 }).toBe(1)
  await crash()
  const { attempts } = await expectUndisturbed(job)
  tooLate(attempts === 1)
  expect(attempts).toBe(2)
})

test('a job process whose server is gone does not go on to change the table', CATCHING, async () => {
  const template = await baseTemplate(server.api, 'Orphan')
  const job = await startChanges(server.api, template.id)
  await reach(server.api, job, 'applying')
  const [orphan = 0] = processesOn(server.pid, stagingOf(folder, job))
  tooLate(orphan === 0)
  process.kill(orphan, 'SIGSTOP')
  const { progress } = await server.api.job(job.id)
  const late = progress.rows_done === progress.rows_total
  // The next try wants a process that works.
  if (late) process.kill(orphan, 'SIGCONT')
  tooLate(late)
  await server.kill()
  // Where the kernel does not end it with the server, it has to notice by itself.
  if (isAlive(orphan)) process.kill(orphan, 'SIGCONT')
  await expect.poll(() => isAlive(orphan), { timeout: 10_000 }).toBe(false)
  // What a card shows lags a little behind: it may have been stopped when nothing was left but the commit.
  tooLate(readTable(folder, job).entriesOfJob === 1)
  await crash()
  await expectUndisturbed(job)
})

test('an undo whose server is killed ends with what was there before', CATCHING, async () => {
  const template = await baseTemplate(server.api, 'Undo killed')
  const before = readTable(folder, { id: 'none', template_id: template.id })
  const job = await server.api.settled(await startChanges(server.api, template.id))
  const undo = await server.api.ask<JobObject>('POST', `/api/jobs/${job.id}/undo`)
  await reach(server.api, undo, 'applying')
  await crash()
  const { status, attempts } = await server.api.settled(undo)
  tooLate(attempts === 1)
  expect({ status, attempts }).toEqual({ status: 'completed', attempts: 2 })
  expect(readTable(folder, undo)).toMatchObject({ digest: before.digest, entriesOfJob: 1, intact: 'ok' })
})

test('an export whose server is killed is written again, whole', CATCHING, async () => {
  const template = await baseTemplate(server.api, 'Export killed')
  await server.api.settled(await startChanges(server.api, template.id))
  const whole = await server.api.export(template.id, { format: 'csv', content: 'data' })
  const job = await server.api.ask<JobObject>('POST', `/api/templates/${template.id}/exports`, { format: 'csv' })
  const exports = () => readdirSync(path.join(folder, 'exports')).filter((name) => name.startsWith(job.id))
  await expect.poll(exports, { interval: 1, timeout: 20_000 }).toHaveLength(1)
  await crash()
  const { status, attempts } = await server.api.settled(job)
  tooLate(attempts === 1)
  expect({ status, attempts }).toEqual({ status: 'completed', attempts: 2 })
  expect(exports()).toEqual([`${job.id}.csv`])
  expect(await server.api.downloadFrom(`/api/jobs/${job.id}/file`)).toEqual(whole)
})

test('an upload whose server is killed leaves nothing behind', async () => {
  const template = await baseTemplate(server.api, 'Upload killed')
  const uploads = () => readdirSync(path.join(folder, 'uploads'), { recursive: true, encoding: 'utf8' })
  const before = uploads()
  const request = startHalfUpload(server, template.id)
  await expect.poll(() => uploads().filter((name) => !before.includes(name)), { timeout: 20_000 }).toHaveLength(2)
  await crash()
  request.destroy()
  expect(uploads()).toEqual(before)
  const { items } = await server.api.ask<{ items: JobObject[] }>('GET', `/api/jobs?template=${template.id}`)
  expect(items.map(({ file }) => file?.name)).toEqual(['base.csv'])
})

test('a second server on the same folder says who has it and changes nothing', async () => {
  await expect(startServer(readConfig({ PORT: '0', DATA_DIR: folder }))).rejects.toThrow(
    new RegExp(`in use by another Sheetport \\(process ${server.pid} on ${os.hostname()}, since 2`),
  )
  expect((await server.api.job((await firstJob()).id)).status).toBe('completed')
})

async function firstJob(): Promise<JobObject> {
  const { items } = await server.api.ask<{ items: JobObject[] }>('GET', '/api/jobs?status=completed&limit=1')
  if (items[0] === undefined) throw new Error('no job was completed')
  return items[0]
}
