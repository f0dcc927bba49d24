import { execFile } from 'node:child_process'
import { appendFileSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { backUp } from '../../src/backup/back-up.ts'
import { copySnapshot } from '../../src/backup/copy-database.ts'
import { restore } from '../../src/backup/restore.ts'
import { settle } from '../../src/backup/settle.ts'
import { dataFolder } from '../../src/config.ts'
import { findJobById } from '../../src/db/jobs.ts'
import { connectDb } from '../../src/db/open.ts'
import { deleteTemplateRow, listColumnRows } from '../../src/db/templates.ts'
import { newId } from '../../src/ids.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import {
  baseTemplate,
  CATCHING,
  outcome,
  reach,
  startChanges,
  tooLate,
  whileItRests,
} from '../jobs/disturbed-import.ts'
import { Api } from '../support/api.ts'
import { makeApiKey } from '../support/api-key.ts'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { holdQueue } from '../support/hold-queue.ts'
import { OWNER, runEmptyServer, runServer } from '../support/running-server.ts'

/** So many of the backups that are made during one import are restored and run to their end. */
const RESTORED = 4
const LONG = { timeout: 150_000 }

type Server = Awaited<ReturnType<typeof runServer>>

async function backUpTo(folder: string, { context }: Server, tell: (sentence: string) => void = () => {}) {
  return backUp(context.config, folder, tell)
}

/** A server on the restored backup, asked with a key of its own. */
async function runRestored(backup: string): Promise<Server> {
  const folder = path.join(tempFolder(), 'data')
  await restore(dataFolder(folder), backup)
  const server = await runEmptyServer({ JOB_CONCURRENCY: '1' }, folder)
  return { ...server, folder, api: new Api(server.url, makeApiKey(folder, OWNER.email)), member: undefined as never }
}

type Begun = { folder: string; seen: string; made: Promise<unknown> }

function begin(server: Server, { status, phase }: JobObject): Begun {
  const folder = path.join(tempFolder(), 'backup')
  return { folder, seen: `${status} ${phase}`, made: backUpTo(folder, server) }
}

async function expectSameEnd(server: Server, job: JobObject, backups: Begun[]): Promise<void> {
  await Promise.all(backups.map(({ made }) => made))
  const undisturbed = await outcome(server.api, server.folder, await server.api.settled(job))
  expect(undisturbed).toMatchObject({ status: 'completed', entriesOfJob: 1, intact: 'ok' })
  for (const { folder } of backups) {
    const restored = await runRestored(folder)
    const settled = await restored.api.settled(job)
    expect(await outcome(restored.api, restored.folder, settled)).toEqual(undisturbed)
    await restored.stop()
  }
}

test(
  'backups made at any moment of an import are each a consistent state that runs to the same end',
  LONG,
  async () => {
    const server = await runServer({ JOB_CONCURRENCY: '1' })
    const { api } = server
    const template = await baseTemplate(api, 'Backed up')
    const job = await startChanges(api, template.id)
    const begun: Begun[] = []
    for (let now = job; !/completed|failed/.test(now.status); now = await api.job(job.id)) {
      begun.push(begin(server, now))
      await pause(150)
    }
    await Promise.all(begun.map(({ made }) => made))
    const chosen = begun.filter((_, at) => at % Math.ceil(begun.length / RESTORED) === 0)
    await expectSameEnd(server, job, chosen)
    const seen = [...new Set(begun.map((each) => each.seen))].join(', ')
    console.log(
      `${begun.length} backups during one import (${seen}); ${chosen.length} restored, each with the same end`,
    )
  },
)

// Alone, because the test can't keep hold of the moment while it copies other backups.
test('a backup begun while a table is being changed is a consistent state that runs to the same end', {
  ...LONG,
  ...CATCHING,
}, async () => {
  const server = await runServer({ JOB_CONCURRENCY: '1' })
  const { api } = server
  const template = await baseTemplate(api, 'Backed up')
  const job = await startChanges(api, template.id)
  await reach(api, job, 'applying')
  const whileApplied = await whileItRests(job, async () => {
    const now = await api.job(job.id)
    tooLate(now.phase !== 'applying')
    return begin(server, now)
  })
  await expectSameEnd(server, job, [whileApplied])
})

/** A template whose import waits for a decision, and a copy of app.db from that moment. */
async function copiedInReview() {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const text = itemsCsv([
    ['A1', 'Bolt', 1, '28/02/2024'],
    ['A2', 'Nut', 2, '31/02/2024'],
  ])
  const job = await server.api.import(template.id, { name: 'items.csv', text })
  expect(job.status).toBe('review')
  return { ...server, template, job, ...(await copiedApp(server, template.id)) }
}

/** A copy of app.db as it is now, which `settleNow` brings up to the table as it is then. */
async function copiedApp({ context }: Server, templateId: string) {
  const backup = dataFolder(tempFolder())
  mkdirSync(path.join(backup.root, 'tables'))
  await copySnapshot(context.config.data.appDb, backup.appDb)
  const copy = connectDb(backup.appDb)
  onTestFinished(() => void copy.$client.close())
  const settleNow = async () => {
    const table = backup.table(templateId)
    await copySnapshot(context.config.data.table(templateId), table)
    settle({ copy, live: context.db }, { templateId, table, expiresAt: new Date().toISOString() })
  }
  return { backup, copy, settleNow }
}

test('an import and an undo that are begun and done between the copies are completed in the backup', async () => {
  const server = await runServer()
  const { api } = server
  const template = await api.createTemplate(ITEMS)
  const undone = await api.import(template.id, { name: 'undone.csv', text: itemsCsv([['A1', 'Bolt']]) })
  const { backup, copy, settleNow } = await copiedApp(server, template.id)
  const created = await api.import(template.id, { name: 'new.csv', text: itemsCsv([['B1', 'Nut']]) })
  const undo = await api.settled(await api.ask<JobObject>('POST', `/api/jobs/${undone.id}/undo`))
  expect(undo.status).toBe('completed')
  await settleNow()
  copy.$client.close()
  const restored = await runEmptyServer({}, backup.root)
  const then = new Api(restored.url, makeApiKey(backup.root, OWNER.email))
  for (const job of [undone, created, undo]) {
    expect(await then.job(job.id)).toMatchObject({ status: 'completed', attempts: 1, counts: job.counts })
  }
  expect(await then.records(template.id)).toMatchObject([{ values: { Name: 'Nut' }, import: { file: 'new.csv' } }])
  expect((await then.request('POST', `/api/jobs/${undone.id}/undo`)).status).toBe(409)
  const again = await then.settled(await then.ask<JobObject>('POST', `/api/jobs/${created.id}/undo`))
  expect(again).toMatchObject({ status: 'completed', counts: { deleted: 1 } })
})

test('an undo that waits in the copy and is done in the table is completed in the backup', async () => {
  const server = await runServer()
  const { api } = server
  const template = await api.createTemplate(ITEMS)
  const undone = await api.import(template.id, { name: 'a.csv', text: itemsCsv([['A1', 'Bolt']]) })
  const held = holdQueue(server)
  const undo = await api.ask<JobObject>('POST', `/api/jobs/${undone.id}/undo`)
  const { copy, settleNow } = await copiedApp(server, template.id)
  expect(findJobById(copy, undo.id)?.status).toBe('pending')
  held.letGo()
  await api.settled(undo)
  await settleNow()
  expect(findJobById(copy, undo.id)).toMatchObject({ status: 'completed', attempts: 1, deleted: 1, expiresAt: null })
  expect(findJobById(copy, undone.id)).toMatchObject({ status: 'completed', undoneBy: undo.id })
})

test('an import that is applied between the copies of app.db and its table is completed in the backup', async () => {
  const { api, job, template, copy, settleNow } = await copiedInReview()
  await settleNow()
  expect(findJobById(copy, job.id)?.status).toBe('review')
  await api.ask('POST', `/api/jobs/${job.id}/approve`)
  await api.settled(job)
  await settleNow()
  expect(findJobById(copy, job.id)).toMatchObject({ status: 'completed', created: 1, problems: 1, plan: null })
  const { records } = await api.template(template.id)
  expect(copy.query.templates.findFirst().sync()).toMatchObject({ id: template.id, records })
})

test('columns that are changed between the copies of app.db and their table are in the backup as the table has them', async () => {
  const { api, job, template, copy, context, settleNow } = await copiedInReview()
  await api.ask('POST', `/api/jobs/${job.id}/cancel`)
  const columns = [...ITEMS.columns, { name: 'Shelf', type: 'text' }]
  await api.ask('PATCH', `/api/templates/${template.id}`, { columns })
  expect(listColumnRows(copy, template.id)).toHaveLength(4)
  await settleNow()
  expect(listColumnRows(copy, template.id)).toEqual(listColumnRows(context.db, template.id))
  expect(listColumnRows(copy, template.id)).toHaveLength(5)
})

test('what goes while a backup is made is left out of it, and the rest is whole', async () => {
  const server = await runServer()
  const { api, context } = server
  const [kept, deleted] = [
    await api.createTemplate({ ...ITEMS, name: 'Kept' }),
    await api.createTemplate({ ...ITEMS, name: 'Deleted' }),
  ]
  const text = itemsCsv([['A1', 'Bolt', 1, '31/02/2024']])
  const job = await api.import(kept.id, { name: 'items.csv', text })
  await api.import(deleted.id, { name: 'others.csv', text })
  const folder = path.join(tempFolder(), 'backup')
  const told: string[] = []
  await backUpTo(folder, server, (sentence) => {
    told.push(sentence)
    if (sentence !== 'Copied app.db.') return
    deleteTemplateRow(context.db, deleted.id)
    rmSync(context.config.data.table(deleted.id))
    rmSync(context.config.data.upload(job.id), { recursive: true })
  })
  expect(told).toContain(`'Deleted' was deleted meanwhile and is not in the backup.`)
  const restored = await runRestored(folder)
  const { items } = await restored.api.ask<{ items: { name: string }[] }>('GET', '/api/templates')
  expect(items.map(({ name }) => name)).toEqual(['Kept'])
  expect(await restored.api.job(job.id)).toMatchObject({ status: 'failed', error: { code: 'file_gone' } })
})

async function smallBackup(): Promise<{ server: Server; job: JobObject; folder: string }> {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const job = await server.api.import(template.id, { name: 'a.csv', text: itemsCsv([['A1', 'Bolt', 1, '31/02/2024']]) })
  const folder = path.join(tempFolder(), 'backup')
  await backUpTo(folder, server)
  return { server, job, folder }
}

test('a review in a backup can be looked at and decided after the restore', async () => {
  const { job, folder } = await smallBackup()
  const { api } = await runRestored(folder)
  const { items } = await api.ask<{ items: { value: string }[] }>('GET', `/api/jobs/${job.id}/problems`)
  expect(items).toMatchObject([{ value: '31/02/2024' }])
  await api.ask('POST', `/api/jobs/${job.id}/approve`)
  expect(await api.settled(job)).toMatchObject({ status: 'completed', counts: { created: 0, problems: 1 } })
})

test('a backup is made into an empty folder outside the data folder only', async () => {
  const { server, folder } = await smallBackup()
  await expect(backUpTo(folder, server)).rejects.toThrow('is not empty')
  await expect(backUpTo(path.join(server.folder, 'backup'), server)).rejects.toThrow('lies in the data folder')
  expect(readdirSync(server.folder)).not.toContain('backup')
})

test('a damaged table fails the backup and leaves nothing that looks like one', async () => {
  const { server, job } = await smallBackup()
  writeFileSync(server.context.config.data.table(job.template_id), 'this is no database'.repeat(1000))
  const folder = path.join(tempFolder(), 'backup')
  await expect(backUpTo(folder, server)).rejects.toThrow(/database|malformed/)
  expect(readdirSync(folder)).toEqual([])
})

test.each<[string, (folder: string) => void, string]>([
  ['was changed', (folder) => appendFileSync(path.join(folder, 'app.db'), 'x'), 'app.db has changed since'],
  ['lost a file', (folder) => rmSync(path.join(folder, 'tables'), { recursive: true }), 'is not whole: tables/'],
  ['was never finished', (folder) => rmSync(path.join(folder, 'manifest.json')), 'is no finished backup'],
  [
    'names files elsewhere',
    (folder) =>
      writeFileSync(
        path.join(folder, 'manifest.json'),
        JSON.stringify({ format: 1, made_at: '', files: [{ path: 'tables/../../x', size: 1, sha256: '' }] }),
      ),
    "can't be read",
  ],
])('a backup that %s is not restored', async (_, damage, message) => {
  const { folder } = await smallBackup()
  damage(folder)
  const target = path.join(tempFolder(), 'data')
  await expect(restore(dataFolder(target), folder)).rejects.toThrow(message)
  expect(() => statSync(target)).toThrow('ENOENT')
})

test('a restore overwrites nothing', async () => {
  const { folder } = await smallBackup()
  const target = tempFolder()
  mkdirSync(path.join(target, 'anything'))
  await expect(restore(dataFolder(target), folder)).rejects.toThrow('nothing is overwritten')
  expect(readdirSync(target)).toEqual(['anything'])
})

test('both commands work beside a running server, say what they did, and keep strangers out of the files', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  await server.api.import(template.id, { name: 'a.csv', text: itemsCsv([['A1', 'Bolt', 1, '28/02/2024']]) })
  const folder = path.join(tempFolder(), newId())
  const backup = await run('src/make-backup.ts', [folder], server.folder)
  expect(backup).toMatchObject({ code: 0, stderr: '' })
  expect(backup.stdout).toMatch(/Copied app\.db\.\nCopied the table of 'Items' \(1 of 1\).*\n.*\n.*\nBacked up 3 files/)
  expect(modes(folder)).toEqual([0o600, 0o700])
  const target = path.join(tempFolder(), 'data')
  const restored = await run('src/restore-backup.ts', [folder], target)
  expect(restored).toMatchObject({ code: 0, stderr: '' })
  expect(restored.stdout).toMatch(/Restored 3 files .*\nStart Sheetport with npm start/)
  expect(modes(target)).toEqual([0o600, 0o700])
  expect(await run('src/make-backup.ts', [folder], server.folder)).toMatchObject({ code: 2, stdout: '' })
  expect(await run('src/restore-backup.ts', [folder], target)).toMatchObject({ code: 2, stdout: '' })
})

async function run(program: string, args: string[], folder: string) {
  const options = { env: { DATA_DIR: folder }, cwd: path.resolve(import.meta.dirname, '../..') }
  return promisify(execFile)(process.execPath, [program, ...args], options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )
}

/** The permissions that anything in the folder has, files first. */
function modes(folder: string): number[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(
    (name) => statSync(path.join(folder, name)).mode & 0o777,
  )
  return [...new Set(all)].sort()
}
