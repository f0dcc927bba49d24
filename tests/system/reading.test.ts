import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { encodeText } from '../spreadsheets/csv/encode-text.ts'
import { openPage, see, useBrowser } from '../support/browser.ts'
import { tempFolder } from '../support/folder.ts'
import { importFile, seeJob, tableColumn } from '../support/pages.ts'
import { runServer } from '../support/running-server.ts'
import { workbookOf } from '../support/workbook-of.ts'

useBrowser()

const PRICES = {
  name: 'Prices',
  key: ['Code'],
  columns: [
    { name: 'Code', type: 'text' },
    { name: 'Net', type: 'integer' },
  ],
}

function textFile(text: string | Uint8Array): string {
  const file = path.join(tempFolder(), 'prices.csv')
  writeFileSync(file, text)
  return file
}

test('the page of an import says how a text was read, also what is unusual about its quotes', async () => {
  const server = await runServer()
  const { id } = await server.api.createTemplate(PRICES)
  const page = await openPage(server)
  await page.goto(`/templates/${id}`)
  const text = "'Code';'Net';'Товар'\n'A1';'50';'Молоко; свежее'\n'A2';'30';'Хлеб'\n"
  await importFile(page, textFile(encodeText(text, 'windows-1251')))
  await see(
    page,
    'Read as text in Windows-1251, Cyrillic, separated by semicolons, quoted by apostrophes, header in row 1.',
  )
})

test('without JavaScript, an import that waits reads another sheet and the header row that was said', async () => {
  const server = await runServer()
  const { id } = await server.api.createTemplate(PRICES)
  const page = await openPage(server, { javaScriptEnabled: false })
  await page.goto(`/templates/${id}`)
  const old = [
    ['Code', 'Net'],
    ['A1', 1],
    ['Total', 1],
  ]
  const now = [['Code', 'Net'], ['A1', 1], [], ['Prices of June'], ['Code', 'Net'], ['A2', 2], ['A3', 3]]
  await importFile(page, workbookOf({ Old: old, Now: now }))
  await seeJob(page, 'review')
  await page.getByRole('link', { name: 'Read it again in another way' }).click()
  await page.getByRole('combobox', { name: 'Sheet', exact: true }).selectOption('Now (7 rows)')
  await page.getByLabel('Header is in row').fill('5')
  await page.getByRole('button', { name: 'Read the file again' }).click()
  await see(page, /^2 created/)
  await see(page, 'Read as XLSX, sheet “Now”, header in row 5.')
  await page.goto(`/templates/${id}/records`)
  expect(await tableColumn(page, 'Code')).toEqual(['A2', 'A3'])
})

test('without JavaScript, a failed import of a text with stray quotes is read with them as text', async () => {
  const server = await runServer()
  const { id } = await server.api.createTemplate(PRICES)
  const page = await openPage(server, { javaScriptEnabled: false })
  await page.goto(`/templates/${id}`)
  await importFile(page, textFile('Code,Net\n"x"y,1\nmore of x,2,3\n"z",2\n'))
  await seeJob(page, 'failed')
  await see(page, /A quotation mark in row 2 is out of place/)
  await page.getByRole('link', { name: 'Read it again in another way' }).click()
  await page.getByLabel('Quotes of a text file').selectOption('None: they are text')
  await page.getByRole('button', { name: 'Read the file again' }).click()
  await see(page, /^3 created/)
  await see(page, /with quotation marks as part of the text/)
  await page.goto(`/templates/${id}/records`)
  expect(await tableColumn(page, 'Code')).toEqual(['"x"y', 'more of x', '"z"'])
})

test('without JavaScript, a failed import of a text that names the wrong separator is read with the right one', async () => {
  const server = await runServer()
  const { id } = await server.api.createTemplate(PRICES)
  const page = await openPage(server, { javaScriptEnabled: false })
  await page.goto(`/templates/${id}`)
  await importFile(page, textFile('sep=,\nCode;Net\nA1;1\nA2;2\n'))
  await seeJob(page, 'failed')
  await page.getByLabel('Separator of a text file').selectOption('Semicolon')
  await page.getByRole('button', { name: 'Read the file again' }).click()
  await see(page, /^2 created/)
  await see(page, 'Read as text in UTF-8, separated by semicolons, header in row 1.')
  await page.goto(`/templates/${id}/records`)
  expect(await tableColumn(page, 'Net')).toEqual(['1', '2'])
})

test('without JavaScript, columns are matched by hand after an import, which is done once more, and are remembered', async () => {
  const server = await runServer()
  const { id } = await server.api.createTemplate(PRICES)
  const page = await openPage(server, { javaScriptEnabled: false })
  await page.goto(`/templates/${id}`)
  await importFile(page, textFile('Code,Gross,Charged\nA1,9,1\nA2,9,2\n'))
  await see(page, /^2 created/)
  await page.getByRole('link', { name: 'Import it again, read in another way' }).click()
  await see(page, /known ones are updated/)
  const gross = page.getByLabel('Column for Gross')
  const charged = page.getByLabel('Column for Charged')
  expect(await page.getByRole('rowheader', { name: /^Charged/ }).innerText()).toMatch(/^Charged\s+1 · 2$/)
  await gross.selectOption('Net')
  await charged.selectOption('Net')
  await page.getByLabel('Header is in row').fill('1')
  await page.getByRole('button', { name: 'Import the file again' }).click()
  await see(page, /“Gross” and “Charged” can’t both be read into the same column/)
  expect(await page.getByLabel('Header is in row').inputValue()).toBe('1')
  await gross.selectOption('not imported')
  await page.getByRole('button', { name: 'Import the file again' }).click()
  await page.getByRole('button', { name: /^Import 2 rows/ }).click()
  await see(page, /^2 updated/)

  await page.goto(`/templates/${id}`)
  await importFile(page, textFile('Code,Charged\nA1,3\nA2,2\n'))
  await see(page, /^1 updated, 1 unchanged/)
  await page.goto(`/templates/${id}/records`)
  expect(await tableColumn(page, 'Net')).toEqual(['3', '2'])
})
