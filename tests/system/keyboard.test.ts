import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import {
  type Focused,
  focused,
  noted,
  openBrowser,
  openPage,
  see,
  useBrowser,
  waitUntilLive,
} from '../support/browser.ts'
import { exampleFile, ITEMS, itemsCsv, manyItems } from '../support/examples.ts'
import { columnNames, seeJob } from '../support/pages.ts'
import { OWNER, runServer } from '../support/running-server.ts'

useBrowser()

test('a file is imported with nothing but the keyboard, and every stop on the way is to be seen', async () => {
  const server = await runServer()
  const page = await (await openBrowser({ baseURL: server.url })).newPage()
  await page.goto('/')
  await page.waitForURL('**/sign-in**')
  await page.keyboard.type(OWNER.email)
  await page.keyboard.press('Tab')
  await page.keyboard.type(OWNER.password)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/templates')

  await tabTo(page, ({ text }) => text === 'Start with Inventory items')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/templates\/\w+$/)
  await tabTo(page, ({ id }) => id === 'file')
  await page.setInputFiles('#file', exampleFile('inventory'))
  await tabTo(page, ({ text }) => text === 'Import this file')
  await page.keyboard.press('Space')
  await page.waitForURL(/\/jobs\//)
  await see(page, /^40 created/)
  await tabTo(page, ({ text }) => text === 'See the data')
  await page.keyboard.press('Enter')
  await see(page, '1–25 of 40')

  await tabTo(page, ({ id }) => id === 'q')
  await page.keyboard.type('malmö')
  await page.keyboard.press('Enter')
  await see(page, /^\d+ records found/)
  await tabTo(page, ({ text }) => text === 'Export')
  await page.keyboard.press('Enter')
  await tabTo(page, ({ text }) => text.startsWith('Data as CSV'))
  await page.keyboard.press('Enter')
  await see(page, /^\d+ rows written/)
})

test('the focus stays on the same control while the card around it is pushed, and is not lost when that control goes', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const job = await server.api.startImport(template.id, { name: 'large.csv', text: manyItems(400_000) })
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}/jobs/${job.id}`)
  await waitUntilLive(page)
  await tabTo(page, ({ text }) => text === 'Cancel')
  await page.evaluate('noted.control = document.activeElement')
  const looks = async () => new Set((await noted(page)).sightings.map(({ line }) => line)).size
  const before = await looks()
  await expect.poll(looks, { timeout: 10_000 }).toBeGreaterThan(before + 1)
  expect((await noted(page)).states.at(-1)).toBe('processing')
  expect(await page.evaluate('noted.control === document.activeElement')).toBe(true)

  await seeJob(page, 'completed', 60_000)
  expect(await focused(page)).toMatchObject({ lost: false, ring: true, inView: true })
  await tabTo(page, ({ text }) => text === 'See the data', 3)
})

test('a key pressed in a card, which loads its page anew, leads back to that card; a click leads nowhere', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const page = await openPage(server)
  const review = async (sku: string) => {
    const rows = [
      [sku, 'Rake', 5, ''],
      ['X', 'Hose', 'dear', ''],
    ]
    const job = await server.api.import(template.id, { name: 'mixed.csv', text: itemsCsv(rows) })
    await page.goto(`/templates/${template.id}/jobs/${job.id}`)
  }
  await review('1')
  await tabTo(page, ({ text }) => text === 'Import 1 row')
  await page.keyboard.press('Enter')
  await seeJob(page, 'completed')
  expect(await focused(page)).toMatchObject({ lost: false, ring: true, inView: true, text: 'mixed.csv' })
  await page.reload()
  expect((await focused(page)).lost).toBe(true)

  await review('2')
  await page.getByRole('button', { name: 'Cancel import' }).click()
  await seeJob(page, 'cancelled')
  expect((await focused(page)).lost).toBe(true)
})

test('what somebody is about to choose stays while jobs come and go around it', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}`)
  await waitUntilLive(page)
  await page.setInputFiles('#file', exampleFile('inventory'))
  await page.getByText('More options').click()
  await page.getByLabel('When rows have problems').selectOption('Change nothing')
  await page.getByRole('textbox', { name: 'Sheet' }).fill('Invent')
  await server.api.import(template.id, { name: 'other.csv', text: itemsCsv([['A1', 'Rake', 5, '']]) })
  await page.locator('.earlier .job-row', { hasText: 'other.csv' }).waitFor()
  await see(page, 'Table 1 record')
  await page.keyboard.type('ory')
  expect(await page.getByRole('textbox', { name: 'Sheet' }).inputValue()).toBe('Inventory')
  expect(await page.getByLabel('When rows have problems').inputValue()).toBe('reject')
  await see(page, /^inventory\.xlsx · /)
})

test('a menu closes with Escape, and a form that was refused leads to what is wrong', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}/records`)
  await tabTo(page, ({ text }) => text === 'Export')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect((await focused(page)).text).toContain('Data as')
  await page.keyboard.press('Escape')
  expect(await focused(page)).toMatchObject({ text: 'Export', ring: true })
  expect(await page.locator('details.menu[open]').count()).toBe(0)

  await page.goto(`/templates/${template.id}/records/new`)
  await page.getByLabel('SKU').fill('1')
  await page.getByLabel('Price').fill('dear')
  await page.keyboard.press('Enter')
  await see(page, "Price: 'dear' is not a number")
  expect((await focused(page)).id).toBe(await page.getByLabel('Price').getAttribute('id'))
})

test('the editor of a template leads the focus to what comes next', async () => {
  const server = await runServer()
  const page = await openPage(server)
  await page.goto('/templates/new')
  await page.getByLabel('Name', { exact: true }).fill('Books')
  for (const [at, name] of ['Title', 'Author', 'Pages'].entries()) {
    await tabTo(page, ({ id }) => id === 'add-column')
    await page.keyboard.press('Enter')
    // A new column wants a name.
    await expect.poll(async () => (await focused(page)).id).toBe(`name-${at}`)
    await page.keyboard.type(name)
  }
  const order = () => columnNames(page)
  await tabTo(page, ({ id }) => id === 'do-up-2')
  await page.keyboard.press('Enter')
  await expect.poll(order).toEqual(['Title', 'Pages', 'Author'])
  expect((await focused(page)).id).toBe('do-up-2')
  // At the top there is nowhere to go up to.
  await page.keyboard.press('Enter')
  await expect.poll(order).toEqual(['Pages', 'Title', 'Author'])
  expect(await focused(page)).toMatchObject({ lost: false, ring: true })
  await tabTo(page, ({ id }) => id === 'do-remove-2')
  await page.keyboard.press('Enter')
  await expect.poll(order).toEqual(['Title', 'Author'])
  expect(await focused(page)).toMatchObject({ lost: false, ring: true, inView: true })
  // Enter in a field saves, whatever buttons stand before the one that does.
  await page.getByLabel('Name', { exact: true }).press('Enter')
  await see(page, /^2 columns expected/)
})

/** Presses Tab until the focus is there; every stop must be visible. */
async function tabTo(page: Page, isThere: (now: Focused) => boolean, atMost = 60): Promise<void> {
  for (let presses = 0; presses < atMost; presses++) {
    await page.keyboard.press('Tab')
    const now = await focused(page)
    if (now.lost) continue
    expect(now, 'where the focus is').toMatchObject({ ring: true, inView: true })
    if (isThere(now)) return
  }
  throw new Error(`${atMost} times Tab did not lead there; now at ${JSON.stringify(await focused(page))}`)
}
