import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { download, openPage, see, useBrowser } from '../support/browser.ts'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { importFile, seeJob, tableColumn } from '../support/pages.ts'
import { runServer } from '../support/running-server.ts'

useBrowser()

const FIRST = itemsCsv([
  ['A1', 'Rake', 5],
  ['A2', 'Hose', 6],
  ['A3', 'Spade', 7],
])
const SECOND = itemsCsv([
  ['A1', 'Iron rake', 5],
  ['A2', 'Garden hose', 6],
  ['A4', 'Barrow', 8],
])

test('who undoes an import sees before what it would do and what stays, and afterwards what it did', async () => {
  const server = await runServer()
  const { api } = server
  const template = await api.createTemplate({ ...ITEMS, mode: 'replace' })
  await api.import(template.id, { name: 'first.csv', text: FIRST })
  const page = await openPage(server)
  const folder = tempFolder()
  const file = path.join(folder, 'second.csv')
  writeFileSync(file, SECOND)

  await page.goto(`/templates/${template.id}`)
  await importFile(page, file)
  await page.getByRole('link', { name: 'See what would change' }).click()
  await see(page, 'What would change')
  await page.getByRole('link', { name: 'Changed 2' }).click()
  expect(await tableColumn(page, 'Name')).toEqual(['Rake → Iron rake', 'Hose → Garden hose'])
  await page.getByRole('link', { name: 'Back to the review' }).click()
  await page.getByRole('button', { name: /^Replace/ }).click()
  await seeJob(page, 'completed')
  const job = page.url()

  await page.getByRole('link', { name: 'See what changed' }).click()
  await page.getByRole('link', { name: 'Deleted 1' }).click()
  expect(await tableColumn(page, 'Name')).toEqual(['Spade'])
  await page.getByRole('button', { name: 'As CSV' }).click()
  await seeJob(page, 'completed')
  const saved = await download(page, page.getByRole('link', { name: /^Download second_changes\.csv/ }), folder)
  expect(readFileSync(saved, 'utf8').trim().split('\n')).toHaveLength(5)

  await api.ask('PATCH', `/api/templates/${template.id}/records/1`, { values: { Price: 50 } })
  await page.goto(job)
  await page.getByRole('link', { name: 'Undo this import' }).click()
  await see(page, 'Removes 1 record, restores 1 of 2, brings back 1. 1 was changed since and stays as it is.')
  await see(page, '1 record that stays')
  await see(page, 'Changed by ana')
  await page.getByRole('button', { name: 'Undo: removes 1, restores 1, brings back 1' }).click()
  await seeJob(page, 'completed')
  await page.getByRole('link', { name: 'See the 1 record kept' }).click()
  await page.getByRole('link', { name: 'Record 1', exact: true }).click()
  await page.getByRole('link', { name: 'Whole history' }).click()
  await see(page, 'History of record 1')
  const steps = await page.locator('.rows .row-main > p:first-child').allTextContents()
  expect(steps).toEqual([
    'Changed by ana',
    'Changed by the import of second.csv (ana)',
    'Created by the import of first.csv (ana)',
  ])
})

test('a file that was imported before says so, and goes in again only when somebody wants that', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate({ name: 'Log', columns: [{ name: 'SKU', type: 'text' }] })
  await server.api.import(template.id, { name: 'log.csv', text: 'SKU\n1\n2\n' })
  const file = path.join(tempFolder(), 'log.csv')
  writeFileSync(file, 'SKU\n1\n2\n')
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}`)
  await importFile(page, file)
  await see(page, /^ana imported this file on \d+ \w+ \d{4}/)
  await see(page, /so going on adds 2 rows a second time\.$/)
  await page.getByRole('button', { name: 'Cancel import' }).click()
  await seeJob(page, 'cancelled')
  await page.getByRole('button', { name: 'Try this file again' }).click()
  await page.getByRole('button', { name: 'Import 2 rows' }).click()
  await seeJob(page, 'completed')
  expect(await server.api.records(template.id)).toHaveLength(4)
})
