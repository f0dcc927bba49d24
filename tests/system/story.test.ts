import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import type { RunningServer } from '../../src/server.ts'
import { createSetupCode } from '../../src/services/set-up-code.ts'
import { dropFile, noted, openBrowser, openPage, see, useBrowser, waitUntilLive } from '../support/browser.ts'
import { editWorkbook, readRows } from '../support/edit-workbook.ts'
import { exampleFile, exampleTemplate, ITEMS, itemsCsv } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { holdQueue } from '../support/hold-queue.ts'
import { columnNames, figures, importFile, tableColumn } from '../support/pages.ts'
import { OWNER, runEmptyServer, runServer } from '../support/running-server.ts'

useBrowser()

const DEATHS = path.resolve(import.meta.dirname, '../fixtures/deaths.xlsx')

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
  await lookThroughTheData(page)
  await changeRecordsByHand(page)
  const exported = await exportData(page, folder)
  await importEdited(page, exported)
  console.log(`clicks from the set-up link to the imported export: ${clicks}`)
  expect(clicks).toBeLessThan(45)
})

test('a template that was proposed from a real file takes that file', async () => {
  const server = await runServer()
  const page = await openPage(server)
  await page.goto('/templates')
  await page.getByRole('link', { name: 'Start from a spreadsheet' }).click()
  await page.setInputFiles('#file', DEATHS)
  await page.getByRole('button', { name: 'Propose columns' }).click()
  await see(page, '6 columns proposed from deaths.xlsx, sheet “arts”: header in row 5, 14 rows looked at.')
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Deaths')
  expect(await columnNames(page)).toEqual(['Name', 'Profession', 'Age', 'Has kids', 'Date of birth', 'Date of death'])
  const born = page.locator('.column', { hasText: 'Type of Date of birth' })
  await born.getByText('date, all 10 fit').waitFor()
  await born.getByText('empty in 4 of 14 rows').waitFor()
  // What people wrote below the table makes text of some columns; who knows the file says so.
  await page.getByLabel('Type of Age').selectOption('whole number')
  await page.getByLabel('Type of Has kids').selectOption('yes or no')
  await page.getByLabel('Type of Date of death').selectOption('date')
  for (const flag of ['required', 'key']) await page.locator('.column').first().getByLabel(flag).check()
  await page.locator('.column').nth(4).getByLabel('required').check()
  await page.getByRole('button', { name: 'Create template' }).click()

  await see(page, /^Rows are matched by Name/)
  await importFile(page, DEATHS)
  await see(page, /^14 rows read\. 10 are ready, 4 have problems\./)
  await page.getByRole('button', { name: 'Import 10 rows' }).click()
  await see(page, /^10 created/)
  await page.getByRole('link', { name: 'See the data' }).click()
  await see(page, 'deaths.xlsx row 6')
  expect((await tableColumn(page, 'Date of death')).slice(0, 3)).toEqual(['2016-01-10', '2016-12-27', '2017-03-18'])
  expect((await tableColumn(page, 'Has kids')).slice(0, 2)).toEqual(['yes', 'yes'])
})

test('a file that replaces the table says first how many records go', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(exampleTemplate('employees'))
  expect((await server.api.import(template.id, exampleFile('employees'))).counts.created).toBe(24)
  const fewer = path.join(tempFolder(), 'june.xlsx')
  editWorkbook(exampleFile('employees'), fewer, (sheet) => {
    for (let row = 20; row >= 18; row--) sheet.deleteRow(row)
    sheet.write('Hours a week', 2, 12.5)
  })
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}`)
  await see(page, /records that the file lacks are deleted, after you have seen how many/)
  await importFile(page, fewer)
  await see(page, 'Needs review')
  await see(page, /3 records are not in it and will be deleted/)
  expect(await figures(page)).toMatchObject({ new: '0', changed: '1', unchanged: '20', deleted: '3' })
  expect(await server.api.records(template.id)).toHaveLength(24)

  await page.getByRole('button', { name: 'Replace: 1 changed, deletes 3 records' }).click()
  await see(page, 'Completed')
  expect(await figures(page)).toMatchObject({ created: '0', updated: '1', unchanged: '20', deleted: '3' })
  await page.getByRole('link', { name: 'See the data' }).click()
  await see(page, /1 record found/)
  await page.getByRole('link', { name: 'Show all' }).click()
  await see(page, '21 records')
})

const WITH_PROBLEMS = [
  'SKU,Name,Category,Branch,Quantity,Price,Last counted,Orderable',
  '000001,Rake,Garden,Köln,5,1.50,28/02/2024,yes',
  '000002,Desk lamp,Offise,Köln,5,1.50,31/02/2024,yes',
  '000003,,Tools,Köln,many,1.50,28/02/2024,yes',
  '000004,Kettle,Kitchen,Köln,5,1.50,28/02/2024,no',
]

test('the policy that was chosen decides what becomes of a file with problems', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(exampleTemplate('inventory'))
  const folder = tempFolder()
  const file = path.join(folder, 'stock.csv')
  writeFileSync(file, WITH_PROBLEMS.join('\n'))
  const page = await openPage(server)
  const importWith = async (policy: string) => {
    await page.goto(`/templates/${template.id}`)
    await page.getByLabel('When rows have problems').selectOption(policy)
    await importFile(page, file)
  }

  await importWith('Change nothing')
  await see(page, 'Failed')
  await see(page, /^2 of 4 rows have problems: .*Quantity \(1\)/)
  await see(page, /Nothing was changed/)
  expect(await server.api.records(template.id)).toHaveLength(0)

  await importWith('Stop and ask me')
  await see(page, /^4 rows read\. 2 are ready, 2 have problems\./)
  await page.getByRole('button', { name: 'Cancel import' }).click()
  await see(page, 'Cancelled')
  expect(await server.api.records(template.id)).toHaveLength(0)

  await importWith('Import the good rows')
  await see(page, /^2 created\. 2 rows refused\./)
  expect(await figures(page)).toMatchObject({ created: '2', refused: '2' })
  await page.getByRole('link', { name: 'See the problems' }).click()
  await see(page, "Last counted: '31/02/2024' is not a date, expected day/month/year, for example 28/02/2024.")
  const lines = await page.locator('.table tbody tr').allInnerTexts()
  expect(lines.map((line) => line.split(/\s+/)[0])).toEqual(['3', '3', '4', '4'])
  await page.locator('.group', { hasText: 'Quantity' }).getByRole('link', { name: 'Show only these' }).click()
  await page.getByRole('link', { name: 'Show all kinds' }).waitFor()
  expect(await page.locator('.table tbody tr').allInnerTexts()).toHaveLength(1)

  const refused = await download(page, page.getByRole('link', { name: /^Download 2 rows/ }), folder)
  const [header, ...rows] = readRows(refused)
  expect(header?.slice(0, 3)).toEqual(['Problem', 'Row in the file', 'SKU'])
  expect(rows.map((row) => row.slice(1, 3))).toEqual([
    ['3', '000002'],
    ['4', '000003'],
  ])
  expect(rows[0]?.[0]).toContain("'31/02/2024' is not a date")

  // The same file, repaired, is what is dropped next.
  const repaired = path.join(folder, 'repaired.xlsx')
  editWorkbook(refused, repaired, (sheet) => {
    sheet.write('Category', 2, 'Office')
    sheet.write('Last counted', 2, '29/02/2024')
    sheet.write('Name', 3, 'Hacksaw')
    sheet.write('Quantity', 3, 7)
  })
  await page.goto(`/templates/${template.id}`)
  await importFile(page, repaired)
  await see(page, /^2 created/)
  expect(await figures(page)).toMatchObject({ created: '2', updated: '0' })
})

test('problems are paged however many there are', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate({ ...ITEMS, on_problems: 'skip' })
  const rows = Array.from({ length: 120 }, (_, n) => [`A${n}`, 'x', 'no number', '28/02/2024'])
  const job = await server.api.import(template.id, { name: 'many.csv', text: itemsCsv(rows) })
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}/jobs/${job.id}/problems`)
  await see(page, '120 rows with problems')
  await see(page, /^Rows 2–121/)
  const seen = new Set<string>()
  for (const last of ['51', '101', '121']) {
    await page.locator('.table tbody tr', { hasText: last }).last().waitFor()
    for (const row of await page.locator('.table tbody th').allInnerTexts()) seen.add(row)
    if (last !== '121') await page.getByRole('link', { name: 'Next' }).click()
  }
  expect(seen.size).toBe(120)
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
  expect(await page.title()).toMatch(/^✓ Done · inventory\.xlsx/)
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
  await see(page, /^Last written by hand/)
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

async function download(page: Page, link: ReturnType<Page['locator']>, folder: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()])
  const saved = path.join(folder, file.suggestedFilename())
  await file.saveAs(saved)
  return saved
}

async function prices(page: Page): Promise<number[]> {
  return (await tableColumn(page, 'Price')).map((text) => Number(text.replaceAll(',', '')))
}
