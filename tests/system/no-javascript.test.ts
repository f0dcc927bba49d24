import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createSetupCode } from '../../src/services/set-up-code.ts'
import { openBrowser, openPage, see, useBrowser } from '../support/browser.ts'
import { editWorkbook, readRows } from '../support/edit-workbook.ts'
import { exampleFile, exampleTemplate, ITEMS, itemsCsv } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { holdQueue } from '../support/hold-queue.ts'
import { columnNames, seeJob } from '../support/pages.ts'
import { OWNER, runEmptyServer, runServer } from '../support/running-server.ts'

useBrowser()

const PLAIN = { javaScriptEnabled: false }

test('without JavaScript, a newcomer sets up, imports the example and takes it out again', async () => {
  const server = await runEmptyServer()
  const page = await (await openBrowser({ baseURL: server.url, ...PLAIN })).newPage()
  await page.goto(`/set-up?code=${createSetupCode(server.context)}`)
  await page.getByLabel('Your name').fill('Ana')
  await page.getByLabel('E-mail').fill(OWNER.email)
  await page.getByLabel('Password').fill(OWNER.password)
  await page.getByRole('button', { name: 'Create my account' }).click()
  await page.getByRole('button', { name: 'Start with Inventory items' }).click()

  const held = holdQueue(server)
  await see(page, /^Rows are matched by SKU/)
  await page.setInputFiles('#file', exampleFile('inventory'))
  await page.getByRole('button', { name: 'Import this file' }).click()
  await see(page, 'Pending')
  held.letGo()
  // The page loads itself again until there is nothing to wait for.
  await see(page, /^40 created/)
  expect(await page.locator('meta[http-equiv="refresh"]').count()).toBe(0)

  await page.getByRole('link', { name: 'See the data' }).click()
  await page.getByLabel('Search in all columns').fill('zürich')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await see(page, /^\d+ records found/)
  await page.getByRole('link', { name: 'Show all' }).click()
  await see(page, '40 records')
  await page.getByText('Export', { exact: true }).click()
  await page.getByRole('button', { name: /^Data as XLSX/ }).click()
  await see(page, '40 rows written.')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /^Download / }).click(),
  ])
  const saved = path.join(tempFolder(), 'data.xlsx')
  await file.saveAs(saved)
  expect(readRows(saved)).toHaveLength(41)
})

test('without JavaScript, an import that needs somebody is approved by a form', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(exampleTemplate('employees'))
  await server.api.import(template.id, exampleFile('employees'))
  const fewer = path.join(tempFolder(), 'fewer.xlsx')
  editWorkbook(exampleFile('employees'), fewer, (sheet) => sheet.deleteRow(3))
  const page = await openPage(server, PLAIN)
  await page.goto(`/templates/${template.id}`)
  await page.setInputFiles('#file', fewer)
  await page.getByRole('button', { name: 'Import this file' }).click()
  await page.getByRole('button', { name: /deletes 1 record$/ }).click()
  await seeJob(page, 'completed')
  expect(await server.api.records(template.id)).toHaveLength(23)
})

test('without JavaScript, a file whose header is called otherwise is matched by a form', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const file = path.join(tempFolder(), 'renamed.csv')
  writeFileSync(file, itemsCsv([['A1', 'Rake', 5, '28/02/2024']]).replace('SKU', 'Artikelnummer'))
  const page = await openPage(server, PLAIN)
  await page.goto(`/templates/${template.id}`)
  await page.setInputFiles('#file', file)
  await page.getByRole('button', { name: 'Import this file' }).click()
  await seeJob(page, 'failed')
  await page.getByLabel(/^SKU/).selectOption('Artikelnummer')
  await page.getByRole('button', { name: 'Read the file again' }).click()
  await see(page, /^1 created/)

  // Another file need not be matched again: by the settings of this one, and because the template knows the header now.
  writeFileSync(file, itemsCsv([['A2', 'Hose', 6, '29/02/2024']]).replace('SKU', 'Artikelnummer'))
  await page.getByRole('link', { name: 'Import again with another file' }).click()
  await see(page, /^With the settings of renamed\.csv, with 1 header matched by hand\./)
  await page.setInputFiles('#file', file)
  await page.getByRole('button', { name: 'Import this file' }).click()
  await see(page, /^1 created/)
  const { columns } = await server.api.template(template.id)
  expect(columns.find(({ name }) => name === 'SKU')?.aliases).toEqual(['Artikelnummer'])
})

test('without JavaScript, columns are added, moved and removed by buttons', async () => {
  const server = await runServer()
  const page = await openPage(server, PLAIN)
  await page.goto('/templates/new')
  await page.getByLabel('Name', { exact: true }).fill('Books')
  for (const [at, name] of ['Title', 'Author', 'Pages', 'Shelf'].entries()) {
    await page.getByRole('button', { name: 'Add column' }).click()
    await page.getByLabel(`Name of column ${at + 1}`).fill(name)
  }
  await page.getByLabel('Type of Pages').selectOption('whole number')
  await page.getByRole('button', { name: 'Move column 4 up' }).click()
  await page.getByRole('button', { name: 'Move Title down' }).click()
  await page.getByRole('button', { name: 'Remove Shelf' }).click()
  expect(await columnNames(page)).toEqual(['Author', 'Title', 'Pages'])
  await page.getByRole('button', { name: 'Create template' }).click()
  await see(page, /^3 columns expected/)

  await page.getByRole('link', { name: 'Edit template' }).click()
  expect(await columnNames(page)).toEqual(['Author', 'Title', 'Pages'])
  await page.getByRole('button', { name: 'Remove Title' }).click()
  await see(page, /^Saving removes Title/)
  await page.getByRole('button', { name: 'Save changes' }).click()
  await see(page, /^2 columns expected/)
})

test('without JavaScript, records are added, changed and deleted, and a notice is dismissed', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const page = await openPage(server, PLAIN)
  await page.goto(`/templates/${template.id}/records/new`)
  await page.getByLabel('SKU').fill('A1')
  await page.getByLabel('Price').fill('cheap')
  await page.getByLabel('Counted').fill('2024-02-29')
  await page.getByRole('button', { name: 'Add record' }).click()
  await see(page, "Price: 'cheap' is not a number")
  expect(await page.getByLabel('Counted').inputValue()).toBe('2024-02-29')
  await page.getByLabel('Price').fill('0.05')
  await page.getByRole('button', { name: 'Add record' }).click()
  await page.getByRole('link', { name: 'Record 1', exact: true }).click()
  await page.getByLabel('Name').fill('Rake')
  await page.getByRole('button', { name: 'Save record' }).click()
  await see(page, 'Saved.')
  expect((await server.api.records(template.id))[0]?.values).toMatchObject({ SKU: 'A1', Name: 'Rake', Price: 0.05 })

  await server.api.import(template.id, { name: 'more.csv', text: itemsCsv([['A2', 'Hose', 1, '']]) })
  await page.reload()
  await page.getByRole('button', { name: /^Dismiss: more\.csv is done/ }).click()
  await page.waitForURL('**/records/1**')
  expect(await page.locator('.toast').count()).toBe(0)
  await page.getByRole('link', { name: 'Delete this record' }).click()
  await page.getByRole('button', { name: 'Delete this record' }).click()
  await see(page, '1 record')
})
