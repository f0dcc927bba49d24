import path from 'node:path'
import { expect, test } from 'vitest'
import { writeInventory, writeTroop } from '../../bench/generate-examples.ts'
import { findJobById } from '../../src/db/jobs.ts'
import type { RunningServer } from '../../src/server.ts'
import { PHASES } from '../../src/states.ts'
import {
  noted,
  openOwnersBrowser,
  openPage,
  type Sighting,
  see,
  useBrowser,
  waitUntilLive,
} from '../support/browser.ts'
import { exampleTemplate, ITEMS, itemsCsv, manyItems } from '../support/examples.ts'
import { holdQueue } from '../support/hold-queue.ts'
import { seeJob } from '../support/pages.ts'
import { runServer } from '../support/running-server.ts'

useBrowser()

const ONE = { JOB_CONCURRENCY: '1' }
const FEW = itemsCsv([
  ['A1', 'Rake', 5, '28/02/2024'],
  ['A2', 'Hose', 7, '29/02/2024'],
])

test('every change of a job reaches the page within two seconds', async () => {
  const server = await runServer()
  const page = await openPage(server)
  const lags: number[] = []
  for (let round = 1; lags.length < 30; round++) {
    const held = holdQueue(server)
    const template = await server.api.createTemplate({ ...ITEMS, name: `Round ${round}` })
    const job = await server.api.startImport(template.id, { name: 'measured.csv', text: manyItems(100_000) })
    await page.goto(`/templates/${template.id}/jobs/${job.id}`)
    await waitUntilLive(page)
    const commits = noteCommits(server, job.id)
    held.letGo()
    await seeJob(page, 'completed', 60_000)
    const { sightings } = await noted(page)
    lags.push(...commits.map((commit) => lagOf(commit, sightings)))
  }
  const [p50, p95, most] = [percentile(lags, 0.5), percentile(lags, 0.95), percentile(lags, 1)]
  console.log(`from commit to page: p50 ${p50} ms, p95 ${p95} ms, most ${most} ms, ${lags.length} changes`)
  expect(most).toBeLessThan(2000)
})

test('the title of the tab and the card tell each state as it comes', async () => {
  const server = await runServer(ONE)
  const held = holdQueue(server)
  const template = await server.api.createTemplate(ITEMS)
  const job = await server.api.startImport(template.id, { name: 'stock.csv', text: manyItems(400_000) })
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}/jobs/${job.id}`)
  await waitUntilLive(page)
  expect(await page.title()).toBe('Waiting · stock.csv · Sheetport')
  held.letGo()
  await see(page, /^400,000 created/, 60_000)
  await expect.poll(() => page.title()).toBe('✓ Done · stock.csv · Sheetport')
  const { states, titles } = await noted(page)
  expect(states).toEqual(['pending', 'processing', 'completed'])
  const percents = titles.flatMap((title) => /^(\d+) % · stock\.csv · Sheetport$/.exec(title)?.[1] ?? []).map(Number)
  expect(percents.length).toBeGreaterThan(2)
  expect(percents).toEqual(percents.toSorted((a, b) => a - b))
})

test('27,000 rows of a list and 10,000 of a workbook import at once, live, and the app answers other clicks meanwhile', async () => {
  const server = await runServer({ JOB_CONCURRENCY: '2' })
  const { api, folder } = server
  const [list, workbook] = [path.join(folder, 'advancement.csv'), path.join(folder, 'stock.xlsx')]
  writeTroop(list, 27_000, 150)
  writeInventory(workbook, 10_000)
  const [troop, inventory] = [
    await api.createTemplate(exampleTemplate('troop-advancement')),
    await api.createTemplate(exampleTemplate('inventory')),
  ]
  const held = holdQueue(server)
  const jobs = [await api.startImport(troop.id, list), await api.startImport(inventory.id, workbook)]
  const page = await openPage(server)
  await page.goto(`/templates/${troop.id}/jobs/${jobs[0]?.id}`)
  await waitUntilLive(page)
  held.letGo()

  const times: number[] = []
  const running = async () =>
    (await Promise.all(jobs.map((job) => api.job(job.id)))).some((job) => job.status !== 'completed')
  while (await running()) {
    for (const address of ['/templates', '/jobs', `/templates/${troop.id}`, `/templates/${inventory.id}/records`]) {
      const began = performance.now()
      expect((await page.request.get(address)).status()).toBe(200)
      times.push(performance.now() - began)
    }
  }
  await see(page, /^27,000 created/)
  const onTheWay = (await noted(page)).sightings.filter(
    ({ status, line }) => status === 'processing' && rowsIn(line) > 0,
  )
  expect(onTheWay).not.toEqual([])
  const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)]
  console.log(`${times.length} pages while two files were imported: p50 ${p50} ms, p95 ${p95} ms`)
  expect(p50).toBeLessThan(1000)
})

test('a job that waits says for what, and how far that is', async () => {
  const server = await runServer(ONE)
  const template = await server.api.createTemplate(ITEMS)
  const large = await server.api.startImport(template.id, { name: 'large.csv', text: manyItems(300_000) })
  const job = await server.api.startImport(template.id, { name: 'small.csv', text: FEW })
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}/jobs/${job.id}`)
  await waitUntilLive(page)
  const percent = async () => Number(/large\.csv, (\d+) % done/.exec(await page.locator('.job-line').innerText())?.[1])
  await expect.poll(percent, { timeout: 10_000 }).toBeGreaterThan(0)
  const first = await percent()
  await expect.poll(percent, { timeout: 10_000 }).toBeGreaterThan(first)
  await server.api.ask('POST', `/api/jobs/${large.id}/cancel`)
  await see(page, /^2 created/)
})

test('several jobs are live at once, in the list of all jobs and on the page of their template', async () => {
  const server = await runServer({ JOB_CONCURRENCY: '2' })
  const { api } = server
  const first = await api.createTemplate({ ...ITEMS, name: 'First' })
  const second = await api.createTemplate({ ...ITEMS, name: 'Second' })
  const browser = await openOwnersBrowser(server)
  const [list, strip] = [await browser.newPage(), await browser.newPage()]
  await list.goto('/jobs')
  await see(list, 'No jobs yet')
  await strip.goto(`/templates/${first.id}`)
  await see(strip, 'Table 0 records')
  for (const page of [list, strip]) await waitUntilLive(page)

  const held = holdQueue(server)
  await api.startImport(first.id, { name: 'a.csv', text: manyItems(100_000) })
  await api.startImport(second.id, { name: 'b.csv', text: manyItems(60_000) })
  await api.startImport(first.id, { name: 'c.csv', text: FEW })
  // A row may also name the job that it waits for.
  const row = (name: string) =>
    list.locator('.job-row').filter({ has: list.locator('.job-row-name', { hasText: name }) })
  for (const name of ['a.csv', 'b.csv', 'c.csv']) await row(name).getByText('Pending').waitFor()
  held.letGo()
  const waits = strip.locator('article.job', { hasText: 'c.csv' })
  await waits.getByText(/^Waiting for a\.csv/).waitFor()

  for (const name of ['a.csv', 'b.csv', 'c.csv']) await row(name).getByText('Completed').waitFor({ timeout: 60_000 })
  const all = ['pending', 'processing', 'completed']
  expect(await noted(list)).toMatchObject({ jobs: { 'a.csv': all, 'b.csv': all }, together: 2 })
  await strip.locator('.earlier .job-row', { hasText: 'c.csv' }).getByText('Completed').waitFor()
  expect(await strip.locator('article.job').count()).toBe(0)
  expect((await noted(strip)).jobs).toMatchObject({ 'a.csv': all })
  // What the jobs wrote is in the table that the page shows, too.
  await see(strip, 'Table 100,002 records')
})

test('a click meets what was pressed, also when a push comes before the button is let go', async () => {
  const server = await runServer()
  const { api } = server
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, { name: 'pressed.csv', text: FEW })
  const page = await openPage(server)
  await page.goto('/jobs')
  await waitUntilLive(page)
  await page.evaluate(`document.addEventListener('htmx:ws:before:message:incoming', ({ detail }) => {
    window.pushed ||= detail.message.data.includes('above.csv')
  })`)
  await page.getByRole('link', { name: 'pressed.csv', exact: true }).hover()
  await page.mouse.down()
  // Its row comes above the others, and moves them.
  await api.startImport(template.id, { name: 'above.csv', text: itemsCsv([['A2', 'Spade', 7, '']]) })
  await page.waitForFunction('window.pushed')
  await page.mouse.up()
  await page.waitForURL(`**/jobs/${job.id}`)
})

test('a notice finds the person on a page that is about something else, and stays until it is read', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const page = await openPage(server)
  await page.goto('/settings')
  await waitUntilLive(page)
  expect(await page.locator('.toast').count()).toBe(0)
  const job = await server.api.startImport(template.id, { name: 'good.csv', text: FEW })
  await page.locator('.toast', { hasText: 'good.csv is done: 2 created.' }).waitFor()
  await server.api.import(template.id, { name: 'bad.csv', text: itemsCsv([['A3', 'x', 'no number', '']]) })
  await page.locator('.toast', { hasText: 'bad.csv needs you' }).waitFor()

  await page.goto('/jobs')
  await page.getByRole('link', { name: '2 unread notices' }).click()
  await page.locator('main .row[data-unread="true"]', { hasText: 'bad.csv' }).waitFor()
  await page
    .locator('main')
    .getByRole('link', { name: /^good\.csv/ })
    .click()
  await page.waitForURL(`**/jobs/${job.id}`)
  // The job itself is before the person's eyes.
  await page.getByRole('link', { name: '1 unread notice' }).waitFor()
  await page.getByRole('button', { name: /^Dismiss: bad\.csv/ }).click()
  await page.getByRole('link', { name: 'Notices', exact: true }).waitFor()
  expect(await page.locator('.toast').count()).toBe(0)
})

test('whoever leaves a job and comes back finds it where it is now', async () => {
  const server = await runServer(ONE)
  const held = holdQueue(server)
  const template = await server.api.createTemplate(ITEMS)
  const job = await server.api.startImport(template.id, { name: 'stock.csv', text: FEW })
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}/jobs/${job.id}`)
  await see(page, 'Pending')
  await page.getByRole('link', { name: 'Templates' }).click()
  held.letGo()
  await server.api.settled(job)
  await page.goBack()
  await see(page, /^2 created/)
  await waitUntilLive(page)
})

test('two people watch the same job', async () => {
  const server = await runServer(ONE)
  const held = holdQueue(server)
  const template = await server.api.createTemplate(ITEMS)
  const job = await server.api.startImport(template.id, { name: 'stock.csv', text: FEW })
  const pages = [await openPage(server), await openPage(server)]
  for (const page of pages) {
    await page.goto(`/templates/${template.id}/jobs/${job.id}`)
    await waitUntilLive(page)
  }
  held.letGo()
  for (const page of pages) {
    await seeJob(page, 'completed')
    expect((await noted(page)).states).toEqual(['pending', 'processing', 'completed'])
  }
})

/** `order` grows as the job gets on; `at` is in milliseconds since 1970, with fractions. */
type Commit = { order: number; at: number }

/** Every state of the job that is committed from now on. */
function noteCommits({ context }: RunningServer, jobId: string): Commit[] {
  const commits: Commit[] = []
  context.events.on('job.changed', (event) => {
    if (event.jobId !== jobId) return
    const at = performance.timeOrigin + performance.now()
    const job = findJobById(context.db, jobId)
    if (job === undefined) return
    const order = orderOf(job.status, job.phase === null ? 0 : PHASES.indexOf(job.phase), job.rowsDone)
    if (order > (commits.at(-1)?.order ?? orderOf('pending', 0, 0))) commits.push({ order, at })
  })
  return commits
}

/** How long after the commit this state, or a later one, was to be seen. */
function lagOf(commit: Commit, sightings: Sighting[]): number {
  const words = ['Reading and checking', 'Comparing', 'Importing']
  const seen = sightings.find(({ status, line }) => {
    const phase = words.findIndex((word) => line.startsWith(word))
    return orderOf(status, Math.max(0, phase), rowsIn(line)) >= commit.order
  })
  return seen === undefined ? Number.POSITIVE_INFINITY : seen.at - commit.at
}

/** The rows of "Comparing · 35,000 of 100,000 rows · 2 s". */
function rowsIn(line: string): number {
  return Number(/([\d,]+)(?: of [\d,]+)? rows?/.exec(line)?.[1]?.replaceAll(',', '') ?? 0)
}

function orderOf(status: string, phase: number, rows: number): number {
  if (status === 'pending') return 0
  return status === 'processing' ? 1 + phase * 1e9 + rows : 1e12
}

/** In whole milliseconds. */
function percentile(times: number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0)
}
