import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Health } from '../../src/services/health.ts'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { holdQueue } from '../support/hold-queue.ts'
import { runServer } from '../support/running-server.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

let workspace: Workspace

beforeEach(() => {
  workspace = openWorkspace()
})

afterEach(async () => {
  vi.useRealTimers()
  await workspace.close()
})

test('a server that does its work is up, and says so without a key', async () => {
  const { url } = await runServer()
  const answer = await fetch(`${url}/up`)
  expect([answer.status, await answer.text()]).toEqual([200, 'ok'])
})

test('whether the database can be written is tried with a whole write, and not more than once in ten seconds', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const { context } = workspace
  const written = () => statSync(`${context.config.data.appDb}-wal`).size
  const health = new Health(context, { moves: true })
  const before = written()
  expect(health.trouble()).toBeUndefined()
  const once = written()
  expect(once).toBeGreaterThan(before)
  expect(health.trouble()).toBeUndefined()
  expect(written()).toBe(once)
  vi.advanceTimersByTime(10_001)
  expect(health.trouble()).toBeUndefined()
  expect(written()).toBeGreaterThan(once)
})

test('a database that can not be written is trouble, until it can again', () => {
  const { context } = workspace
  const health = new Health(context, { moves: true })
  context.db.$client.pragma('busy_timeout = 0')
  const other = new Database(context.config.data.appDb)
  other.exec('BEGIN IMMEDIATE')
  expect(health.trouble()).toBe('the database can not be written')
  other.exec('ROLLBACK')
  other.close()
  expect(health.trouble()).toBeUndefined()
})

test('a database that can not be written and a queue that leaves work lying are a 503, until all is well', async () => {
  const server = await runServer()
  const { api, context, url } = server
  const up = async () => {
    const answer = await fetch(`${url}/up`)
    return [answer.status, await answer.text()]
  }
  context.db.$client.pragma('query_only = ON')
  expect(await up()).toEqual([503, 'the database can not be written'])
  context.db.$client.pragma('query_only = OFF')
  expect(await up()).toEqual([200, 'ok'])
  const template = await api.createTemplate(ITEMS)
  const held = holdQueue(server)
  const job = await api.startImport(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A']]) })
  expect(await up()).toEqual([503, 'the queue does not move'])
  held.letGo()
  await api.settled(job)
  expect(await up()).toEqual([200, 'ok'])
})
