import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { JobObject } from '../../src/services/job-object.ts'
import { sweep } from '../../src/services/retention.ts'
import type { Api } from '../support/api.ts'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { runServer } from '../support/running-server.ts'

const HOUR_MS = 3_600_000

const MIXED = {
  name: 'mixed.csv',
  text: itemsCsv([
    ['1', 'Good'],
    ['', 'No key'],
  ]),
}

function filesIn(folder: string): string[] {
  return ['uploads', 'staging', 'exports'].flatMap((each) =>
    readdirSync(path.join(folder, each)).map((name) => `${each}/${name}`),
  )
}

async function exported(api: Api, templateId: string): Promise<JobObject> {
  return api.settled(await api.ask<JobObject>('POST', `/api/templates/${templateId}/exports`, { format: 'csv' }))
}

test('files are kept as long as was asked, and then they go', async () => {
  const { api, folder, context } = await runServer({ KEEP_UPLOADS_HOURS: '2', KEEP_EXPORTS_HOURS: '5' })
  const template = await api.createTemplate({ ...ITEMS, on_problems: 'skip' })
  const job = await api.import(template.id, MIXED)
  const written = await exported(api, template.id)
  const now = Date.now()
  expect(Date.parse(job.expires_at ?? '') - Date.parse(job.finished_at ?? '')).toBeCloseTo(2 * HOUR_MS, -3)
  expect(Date.parse(written.expires_at ?? '') - Date.parse(written.finished_at ?? '')).toBeCloseTo(5 * HOUR_MS, -3)
  const all = [`uploads/${job.id}`, `staging/${job.id}.db`, `exports/${written.id}.csv`]
  expect(filesIn(folder)).toEqual(all)

  expect(sweep(context, { graceMs: HOUR_MS, now: now + 1.9 * HOUR_MS })).toEqual([])
  expect(filesIn(folder)).toEqual(all)
  expect(sweep(context, { graceMs: HOUR_MS, now: now + 2.1 * HOUR_MS })).toEqual(all.slice(0, 2))
  expect(sweep(context, { graceMs: HOUR_MS, now: now + 5.1 * HOUR_MS })).toEqual(all.slice(2))
  expect(filesIn(folder)).toEqual([])
  expect(await api.records(template.id)).toHaveLength(1)
})

test('what is no longer kept is gone, and says so', async () => {
  const { api, context } = await runServer({ KEEP_UPLOADS_HOURS: '0', KEEP_EXPORTS_HOURS: '0' })
  const template = await api.createTemplate({ ...ITEMS, on_problems: 'skip' })
  const job = await api.import(template.id, MIXED)
  const failed = await api.import(template.id, { name: 'x.csv', text: 'Nothing,Here\n1,2' })
  const written = await exported(api, template.id)
  sweep(context, { graceMs: HOUR_MS })
  const refusals = [
    ['GET', `/api/jobs/${written.id}/file`, 'expired'],
    ['GET', `/api/jobs/${job.id}/problems`, 'expired'],
    ['GET', `/api/jobs/${job.id}/problems.xlsx`, 'expired'],
    ['POST', `/api/jobs/${failed.id}/retry`, 'file_gone'],
  ]
  for (const [method = '', route = '', code] of refusals) {
    const { status, body } = await api.request(method, route)
    expect([route, status]).toEqual([route, 410])
    expect(body).toMatchObject({ code, hint: expect.stringMatching(/./) })
  }
  expect(await api.records(template.id)).toHaveLength(1)
})

test('files that a job still needs are never removed, however long it waits', async () => {
  const { api, folder, context } = await runServer({ KEEP_UPLOADS_HOURS: '0', KEEP_EXPORTS_HOURS: '0' })
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, MIXED)
  expect(job.status).toBe('review')
  expect(sweep(context, { graceMs: 0, now: Date.now() + 1000 * HOUR_MS })).toEqual([])
  await api.ask('POST', `/api/jobs/${job.id}/approve`)
  expect(await api.settled(job)).toMatchObject({ status: 'completed', counts: { created: 1 } })
  expect(sweep(context, { graceMs: HOUR_MS })).toEqual([`uploads/${job.id}`, `staging/${job.id}.db`])
  expect(filesIn(folder)).toEqual([])
})

test('a job that is tried again keeps its file, though it had expired', async () => {
  const { api, context } = await runServer({ KEEP_UPLOADS_HOURS: '0' })
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, MIXED)
  await api.ask('POST', `/api/jobs/${job.id}/cancel`)
  await api.ask('POST', `/api/jobs/${job.id}/retry`)
  expect((await api.settled(job)).status).toBe('review')
  expect(sweep(context, { graceMs: HOUR_MS })).toEqual([])
})

test('what belongs to no job goes when it is old, but not an upload that is still coming in, and never a table', async () => {
  const { api, folder, context } = await runServer()
  const template = await api.createTemplate(ITEMS)
  await api.import(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A']]) })
  const tables = () => readdirSync(path.join(folder, 'tables')).sort()
  writeFileSync(path.join(folder, 'tables', 'orphan.db'), '')
  const [known, before] = [filesIn(folder), tables()]
  for (const name of ['old', 'slow', 'new']) {
    mkdirSync(path.join(folder, 'uploads', name))
    writeFileSync(path.join(folder, 'uploads', name, 'original'), 'half a fi')
  }
  for (const name of ['staging/old.db', 'staging/old.db-journal', 'exports/old.xlsx.part', 'exports/new.csv']) {
    writeFileSync(path.join(folder, name), '')
  }
  age(folder, [
    'uploads/old/original',
    'uploads/old',
    'staging/old.db',
    'staging/old.db-journal',
    'exports/old.xlsx.part',
  ])
  // Begun long ago, and its last bytes came just now.
  age(folder, ['uploads/slow'])
  expect(sweep(context, { graceMs: HOUR_MS }).sort()).toEqual([
    'exports/old.xlsx.part',
    'staging/old.db',
    'staging/old.db-journal',
    'uploads/old',
  ])
  expect(filesIn(folder).sort()).toEqual([...known, 'exports/new.csv', 'uploads/new', 'uploads/slow'].sort())
  expect(tables()).toEqual(before)
})

function age(folder: string, names: string[]): void {
  const longAgo = new Date(Date.now() - 2 * HOUR_MS)
  for (const name of names) utimesSync(path.join(folder, name), longAgo, longAgo)
}

test('a start removes what was interrupted, even when the clock has gone back since', async () => {
  const folder = tempFolder()
  const first = await runServer({}, folder)
  const template = await first.api.createTemplate(ITEMS)
  const job = await first.api.import(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A']]) })
  await first.stop()
  mkdirSync(path.join(folder, 'uploads', 'half'))
  const tomorrow = new Date(Date.now() + 24 * HOUR_MS)
  utimesSync(path.join(folder, 'uploads', 'half'), tomorrow, tomorrow)
  const { api } = await runServer({}, folder)
  expect(filesIn(folder)).toEqual([`uploads/${job.id}`])
  expect(await api.records(template.id)).toHaveLength(1)
})
