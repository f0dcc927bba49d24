import { expect, test } from 'vitest'
import { noted, openOwnersBrowser, openPage, see, useBrowser, waitUntilLive } from '../support/browser.ts'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { holdQueue } from '../support/hold-queue.ts'
import { runServer } from '../support/running-server.ts'

useBrowser()

const FEW = itemsCsv([
  ['A1', 'Rake', 5, '28/02/2024'],
  ['A2', 'Hose', 7, '29/02/2024'],
])

test('a page whose socket is refused says that it asks instead, and reaches the end all the same', async () => {
  const server = await runServer()
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
  await expect.poll(() => page.title()).toMatch(/^✓ Done/)
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
  const server = await runServer({}, folder)
  holdQueue(server)
  const template = await server.api.createTemplate(ITEMS)
  const job = await server.api.startImport(template.id, { name: 'stock.csv', text: FEW })
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}/jobs/${job.id}`)
  await waitUntilLive(page)
  await server.stop()
  await page.locator('#live-state:not([data-state="live"])').waitFor()
  // The next life of the server takes up what waits.
  await runServer({ PORT: new URL(server.url).port }, folder)
  await see(page, /^2 created/)
  await waitUntilLive(page)
  expect((await noted(page)).states[0]).toBe('pending')
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
