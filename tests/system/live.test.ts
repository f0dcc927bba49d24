import { expect, test } from 'vitest'
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
import { ITEMS, itemsCsv, manyItems } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { holdQueue } from '../support/hold-queue.ts'
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
    await see(page, 'Completed', 60_000)
    const { sightings } = await noted(page)
    lags.push(...commits.map((commit) => lagOf(commit, sightings)))
  }
  lags.sort((a, b) => a - b)
  const at = (share: number) => Math.round(lags[Math.ceil(lags.length * share) - 1] ?? 0)
  console.log(`from commit to page: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms, ${lags.length} changes`)
  expect(lags.at(-1)).toBeLessThan(2000)
})

test('the title of the tab and the card tell each state as it comes', async () => {
  const server = await runServer(ONE)
  const held = holdQueue(server)
  const template = await server.api.createTemplate(ITEMS)
  const job = await server.api.startImport(template.id, { name: 'stock.csv', text: manyItems(150_000) })
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}/jobs/${job.id}`)
  await waitUntilLive(page)
  expect(await page.title()).toBe('Waiting · stock.csv · Sheetport')
  held.letGo()
  await see(page, /^150,000 created/, 60_000)
  expect((await noted(page)).states).toEqual(['pending', 'processing', 'completed'])
  const { titles } = await noted(page)
  const percents = titles.flatMap((title) => /^(\d+) % · stock\.csv · Sheetport$/.exec(title)?.[1] ?? []).map(Number)
  expect(percents.length).toBeGreaterThan(2)
  expect(percents).toEqual(percents.toSorted((a, b) => a - b))
  expect(titles.at(-1)).toBe('✓ Done · stock.csv · Sheetport')
})

test('a job that waits says for what, and how far that is', async () => {
  const server = await runServer(ONE)
  const template = await server.api.createTemplate(ITEMS)
  await server.api.startImport(template.id, { name: 'large.csv', text: manyItems(300_000) })
  const job = await server.api.startImport(template.id, { name: 'small.csv', text: FEW })
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}/jobs/${job.id}`)
  await waitUntilLive(page)
  const percent = async () => Number(/large\.csv, (\d+) % done/.exec(await page.locator('.job-line').innerText())?.[1])
  await expect.poll(percent, { timeout: 10_000 }).toBeGreaterThan(0)
  const first = await percent()
  await expect.poll(percent, { timeout: 10_000 }).toBeGreaterThan(first)
  await see(page, /^2 created/, 60_000)
})

test('several jobs are live at once, in the list of all jobs and on the page of their template', async () => {
  const server = await runServer({ JOB_CONCURRENCY: '2' })
  const { api } = server
  const [first, second] = [
    await api.createTemplate({ ...ITEMS, name: 'First' }),
    await api.createTemplate({ ...ITEMS, name: 'Second' }),
  ]
  const browser = await openOwnersBrowser(server)
  const [list, strip] = [await browser.newPage(), await browser.newPage()]
  await list.goto('/jobs')
  await see(list, 'No jobs yet')
  await strip.goto(`/templates/${first.id}`)
  await see(strip, 'Table 0 records')
  for (const page of [list, strip]) await waitUntilLive(page)
  for (const page of [list, strip]) await page.evaluate('noted.same = true')

  await api.startImport(first.id, { name: 'a.csv', text: manyItems(60_000) })
  await api.startImport(second.id, { name: 'b.csv', text: manyItems(60_000) })
  await api.startImport(first.id, { name: 'c.csv', text: FEW })

  const row = (name: string) => list.locator('.job-row', { hasText: name })
  for (const name of ['a.csv', 'b.csv']) await row(name).locator('progress').waitFor()
  await row('c.csv').getByText('Pending').waitFor()
  await strip.locator('article.job', { hasText: 'a.csv' }).getByText('Processing').waitFor()
  await strip
    .locator('article.job', { hasText: 'c.csv' })
    .getByText(/^Waiting for a\.csv/)
    .waitFor()
  expect(await strip.locator('article.job').count()).toBe(2)

  for (const name of ['a.csv', 'b.csv', 'c.csv']) await row(name).getByText('Completed').waitFor({ timeout: 60_000 })
  await strip.locator('.earlier .job-row', { hasText: 'c.csv' }).getByText('Completed').waitFor()
  expect(await strip.locator('article.job').count()).toBe(0)
  // What the jobs wrote is in the table that the page shows, too.
  await see(strip, 'Table 60,002 records')
  for (const page of [list, strip]) expect(await page.evaluate('noted.same')).toBe(true)
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
    await see(page, 'Completed')
    expect((await noted(page)).states).toEqual(['pending', 'processing', 'completed'])
  }
})

test('a page whose socket is refused says that it asks instead, and reaches the end all the same', async () => {
  const server = await runServer(ONE)
  const held = holdQueue(server)
  const template = await server.api.createTemplate(ITEMS)
  const job = await server.api.startImport(template.id, { name: 'stock.csv', text: FEW })
  const page = await openPage(server)
  await page.routeWebSocket(/\/live/, (socket) => socket.close({ code: 1011 }))
  await page.goto(`/templates/${template.id}/jobs/${job.id}`)
  await page.locator('#live-state', { hasText: 'polling every 2 s' }).waitFor()
  held.letGo()
  await see(page, /^2 created/)
  expect((await noted(page)).states.at(0)).toBe('pending')
  expect(await page.title()).toMatch(/^✓ Done/)
})

test('a page whose socket falls silent notices it, asks instead, and is live again when the socket is', async () => {
  const server = await runServer()
  const held = holdQueue(server)
  const template = await server.api.createTemplate(ITEMS)
  const job = await server.api.startImport(template.id, { name: 'stock.csv', text: FEW })
  const page = await openPage(server)
  let silent = false
  await page.routeWebSocket(/\/live/, (socket) => {
    socket.connectToServer().onMessage((message) => {
      if (!silent) socket.send(message)
    })
  })
  await page.goto(`/templates/${template.id}/jobs/${job.id}`)
  await waitUntilLive(page)
  silent = true
  held.letGo()
  // The socket looks alive: nothing but its silence tells.
  await page.locator('#live-state', { hasText: 'polling every 2 s' }).waitFor({ timeout: 17_000 })
  await see(page, /^2 created/)
  expect((await noted(page)).states[0]).toBe('pending')
  silent = false
  await waitUntilLive(page)
})

test('a page whose socket never says a word does not call itself live', async () => {
  const server = await runServer()
  const held = holdQueue(server)
  const template = await server.api.createTemplate(ITEMS)
  const job = await server.api.startImport(template.id, { name: 'stock.csv', text: FEW })
  const page = await openPage(server)
  await page.routeWebSocket(/\/live/, () => {})
  await page.goto(`/templates/${template.id}/jobs/${job.id}`)
  held.letGo()
  await see(page, /^2 created/)
  await page.locator('#live-state', { hasText: 'polling every 2 s' }).waitFor()
  const { states } = await noted(page)
  expect(states.at(-1)).toBe('completed')
})

test('a page outlives a restart of the server', async () => {
  const folder = tempFolder()
  const server = await runServer(ONE, folder)
  const template = await server.api.createTemplate(ITEMS)
  const job = await server.api.startImport(template.id, { name: 'large.csv', text: manyItems(60_000) })
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}/jobs/${job.id}`)
  await waitUntilLive(page)
  await page.evaluate('noted.same = true')
  await server.stop()
  await page.locator('#live-state:not([data-state="live"])').waitFor()
  await runServer({ ...ONE, PORT: new URL(server.url).port }, folder)
  await see(page, /^60,000 created/, 60_000)
  expect(await page.evaluate('noted.same')).toBe(true)
})

test('a page of somebody who signed out elsewhere says so and leads to the sign-in', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const browser = await openOwnersBrowser(server)
  const [here, elsewhere] = [await browser.newPage(), await browser.newPage()]
  await here.goto(`/templates/${template.id}`)
  await waitUntilLive(here)
  await elsewhere.goto('/settings')
  await elsewhere.locator('main').getByRole('button', { name: 'Sign out' }).click()
  await elsewhere.waitForURL('**/sign-in')
  await here.getByRole('link', { name: 'signed out: sign in again' }).click()
  await here.waitForURL(`**/sign-in?next=${encodeURIComponent(`/templates/${template.id}`)}`)
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
  const seen = sightings.find(({ status, doing, rows }) => {
    const phase = Math.max(
      0,
      words.findIndex((word) => doing.startsWith(word)),
    )
    return orderOf(status, phase, Number.parseInt(rows.replaceAll(',', ''), 10) || 0) >= commit.order
  })
  return seen === undefined ? Number.POSITIVE_INFINITY : seen.at - commit.at
}

function orderOf(status: string, phase: number, rows: number): number {
  if (status === 'pending') return 0
  return status === 'processing' ? 1 + phase * 1e9 + rows : 1e12
}
