import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { dataFolder } from '../../src/config.ts'
import { ITEMS, manyItems } from '../support/examples.ts'
import { childrenOf, isAlive, processesOn } from '../support/processes.ts'
import { baseTemplate, CATCHING, outcome, reach, startChanges, tooLate, whileJobsRest } from './disturbed-import.ts'
import { startHalfUpload } from './half-upload.ts'
import { folderForFile, ServerProcess, signIn } from './server-process.ts'

const ENV = { JOB_CONCURRENCY: '1' }
/** So long a server that is asked to stop once waits for an upload that does not end. */
const UPLOAD_GRACE_MS = 3000
const folder = folderForFile()
let server: ServerProcess

// Each test leaves a server that runs, unless it fails.
beforeEach(async () => {
  if (server === undefined || !isAlive(server.pid)) server = await ServerProcess.start(folder, ENV)
})

afterAll(() => server.kill())

type Left = { status: string; strikes: number; attempts: number; furthest: number }

/** Asks the server to stop, as a service manager does; answers how the job lies in app.db then. */
async function stop(job: { id: string }): Promise<Left> {
  const children = childrenOf(server.pid)
  const { code, ms } = await server.stop()
  expect(code, server.output).toBe(0)
  expect(ms).toBeLessThan(10_000)
  expect(children.length).toBeGreaterThan(0)
  await expect.poll(() => children.filter(isAlive), { timeout: 20_000 }).toEqual([])
  expect(existsSync(`${dataFolder(folder).appDb}-wal`), 'app.db was not closed').toBe(false)
  const db = new Database(dataFolder(folder).appDb, { readonly: true })
  try {
    const left = db
      .prepare<[string], Left>('SELECT status, strikes, attempts, furthest FROM jobs WHERE id = ?')
      .get(job.id)
    if (left === undefined) throw new Error(`job ${job.id} is gone`)
    return left
  } finally {
    db.close()
  }
}

test(
  'a server that is asked to stop does so with code 0, and what ran goes on at the next start',
  CATCHING,
  async () => {
    const calm = await baseTemplate(server.api, 'Undisturbed')
    const undisturbed = await outcome(
      server.api,
      folder,
      await server.api.settled(await startChanges(server.api, calm.id)),
    )
    for (const phase of ['reading', 'comparing', 'applying'] as const) {
      const template = await baseTemplate(server.api, `Stopped while ${phase}`)
      const job = await startChanges(server.api, template.id)
      await reach(server.api, job, phase)
      const left = await stop(job)
      server = await ServerProcess.start(folder, ENV)
      tooLate(left.status === 'completed')
      expect(left, phase).toMatchObject({ status: 'pending', strikes: 0, attempts: 1 })
      expect(await outcome(server.api, folder, await server.api.settled(job)), phase).toEqual(undisturbed)
    }
  },
)

test('a stop takes over the log of a table whose process was ended', CATCHING, async () => {
  const template = await server.api.createTemplate({ ...ITEMS, name: 'Left behind' })
  await server.api.import(template.id, { name: 'a.csv', text: manyItems(10) })
  const table = dataFolder(folder).table(template.id)
  // For a moment the process keeps the table open for the next job.
  for (const pid of processesOn(server.pid, table)) process.kill(pid, 'SIGKILL')
  await expect.poll(() => processesOn(server.pid, table)).toEqual([])
  tooLate(!existsSync(`${table}-wal`))
  const { code, ms } = await server.stop()
  expect(code, server.output).toBe(0)
  expect(ms).toBeLessThan(10_000)
  expect(existsSync(`${table}-wal`)).toBe(false)
  server = await ServerProcess.start(folder, ENV)
  expect(await server.api.records(template.id)).toHaveLength(10)
})

test('under load a stop tells every socket, answers what was asked and gives back what ran', CATCHING, async () => {
  const template = await baseTemplate(server.api, 'Load')
  const headers = { Cookie: await signIn(server), Origin: server.url }
  const sockets = Array.from({ length: 20 }, () => {
    return new WebSocket(`${server.url.replace('http', 'ws')}/live?topic=jobs`, { headers })
  })
  await Promise.all(sockets.map((socket) => once(socket, 'message')))
  const closed = Promise.all(sockets.map(async (socket) => (await once(socket, 'close'))[0]))
  const job = await startChanges(server.api, template.id)
  await reach(server.api, job, 'reading')
  // Each is a search without an index, one after another: most of them wait when the signal comes.
  let answered = 0
  const search = async (n: number): Promise<number | undefined> => {
    const page = await fetch(`${server.url}/templates/${template.id}/records?q=nothing${n}`, { headers }).catch(
      () => null,
    )
    answered += 1
    return page?.status
  }
  const pages = Array.from({ length: 40 }, (_, n) => search(n))
  await Promise.race(pages)
  const before = answered
  const left = await stop(job)
  tooLate(left.status === 'completed')
  expect(left).toMatchObject({ status: 'pending', strikes: 0, attempts: 1 })
  expect(new Set(await closed)).toEqual(new Set([1012]))
  const statuses = await Promise.all(pages)
  // One that the server never took in was refused its connection; none was begun and not answered.
  expect(statuses.filter((status) => status !== undefined && status !== 200)).toEqual([])
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(before)
  server = await ServerProcess.start(folder, ENV)
  expect(await server.api.settled(job)).toMatchObject({ status: 'completed', attempts: 2 })
})

test('a job that waits or needs a decision is not touched by a stop', CATCHING, async () => {
  const [first, second] = [await baseTemplate(server.api, 'First'), await baseTemplate(server.api, 'Second')]
  const review = await startChanges(server.api, first.id, { on_problems: 'review' })
  await reach(server.api, review, 'review')
  const running = await startChanges(server.api, second.id)
  const waiting = await startChanges(server.api, second.id, { dry_run: 'true' })
  await reach(server.api, running, 'reading')
  expect(await stop(waiting)).toMatchObject({ status: 'pending', strikes: 0, attempts: 0 })
  server = await ServerProcess.start(folder, ENV)
  expect((await server.api.job(review.id)).status).toBe('review')
  expect(await server.api.settled(running)).toMatchObject({ status: 'completed' })
  expect(await server.api.settled(waiting)).toMatchObject({ status: 'completed', attempts: 1 })
})

test('strikes from before a stop are neither forgiven nor added to', CATCHING, async () => {
  const template = await baseTemplate(server.api, 'Strikes')
  const job = await startChanges(server.api, template.id)
  await reach(server.api, job, 'reading')
  await server.kill()
  server = await whileJobsRest(() => ServerProcess.start(folder, ENV))
  expect((await reach(server.api, job, 'reading')).attempts).toBe(2)
  const left = await stop(job)
  tooLate(left.furthest > 0)
  expect(left).toMatchObject({ status: 'pending', strikes: 1 })
  server = await ServerProcess.start(folder, ENV)
  expect(await server.api.settled(job)).toMatchObject({ status: 'completed', attempts: 3 })
})

test('a stop does not wait for an upload, of which nothing stays', async () => {
  const template = await baseTemplate(server.api, 'Upload')
  const uploads = () => readdirSync(path.join(folder, 'uploads')).length
  const before = uploads()
  const request = startHalfUpload(server, template.id)
  await expect.poll(uploads, { timeout: 20_000 }).toBe(before + 1)
  const { code, ms } = await server.stop()
  expect({ code, soon: ms < 10_000 }).toEqual({ code: 0, soon: true })
  request.destroy()
  server = await ServerProcess.start(folder, ENV)
  expect(uploads()).toBe(before)
})

test('asked twice, the server stops at once, as if it had crashed', CATCHING, async () => {
  const template = await baseTemplate(server.api, 'Hurry')
  const job = await startChanges(server.api, template.id)
  await reach(server.api, job, 'reading')
  const uploads = () => readdirSync(path.join(folder, 'uploads')).length
  const before = uploads()
  const request = startHalfUpload(server, template.id)
  await expect.poll(uploads, { timeout: 20_000 }).toBe(before + 1)
  process.kill(server.pid, 'SIGTERM')
  // Two signals at the same instant may arrive as one.
  await expect.poll(() => server.output, { timeout: 20_000 }).toContain('server.stopping')
  const { code, ms } = await server.stop()
  request.destroy()
  expect(code, server.output).toBe(1)
  expect(ms).toBeLessThan(UPLOAD_GRACE_MS / 2)
  server = await ServerProcess.start(folder, ENV)
  expect(await server.api.settled(job)).toMatchObject({ status: 'completed' })
})
