import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { jobs } from '../../src/db/schema.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import { signIn } from '../../src/services/sign-in.ts'
import { ITEMS, itemsCsv, manyItems } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { holdQueue } from '../support/hold-queue.ts'
import { OWNER, runServer } from '../support/running-server.ts'
import { shutFolder } from '../support/shut-folder.ts'
import { ServerProcess } from './server-process.ts'

const FILE = { name: 'a.csv', text: itemsCsv([['1', 'A']]) }

test('an upload that can not be stored is refused aloud and leaves nothing behind', async () => {
  const { api, folder } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const uploads = path.join(folder, 'uploads')
  rmSync(uploads, { recursive: true })
  writeFileSync(uploads, 'no folder any more')
  const { status, body } = await api.upload(template.id, FILE)
  expect(status).toBe(503)
  expect(body).toMatchObject({ code: 'no_access', hint: expect.stringContaining('permissions') })
  expect(JSON.stringify(body)).not.toContain(folder)
  expect(await api.ask('GET', '/api/jobs')).toEqual({ items: [], next: null })
})

test('an upload for which no job can be written is refused aloud and its file goes again', async () => {
  const { api, context, folder } = await runServer()
  const template = await api.createTemplate(ITEMS)
  context.db.$client.exec(`CREATE TRIGGER full BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'no more'); END`)
  const { status, body } = await api.upload(template.id, FILE)
  expect(status).toBe(500)
  expect(body).toHaveProperty('reference')
  expect(readdirSync(path.join(folder, 'uploads'))).toEqual([])
  context.db.$client.exec('DROP TRIGGER full')
  expect(await api.import(template.id, FILE)).toMatchObject({ status: 'completed', counts: { created: 1 } })
})

test('when app.db can not grow, uploads are refused, pages answer, and all goes on when there is room', async () => {
  const { api, context, folder } = await runServer()
  const template = await api.createTemplate(ITEMS)
  await api.import(template.id, FILE)
  const { $client } = context.db
  $client.pragma('wal_checkpoint(TRUNCATE)')
  $client.pragma(`max_page_count = ${$client.pragma('page_count', { simple: true })}`)
  let answer = await api.upload(template.id, { name: 'long name '.repeat(15), text: manyItems(3) })
  for (let n = 0; n < 200 && answer.status === 202; n++) {
    answer = await api.upload(template.id, { name: `${'long name '.repeat(15)}${n}`, text: manyItems(4 + n) })
  }
  expect(answer).toMatchObject({ status: 507, body: { code: 'disk_full' } })
  const uploads = readdirSync(path.join(folder, 'uploads')).length
  const { items } = await api.ask<{ items: JobObject[] }>('GET', '/api/jobs?limit=200')
  expect(uploads).toBe(items.length)
  expect(await api.records(template.id)).not.toEqual([])
  $client.pragma('max_page_count = 1000000')
  expect(await api.import(template.id, { name: 'after.csv', text: itemsCsv([['after', 'B']]) })).toMatchObject({
    status: 'completed',
  })
})

test('a job that can not be claimed because nothing can be written waits, and is done when there is room', async () => {
  const { api, context } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const { $client } = context.db
  $client.exec(
    `CREATE TRIGGER full BEFORE UPDATE ON jobs WHEN NEW.status = 'processing'
     BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`,
  )
  const job = await api.startImport(template.id, FILE)
  expect(await api.job(job.id)).toMatchObject({ status: 'pending', attempts: 0 })
  $client.exec('DROP TRIGGER full')
  expect(await api.settled(job)).toMatchObject({ status: 'completed', counts: { created: 1 }, attempts: 1 })
})

test('a job that can not be given back at a start because nothing can be written is given back when there is room', async () => {
  const folder = tempFolder()
  const first = await runServer({}, folder)
  const template = await first.api.createTemplate(ITEMS)
  holdQueue(first)
  const job = await first.api.startImport(template.id, FILE)
  // As a server leaves it that is killed.
  first.context.db.update(jobs).set({ status: 'processing', attempts: 1, strikes: 1 }).run()
  first.context.db.$client.exec(
    `CREATE TRIGGER full BEFORE UPDATE ON jobs WHEN NEW.status = 'pending'
     BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`,
  )
  await first.stop()
  const { api, context } = await runServer({}, folder)
  expect(await api.job(job.id)).toMatchObject({ status: 'processing', attempts: 1 })
  context.db.$client.exec('DROP TRIGGER full')
  expect(await api.settled(job)).toMatchObject({ status: 'completed', counts: { created: 1 }, attempts: 2 })
})

const MEGABYTE = 1024 * 1024
/** A file system of its own in memory, as small as wanted; undefined where none may be mounted. */
function mountSmallDisk(megabytes: number): string | undefined {
  const folder = path.join(tempFolder(), 'disk')
  mkdirSync(folder)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', folder], { stdio: 'pipe' })
  } catch (error) {
    console.log(`A full disk is tried with app.db alone, because none may be mounted here: ${error}`)
    return undefined
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]))
  return folder
}

/** Takes all the room but so many bytes. */
function fill(disk: string, left: number): () => void {
  const { bavail, bsize } = statfsSync(disk)
  const file = path.join(disk, 'filler')
  writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - left)))
  return () => rmSync(file)
}

test('on a full disk uploads are refused, imports fail with a card, signing in and reading go on', async () => {
  const disk = mountSmallDisk(24)
  if (disk === undefined) return
  const { api, context, folder, url } = await runServer({}, path.join(disk, 'data'))
  const template = await api.createTemplate(ITEMS)
  await api.import(template.id, FILE)
  const makeRoom = fill(disk, 1.5 * MEGABYTE)
  // Small enough to be stored, and too large to be staged.
  const failed = await api.import(template.id, { name: 'many.csv', text: manyItems(30_000) })
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'disk_full' } })
  expect(failed.error?.message).toContain('no room')
  expect(readdirSync(path.join(folder, 'staging'))).toEqual([])
  const refused = await api.upload(template.id, { name: 'more.csv', text: manyItems(100_000) })
  expect(refused).toMatchObject({ status: 507, body: { code: 'disk_full' } })
  expect(await signIn(context, { ...OWNER, address: '127.0.0.1' })).toHaveProperty('token')
  expect(await api.records(template.id)).toHaveLength(1)
  expect((await fetch(`${url}/up`)).status).toBe(200)
  makeRoom()
  await api.ask('POST', `/api/jobs/${failed.id}/retry`)
  expect(await api.settled(failed)).toMatchObject({ status: 'completed', counts: { created: 30_000 } })
})

/** Nothing can be added to the folder until the answer is called; where it can't be shut, there is a file in its place. */
function lock(folder: string): () => void {
  return shutFolder(folder) ?? replaceByFile(folder)
}

function replaceByFile(folder: string): () => void {
  renameSync(folder, `${folder}.aside`)
  writeFileSync(folder, '')
  return () => {
    rmSync(folder)
    renameSync(`${folder}.aside`, folder)
  }
}

test('where nothing may be written, uploads and imports are refused in words, and what is there can be read', async () => {
  const { api, folder } = await runServer()
  const template = await api.createTemplate(ITEMS)
  await api.import(template.id, FILE)
  // A table stays open for a moment after a job, and what is open can be written to.
  const open = () => readdirSync(path.join(folder, 'tables')).filter((name) => name.endsWith('-wal'))
  await expect.poll(open, { timeout: 20_000 }).toEqual([])
  const unlock = ['uploads', 'tables'].map((each) => lock(path.join(folder, each)))
  expect(await api.upload(template.id, FILE)).toMatchObject({ status: 503, body: { code: 'no_access' } })
  unlock[0]?.()
  const failed = await api.import(template.id, FILE)
  expect(failed).toMatchObject({
    status: 'failed',
    error: { code: 'no_access', hint: expect.stringMatching(/permissions/) },
  })
  unlock[1]?.()
  expect(await api.records(template.id)).toHaveLength(1)
  await api.ask('POST', `/api/jobs/${failed.id}/retry`)
  expect(await api.settled(failed)).toMatchObject({ status: 'completed', counts: { unchanged: 1 } })
})

test('a server that may not write to its data folder does not start, and says why', { timeout: 120_000 }, async () => {
  const file = path.join(tempFolder(), 'no-folder')
  writeFileSync(file, '')
  const starting = ServerProcess.start(path.join(file, 'data'))
  await expect(starting).rejects.toThrow(/ended with 1: Not allowed: .*permissions of the data folder/)
})

test('a table whose file is damaged fails its own jobs with a sentence, and no others', async () => {
  const { api, folder } = await runServer()
  const broken = await api.createTemplate(ITEMS)
  const whole = await api.createTemplate({ ...ITEMS, name: 'Others' })
  const damage = 'this is no database'.repeat(1000)
  damageTable(folder, broken, damage)
  const [failed, done] = await Promise.all([api.import(broken.id, FILE), api.import(whole.id, FILE)])
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'corrupt_table' } })
  expect(done).toMatchObject({ status: 'completed' })
})

function damageTable(folder: string, { id }: { id: string }, text: string): string {
  const file = path.join(folder, 'tables', `${id}.db`)
  for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true })
  writeFileSync(file, text)
  return file
}

test('a damaged table is named, set aside and never overwritten; a copy from a backup brings it back', async () => {
  const folder = tempFolder()
  const first = await runServer({}, folder)
  const template = await first.api.createTemplate(ITEMS)
  await first.api.import(template.id, FILE)
  await first.stop()
  const file = path.join(folder, 'tables', `${template.id}.db`)
  const backup = readFileSync(file)
  const damage = 'this is no database'.repeat(1000)
  damageTable(folder, template, damage)
  const { api } = await runServer({}, folder)
  const page = await api.request('GET', `/api/templates/${template.id}/records`)
  const aside = readdirSync(path.join(folder, 'tables')).filter((name) => name.includes('.corrupt-'))
  expect(aside).toEqual([expect.stringMatching(new RegExp(`^${template.id}\\.db\\.corrupt-2\\d{3}-`))])
  expect(page).toMatchObject({ status: 503, body: { code: 'corrupt_table' } })
  expect(JSON.stringify(page.body)).toContain(aside[0])
  const failed = await api.import(template.id, FILE)
  expect(failed.error?.message).toContain(aside[0])
  expect(existsSync(file)).toBe(false)
  expect(readFileSync(path.join(folder, 'tables', aside[0] ?? ''), 'utf8')).toBe(damage)
  writeFileSync(file, backup)
  expect(await api.records(template.id)).toHaveLength(1)
  await api.ask('POST', `/api/jobs/${failed.id}/retry`)
  expect(await api.settled(failed)).toMatchObject({ status: 'completed', counts: { unchanged: 1 } })
})

test('a server whose app.db is damaged does not start, and says what to do', async () => {
  const folder = tempFolder()
  writeFileSync(path.join(folder, 'app.db'), 'this is no database'.repeat(1000))
  await expect(ServerProcess.start(folder)).rejects.toThrow(/ended with 65: .*app\.db is damaged .*Nothing was changed/)
})

test('with too many files open uploads are refused in words, no job is blamed, and all goes on afterwards', async () => {
  const folder = tempFolder()
  const server = await ServerProcess.start(folder)
  onTestFinished(() => server.kill())
  const template = await server.api.createTemplate(ITEMS)
  const limit = (files: number) => execFileSync('prlimit', ['--pid', String(server.pid), `--nofile=${files}:4096`])
  let [files = 0] = freeNumbers(server.pid)
  let answer = { status: 0, body: {} as unknown }
  const refused: unknown[] = []
  // One more at a time, until an upload fits; a process for its job may still not.
  while (answer.status !== 202) {
    limit(++files)
    answer = await server.api
      .upload(template.id, FILE)
      .catch(() => ({ status: 0, body: 'the connection was one too many' }))
    if (answer.status !== 202) refused.push(answer)
  }
  expect(refused).toContainEqual({ status: 503, body: expect.objectContaining({ code: 'too_many_files' }) })
  limit(4096)
  const job = await server.api.settled(answer.body as JobObject)
  expect(job, server.output).toMatchObject({ status: 'completed', error: null })
  expect(readdirSync(path.join(folder, 'uploads'))).toHaveLength(1)
})

/** The numbers that the next files to be opened will have. */
function freeNumbers(pid: number): number[] {
  const taken = new Set(readdirSync(`/proc/${pid}/fd`))
  return Array.from({ length: taken.size + 2 }, (_, n) => n).filter((n) => !taken.has(String(n)))
}
