import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { download, openPage, see, useBrowser } from '../support/browser.ts'
import { editWorkbook, readRows } from '../support/edit-workbook.ts'
import { exampleFile, exampleTemplate, ITEMS } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { columnNames, importFile, seeJob, tableColumn } from '../support/pages.ts'
import { runServer } from '../support/running-server.ts'
import { workbookOf } from '../support/workbook-of.ts'

useBrowser()

const DEATHS = path.resolve(import.meta.dirname, '../fixtures/deaths.xlsx')

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
  await page.getByRole('link', { name: 'See the problems' }).click()
  await see(page, /^arts!/)
  await page.goBack()
  await page.getByRole('button', { name: 'Import 10 rows' }).click()
  await see(page, /^10 created/)
  await page.getByRole('link', { name: 'See the data' }).click()
  await see(page, 'deaths.xlsx row 6')
  expect((await tableColumn(page, 'Date of death')).slice(0, 3)).toEqual(['2016-01-10', '2016-12-27', '2017-03-18'])
  expect((await tableColumn(page, 'Has kids')).slice(0, 2)).toEqual(['yes', 'yes'])
})

test('columns are proposed from another sheet and another row of the file when somebody says so', async () => {
  const server = await runServer()
  const page = await openPage(server)
  await page.goto('/templates/new')
  const prices = [['Prices of May'], ['Sku', 'Price', null], [null, 'net', 'gross'], ['a', 1, 1.2]]
  const file = workbookOf({ Notes: [['Read me']], Prices: prices })
  await page.setInputFiles('#file', file)
  await page.getByRole('button', { name: 'Propose columns' }).click()
  await see(page, /^One column proposed from sheets\.xlsx, sheet “Notes”/)
  await see(page, 'Not looked at: Prices (4 rows).')
  await page.getByText('Read the file in another way').click()
  await page.setInputFiles('#file', file)
  await page.locator('select[name=sheet]').selectOption('Prices (4 rows)')
  await page.getByRole('button', { name: 'Propose columns again' }).click()
  await see(page, /^3 columns proposed from sheets\.xlsx, sheet “Prices”: header in row 3/)
  await see(page, /^The header is in two lines, rows 2 and 3; they were joined/)
  expect(await columnNames(page)).toEqual(['Sku', 'Price net', 'Price gross'])
})

test('a proposal says how a text was read and what was odd in it, and is read in another way', async () => {
  const server = await runServer()
  const page = await openPage(server, { javaScriptEnabled: false })
  await page.goto('/templates/new')
  const file = path.join(tempFolder(), 'stock.csv')
  writeFileSync(file, Buffer.from('sep=,\nSku;Item\na;"Na\xefve\nb;Rake\nc;Hose\n', 'latin1'))
  await page.setInputFiles('#file', file)
  await page.getByRole('button', { name: 'Propose columns' }).click()
  await see(page, 'Read as text in Windows-1252, Western Europe, separated by commas.')
  await page.getByText('Read the file in another way').click()
  await page.setInputFiles('#file', file)
  await page.getByLabel('Separator of a text file').selectOption('Semicolon')
  await page.getByRole('button', { name: 'Propose columns again' }).click()
  await see(page, 'Read as text in Windows-1252, Western Europe, separated by semicolons.')
  await see(page, /^A quotation mark has no pair in row 2/)
  expect(await columnNames(page)).toEqual(['Sku', 'Item'])
})

test('a second table below the one of a proposal is named, and read with it when somebody says so', async () => {
  const server = await runServer()
  const page = await openPage(server, { javaScriptEnabled: false })
  await page.goto('/templates/new')
  const file = workbookOf({ May: [['Code', 'Net'], ['a', 1], ['b', 2], [], ['Scout', 'Sum'], ['Ana', 7], ['Bo', 8]] })
  await page.setInputFiles('#file', file)
  await page.getByRole('button', { name: 'Propose columns' }).click()
  await see(page, /header in row 1, 2 rows looked at\./)
  await see(page, /^Rows 5 to 7 look like a second table \(Scout, Sum\) and were left out/)
  await page.getByText('Read the file in another way').click()
  await page.setInputFiles('#file', file)
  await page.getByLabel('A second table below the first').selectOption('is read as part of the first')
  await page.getByRole('button', { name: 'Propose columns again' }).click()
  await see(page, /header in row 1, 5 rows looked at\./)
})

test('a template is handed out blank or with sample rows, which are imported once they are complete', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(exampleTemplate('employees'))
  const page = await openPage(server)
  const handedOut = async (button: string) => {
    await page.goto(`/templates/${template.id}`)
    await page.getByRole('button', { name: button }).click()
    await seeJob(page, 'completed')
    return download(page, page.getByRole('link', { name: /^Download / }), tempFolder())
  }
  const [header, ...none] = readRows(await handedOut('Blank template'))
  expect(header?.filter((name) => name !== '__record_id')).toEqual(template.columns.map(({ name }) => name))
  expect(none).toEqual([])

  const sample = await handedOut('With sample rows')
  expect(readRows(sample)).toHaveLength(4)
  const complete = path.join(tempFolder(), 'complete.xlsx')
  // What fits a pattern only people know.
  editWorkbook(sample, complete, (sheet) => {
    for (const row of [2, 3, 4]) sheet.write('Employee number', row, `E-000${row}`)
  })
  await page.goto(`/templates/${template.id}`)
  await importFile(page, complete)
  await see(page, /^3 created/)
})

test('columns are dragged into another order, and the preview of the header follows', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}/edit`)
  const preview = () => page.locator('#header-preview .sheet-cell').allInnerTexts()
  expect(await preview()).toEqual(['SKU', 'Name', 'Price', 'Counted'])
  const grips = page.locator('.column-grip')
  await grips.nth(3).dragTo(grips.nth(0), { targetPosition: { x: 5, y: 2 } })
  expect(await columnNames(page)).toEqual(['Counted', 'SKU', 'Name', 'Price'])
  await expect.poll(preview).toEqual(['Counted', 'SKU', 'Name', 'Price'])
  await page.getByRole('button', { name: 'Save changes' }).click()
  await see(page, /^4 columns expected Counted, SKU, Name, Price/)
})

test('a button of the editor that is pressed before the answer to another never undoes it', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}/edit`)
  let answer = () => {}
  const asked = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route('**/edit', async (route) => {
    await asked
    await route.continue()
  })
  await page.getByRole('button', { name: 'Remove Name' }).click()
  await page.getByRole('button', { name: 'Remove Price' }).click()
  await page.getByLabel('Name of column 4').fill('Counted on')
  answer()
  await see(page, /^Saving removes Name/)
  expect(await columnNames(page)).toEqual(['SKU', 'Price', 'Counted on'])
  await page.getByRole('button', { name: 'Remove Price' }).click()
  await expect.poll(() => columnNames(page)).toEqual(['SKU', 'Counted on'])
})

test('whatever takes records or values away says first how many', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(exampleTemplate('employees'))
  await server.api.import(template.id, exampleFile('employees'))
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}/edit`)
  await page.getByRole('button', { name: 'Remove Hours a week' }).click()
  await see(page, /^Saving removes Hours a week and deletes what stands in it in 24 records/)
  await page.getByRole('button', { name: 'Save changes' }).click()
  await see(page, 'Delete these values?')
  // Whoever goes back finds what was typed.
  await page.getByRole('button', { name: 'Back to editing' }).click()
  expect(await columnNames(page)).not.toContain('Hours a week')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByRole('button', { name: 'Save and delete these values' }).click()
  await see(page, /^8 columns expected/)

  await page.goto('/templates')
  await page.getByRole('link', { name: 'Delete… Employees' }).click()
  await page.getByRole('button', { name: 'Delete the template and 24 records' }).click()
  await see(page, 'Create your first template')
})
