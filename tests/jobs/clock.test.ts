import { existsSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { sweep } from '../../src/services/retention.ts'
import { ITEMS, itemsCsv, manyItems } from '../support/examples.ts'
import { holdQueue } from '../support/hold-queue.ts'
import { runServer } from '../support/running-server.ts'

const DAY = 86_400_000
const START = Date.now()

afterEach(() => void vi.useRealTimers())

/** What everybody asks for the time of day leaps; what runs a timer or measures a duration does not. */
function leap(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: START + ms })
}

test.each([
  ['a day back', -DAY],
  ['a year back', -365 * DAY],
  ['a day ahead', DAY],
  ['a year ahead', 365 * DAY],
])('a clock that leaps %s while imports run and wait loses none, and does them in their order', async (_leap, ms) => {
  const server = await runServer({ JOB_CONCURRENCY: '1' })
  const { api } = server
  const template = await api.createTemplate(ITEMS)
  const queue = holdQueue(server)
  const first = await api.startImport(template.id, { name: 'many.csv', text: manyItems(20_000) })
  const second = await api.startImport(template.id, { name: 'b.csv', text: itemsCsv([['0000001', 'Before the leap']]) })
  leap(ms)
  const third = await api.startImport(template.id, { name: 'c.csv', text: itemsCsv([['0000001', 'After the leap']]) })
  queue.letGo()
  await expect.poll(async () => (await api.job(first.id)).status, { interval: 5 }).toBe('processing')
  leap(0)
  for (const job of [first, second, third]) {
    const { status, attempts, progress } = await api.settled(job)
    expect({ status, attempts }).toEqual({ status: 'completed', attempts: 1 })
    expect(progress.elapsed_ms).toBeGreaterThanOrEqual(0)
    expect(progress.elapsed_ms).toBeLessThan(60_000)
  }
  const [record] = await api.records(template.id, '&q=0000001')
  expect(record?.values.Name).toBe('After the leap')
  const { items } = await api.ask<{ items: { id: string }[] }>('GET', '/api/jobs')
  expect(items.map(({ id }) => id)).toEqual([third.id, second.id, first.id])
})

test('however late it is said to be, the file of a job that has not ended is kept', async () => {
  const server = await runServer()
  const { api, context } = server
  const template = await api.createTemplate(ITEMS)
  holdQueue(server)
  const waiting = await api.startImport(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A']]) })
  leap(3650 * DAY)
  await sweep(context)
  expect(existsSync(context.config.data.upload(waiting.id))).toBe(true)
})
