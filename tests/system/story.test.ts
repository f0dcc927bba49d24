import path from 'node:path'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import type { RunningServer } from '../../src/server.ts'
import { createSetupCode } from '../../src/services/set-up-code.ts'
import { download, dropFile, noted, openBrowser, see, useBrowser, waitUntilLive } from '../support/browser.ts'
import { editWorkbook } from '../support/edit-workbook.ts'
import { tempFolder } from '../support/folder.ts'
import { holdQueue } from '../support/hold-queue.ts'
import { figures, tableColumn } from '../support/pages.ts'
import { OWNER, runEmptyServer } from '../support/running-server.ts'

useBrowser()

test('a newcomer comes from the link of the console to an export that was edited and imported again', async () => {
  const server = await runEmptyServer()
  const browser = await openBrowser({ baseURL: server.url })
  let clicks = 0
  await browser.exposeBinding('pressed', () => void clicks++)
  await browser.addInitScript('addEventListener("pointerdown", () => window.pressed(), true)')
  const page = await browser.newPage()
  const folder = tempFolder()

  await setUp(page, server)
  const sample = await startWithExample(page, folder)
  await watchTheImport(page, server, sample)
  const onTheWay = clicks
  await lookThroughTheData(page)
  await changeRecordsByHand(page)
  const aside = clicks - onTheWay
  const exported = await exportData(page, folder)
  await importEdited(page, exported)
  console.log(`from the set-up link to the imported export: ${clicks - aside} clicks; to look around: ${aside}`)
  expect(clicks - aside).toBeLessThanOrEqual(12)
})

async function setUp(page: Page, server: RunningServer): Promise<void> {
  // Whoever has only the address is told where to look.
  await page.goto('/')
  await see(page, /Look at the console in which it was started/)
  await page.goto(`/set-up?code=${createSetupCode(server.context)}`)
  await page.getByLabel('Your name').fill('Ana')
  await page.getByLabel('E-mail').fill(OWNER.email)
  await page.getByLabel('Password').fill(OWNER.password)
  await page.getByRole('button', { name: 'Create my account' }).click()
  await page.waitForURL('**/templates')
}

/** Adds the inventory example and downloads the file that comes with it. */
async function startWithExample(page: Page, folder: string): Promise<string> {
  await see(page, 'Create your first template')
  await page.getByRole('button', { name: 'Start with Inventory items' }).click()
  await page.getByRole('heading', { level: 1, name: 'Inventory items' }).waitFor()
  return download(page, page.getByRole('link', { name: 'inventory.xlsx' }), folder)
}

async function watchTheImport(page: Page, server: RunningServer, sample: string): Promise<void> {
  const held = holdQueue(server)
  await see(page, 'Rows are matched by SKU: known ones are updated, new ones are added, nothing is deleted.')
  await dropFile(page, '.zone-drop', sample)
  await see(page, /^inventory\.xlsx · \d+ KB$/)
  await page.getByRole('button', { name: 'Import this file' }).click()

  await page.waitForURL(/\/jobs\//)
  await see(page, 'Pending')
  await waitUntilLive(page)
  held.letGo()
  await see(page, /^40 created/)
  expect((await noted(page)).states).toEqual(['pending', 'processing', 'completed'])
  await expect.poll(() => page.title()).toMatch(/^✓ Done · inventory\.xlsx/)
  expect(await figures(page)).toMatchObject({ created: '40', updated: '0', unchanged: '0', deleted: '0' })
  await see(page, 'Read as XLSX, sheet “Inventory”, header in row 1.')
}

async function lookThroughTheData(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'See the data' }).click()
  await see(page, '1–25 of 40')
  await page.getByRole('link', { name: 'Next' }).click()
  await see(page, '26–40 of 40')

  await page.getByLabel('Search in all columns').fill('köln')
  await page.keyboard.press('Enter')
  await see(page, /\d records found/)
  expect(new Set(await tableColumn(page, 'Branch'))).toEqual(new Set(['Köln']))
  const categories = await tableColumn(page, 'Category')
  const [category = ''] = categories
  await page.getByLabel('Filter by Category').fill(category.toLowerCase())
  await page.keyboard.press('Enter')
  await page.waitForURL(/filter/)
  expect(await tableColumn(page, 'Category')).toEqual(categories.filter((each) => each === category))
  expect(new Set(categories).size).toBeGreaterThan(1)

  await page.getByLabel('Filter by Name').fill('no such thing')
  await page.keyboard.press('Enter')
  await see(page, 'Nothing fits')
  expect(await page.getByLabel('Filter by Category').inputValue()).toBe(category.toLowerCase())
  await page.getByRole('link', { name: 'Show all records' }).click()
  await page.getByRole('link', { name: 'Price' }).click()
  await page.locator('[aria-sort="ascending"]').waitFor()
  expect(await prices(page)).toEqual((await prices(page)).toSorted((a, b) => a - b))
  await page.getByRole('link', { name: 'Price' }).click()
  await page.locator('[aria-sort="descending"]').waitFor()
  expect(await prices(page)).toEqual((await prices(page)).toSorted((a, b) => b - a))
}

async function changeRecordsByHand(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Add a record' }).click()
  await page.getByLabel('SKU').fill('900001')
  await page.getByLabel('Name').fill('Made by hand')
  await page.getByLabel('Quantity').fill('many')
  await page.getByLabel('Branch').fill('Köln')
  await page.getByRole('button', { name: 'Add record' }).click()
  await see(page, "Quantity: 'many' is not a number")
  await page.getByLabel('Quantity').fill('3')
  await page.getByRole('button', { name: 'Add record' }).click()
  await see(page, 'Record 41 is added.')

  await page.getByRole('link', { name: 'Record 41' }).click()
  await see(page, /^Written by hand, last changed/)
  await page.getByRole('link', { name: 'Delete this record' }).click()
  await page.getByRole('button', { name: 'Delete this record' }).click()
  await see(page, '40 records')

  // Every record says where it comes from.
  await page.getByRole('link', { name: /^1\s*, edit this record/ }).click()
  await see(page, 'inventory.xlsx row 2')
  await page.getByLabel('Price').fill('1,250.5')
  await page.getByLabel('Last counted').fill('2024-02-29')
  await page.getByRole('button', { name: 'Save record' }).click()
  await see(page, 'Saved.')
  await see(page, 'Changed by Ana')
  expect(await page.getByLabel('Price').inputValue()).toBe('1250.5')
}

async function exportData(page: Page, folder: string): Promise<string> {
  await page.getByRole('link', { name: 'Inventory items' }).click()
  await page.getByText('Export', { exact: true }).click()
  await page.getByRole('button', { name: 'Data as XLSX 40 records' }).click()
  await page.waitForURL(/\/jobs\//)
  await see(page, '40 rows written.')
  return download(page, page.getByRole('link', { name: /^Download / }), folder)
}

async function importEdited(page: Page, exported: string): Promise<void> {
  const edited = path.join(path.dirname(exported), 'edited.xlsx')
  editWorkbook(exported, edited, (sheet) => {
    expect(sheet.headers[0]).toBe('__record_id')
    expect(sheet.sheet['!cols']?.[0]?.hidden).toBe(true)
    expect(sheet.value('Price', 2)).toBe(1250.5)
    sheet.write('Price', 3, 0.05)
    sheet.write('Name', 4, 'Renamed – ÄÖÜ 尺寸 "x", y')
    sheet.write('Quantity', 5, 12345)
    sheet.write('SKU', 42, '000001')
    sheet.write('Name', 42, 'New one')
    sheet.write('Branch', 42, 'Łódź')
  })
  await page.getByRole('link', { name: 'Inventory items', exact: true }).click()
  await dropFile(page, '.zone-drop', edited)
  await page.getByRole('button', { name: 'Import this file' }).click()
  await page.waitForURL(/\/jobs\//)
  await see(page, /^1 created, 3 updated/)
  expect(await figures(page)).toMatchObject({ created: '1', updated: '3', unchanged: '37', deleted: '0' })
  await page.getByRole('link', { name: 'See the data' }).click()
  await see(page, '4 records found written by edited.xlsx')
  const names = await tableColumn(page, 'Name')
  expect(names[1]).toBe('Renamed – ÄÖÜ 尺寸 "x", y')
  expect(names[3]).toBe('New one')
  expect((await prices(page))[0]).toBe(0.05)
  expect((await tableColumn(page, 'Quantity'))[2]).toBe('12,345')
  expect(await tableColumn(page, 'From')).toEqual([3, 4, 5, 42].map((row) => `edited.xlsx row ${row}`))
}

async function prices(page: Page): Promise<number[]> {
  return (await tableColumn(page, 'Price')).map((text) => Number(text.replaceAll(',', '')))
}
