import { copyFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { dataFolder } from '../../src/config.ts'
import type { Api } from '../support/api.ts'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { isAlive, processesOn } from '../support/processes.ts'
import { runServer } from '../support/running-server.ts'
import { readTable, stagingOf } from './disturbed-import.ts'
import { ServerProcess } from './server-process.ts'

const FILE = { name: 'a.csv', text: itemsCsv([['1', 'A']]) }

/** A template whose rule for names takes for ever over `ENDLESS`: a loop in one call, which nothing inside can end. */
async function endlessTemplate(api: Api, name: string): Promise<{ id: string }> {
  const [sku, names, ...others] = ITEMS.columns
  return api.createTemplate({ ...ITEMS, name, columns: [sku, { ...names, pattern: '(a+)+b' }, ...others] })
}

const ENDLESS = { name: 'endless.csv', text: itemsCsv([['1', 'a'.repeat(60)]]) }

async function workerOn(folder: string, parent: number, job: { id: string }): Promise<number> {
  const found = () => processesOn(parent, stagingOf(folder, job))[0]
  await expect.poll(found, { interval: 5, timeout: 20_000 }).toBeDefined()
  return found() ?? 0
}

test('a job process that gives no sign of life for 30 seconds is ended, whatever holds it up', {
  timeout: 180_000,
}, async () => {
  const { api, folder } = await runServer({ JOB_CONCURRENCY: '2' })
  const [looping, stopped] = [await endlessTemplate(api, 'Looping'), await endlessTemplate(api, 'Stopped')]
  const jobs = [await api.startImport(looping.id, ENDLESS), await api.startImport(stopped.id, ENDLESS)]
  const workers = await Promise.all(jobs.map((job) => workerOn(folder, process.pid, job)))
  process.kill(workers[1] ?? 0, 'SIGSTOP')
  const since = performance.now()
  await expect.poll(() => workers.filter(isAlive), { timeout: 40_000 }).toEqual([])
  expect(performance.now() - since).toBeLessThan(32_000)
  expect(performance.now() - since).toBeGreaterThan(25_000)
  const other = await api.createTemplate(ITEMS)
  expect(await api.import(other.id, FILE)).toMatchObject({ status: 'completed', attempts: 1 })
  for (const job of jobs) {
    await api.ask('POST', `/api/jobs/${job.id}/cancel`)
    expect(await api.settled(job)).toMatchObject({ status: 'cancelled' })
  }
})

test('a job process that crashes in native code costs its job an attempt, and nobody else anything', {
  timeout: 120_000,
}, async () => {
  const { api, folder } = await runServer({ JOB_CONCURRENCY: '2' })
  const [first, second] = [await endlessTemplate(api, 'First'), await endlessTemplate(api, 'Second')]
  const jobs = [await api.startImport(first.id, ENDLESS), await api.startImport(second.id, ENDLESS)]
  const [one, two] = await Promise.all(jobs.map((job) => workerOn(folder, process.pid, job)))
  process.kill(one ?? 0, 'SIGSEGV')
  process.kill(two ?? 0, 'SIGILL')
  for (const job of jobs) {
    await expect.poll(async () => (await api.job(job.id)).attempts, { timeout: 20_000 }).toBe(2)
    await api.ask('POST', `/api/jobs/${job.id}/cancel`)
    expect(await api.settled(job)).toMatchObject({ status: 'cancelled' })
  }
  const other = await api.createTemplate(ITEMS)
  expect(await api.import(other.id, FILE)).toMatchObject({ status: 'completed', attempts: 1 })
})

test('a server that dies again and again does not begin the same job for ever, and its processes go with it', {
  timeout: 180_000,
}, async () => {
  const folder = tempFolder()
  let server = await ServerProcess.start(folder, { JOB_CONCURRENCY: '1' })
  onTestFinished(() => server.kill())
  const template = await endlessTemplate(server.api, 'Endless')
  const job = await server.api.startImport(template.id, ENDLESS)
  const behind = await server.api.startImport(template.id, { name: 'b.csv', text: itemsCsv([['1', 'ab']]) })
  const looping: number[] = []
  for (let life = 1; life <= 3; life++) {
    looping.push(await workerOn(folder, server.pid, job))
    await server.kill()
    await expect.poll(() => looping.filter(isAlive), { timeout: 20_000 }).toEqual([])
    server = await ServerProcess.start(folder, { JOB_CONCURRENCY: '1' })
  }
  const failed = await server.api.settled(job)
  expect(failed).toMatchObject({ status: 'failed', attempts: 3, error: { code: 'poison' } })
  expect(await server.api.settled(behind)).toMatchObject({ status: 'completed', attempts: 1 })
})

test('an import that was committed is never said to have failed, however often what came after it crashed', async () => {
  const folder = tempFolder()
  const before = await runServer({}, folder)
  const template = await before.api.createTemplate(ITEMS)
  const job = await before.api.import(template.id, FILE)
  expect(job.status).toBe('completed')
  await before.stop()
  crashed(folder, job, { strikes: 3 })
  const { api } = await runServer({}, folder)
  expect(await api.settled(job)).toMatchObject({ status: 'completed', error: null, counts: job.counts })
  expect(readTable(folder, job).entriesOfJob).toBe(1)
})

test('an import that was being cancelled when the server went down is cancelled at the start, unless it was committed', async () => {
  const folder = tempFolder()
  const before = await runServer({}, folder)
  const template = await before.api.createTemplate(ITEMS)
  const committed = await before.api.import(template.id, FILE)
  const refused = { name: 'b.csv', text: itemsCsv([['2', 'B', 1, '31/02/2024']]) }
  const failed = await before.api.import(template.id, refused, { on_problems: 'reject' })
  expect([committed.status, failed.status]).toEqual(['completed', 'failed'])
  await before.stop()
  for (const job of [committed, failed]) crashed(folder, job, { strikes: 1, cancelled: true })
  const { api } = await runServer({}, folder)
  expect(await api.settled(committed)).toMatchObject({ status: 'completed', counts: committed.counts, attempts: 1 })
  expect(await api.settled(failed)).toMatchObject({ status: 'cancelled', attempts: 1 })
})

test('an import that was committed before its process was killed leaves no staging and no journal behind', async () => {
  const folder = tempFolder()
  const before = await runServer({}, folder)
  const template = await before.api.createTemplate(ITEMS)
  const job = await before.api.import(template.id, FILE)
  await before.stop()
  crashed(folder, job, { strikes: 1 })
  const staging = dataFolder(folder).staging(job.id)
  for (const file of [staging, `${staging}-journal`]) writeFileSync(file, 'half done')
  const { api } = await runServer({}, folder)
  expect(await api.settled(job)).toMatchObject({ status: 'completed', counts: job.counts })
  expect(readdirSync(path.dirname(staging))).toEqual([])
})

test('what an import refused can be repaired, also when its process died over tidying up after the commit', async () => {
  const folder = tempFolder()
  const before = await runServer({}, folder)
  const template = await before.api.createTemplate({ ...ITEMS, on_problems: 'skip' })
  const refused = Array.from({ length: 300 }, (_, n) => [`R${n}`, 'Refused', 1, '31/02/2024'])
  const job = await before.api.import(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A'], ...refused]) })
  expect(job).toMatchObject({ status: 'completed', counts: { created: 1, problems: 300 } })
  await before.stop()
  dieWriting(dataFolder(folder).staging(job.id))
  crashed(folder, job, { strikes: 3 })
  const { api } = await runServer({}, folder)
  expect(await api.settled(job)).toMatchObject({ status: 'completed', counts: job.counts })
  expect(readdirSync(path.join(folder, 'staging'))).toEqual([`${job.id}.db`])
  const { items } = await api.ask<{ items: unknown[] }>('GET', `/api/jobs/${job.id}/problems`)
  expect(items[0]).toMatchObject({ value: '31/02/2024' })
})

/** Leaves a database as a process does that was killed in a transaction: half written, with the journal to put it back. */
function dieWriting(file: string): void {
  const db = new Database(file)
  db.pragma('cache_size = 1')
  db.exec(`BEGIN; UPDATE refused SET cells = hex(zeroblob(5000))`)
  for (const suffix of ['', '-journal']) copyFileSync(file + suffix, `${file}${suffix}.died`)
  db.exec('ROLLBACK')
  db.close()
  for (const suffix of ['', '-journal']) renameSync(`${file}${suffix}.died`, file + suffix)
}

/** As if a process, or the server, had gone down between the commit in the table and the note of it in app.db. */
function crashed(
  folder: string,
  job: { id: string },
  { strikes, cancelled = false }: { strikes: number; cancelled?: boolean },
): void {
  const db = new Database(dataFolder(folder).appDb)
  const half = `status = 'processing', created = 0, read = 0, strikes = ?, cancel_requested = ?`
  db.prepare(`UPDATE jobs SET ${half} WHERE id = ?`).run(strikes, cancelled ? 1 : 0, job.id)
  db.close()
}
