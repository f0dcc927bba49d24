import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { processesOn } from '../support/processes.ts'
import { runServer } from '../support/running-server.ts'
import { stagingOf } from './disturbed-import.ts'

const IMPORTS = 12
const RECORDS = 2000

/** Every record gets the same price, another one with each file. */
function priced(price: number) {
  const rows = Array.from({ length: RECORDS }, (_, n) => [String(n).padStart(5, '0'), `Item ${n}`, price])
  return { name: `price-${price}.csv`, text: itemsCsv(rows) }
}

test('who looks at a table while imports change it sees it before or after each, and killed ones not at all', async () => {
  const { api, folder } = await runServer()
  const template = await api.createTemplate({ ...ITEMS, mode: 'update' })
  await api.import(template.id, priced(0))
  const seen: unknown[][] = []
  let isOver = false
  const looking = (async () => {
    while (!isOver) {
      const page = `/api/templates/${template.id}/records?limit=200`
      const { items } = await api.ask<{ items: { values: { Price: unknown } }[] }>('GET', page)
      seen.push([...new Set(items.map(({ values }) => values.Price))])
      await setTimeout(5)
    }
  })()
  onTestFinished(async () => {
    isOver = true
    await looking
  })
  let killed = 0
  for (let price = 1; price <= IMPORTS; price++) {
    const job = await api.startImport(template.id, priced(price))
    if (price % 3 === 0) {
      const worker = () => processesOn(process.pid, stagingOf(folder, job))[0]
      await expect.poll(worker, { interval: 1, timeout: 20_000 }).toBeDefined()
      const pid = worker()
      if (pid !== undefined) killed += Number(process.kill(pid, 'SIGKILL'))
    }
    expect(await api.settled(job)).toMatchObject({ status: 'completed', counts: { updated: RECORDS } })
  }
  isOver = true
  await looking
  const prices = seen.map(([price]) => Number(price))
  expect(seen.filter((each) => each.length !== 1)).toEqual([])
  expect(prices).toEqual(prices.toSorted((a, b) => a - b))
  expect(new Set(prices).size).toBeGreaterThan(IMPORTS / 2)
  console.log(`${seen.length} looks at a table that ${IMPORTS} imports changed, ${killed} of them killed in between`)
})
