import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { download, openPage, see, useBrowser } from '../support/browser.ts'
import { editWorkbook, readRows } from '../support/edit-workbook.ts'
import { exampleFile, exampleTemplate, ITEMS, itemsCsv } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { figures, importFile, seeJob } from '../support/pages.ts'
import { runServer } from '../support/running-server.ts'

useBrowser()

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
  await seeJob(page, 'review')
  await see(page, /3 records are not in it and will be deleted/)
  expect(await figures(page)).toMatchObject({ new: '0', changed: '1', unchanged: '20', deleted: '3' })
  expect(await server.api.records(template.id)).toHaveLength(24)

  await page.getByRole('button', { name: 'Replace: 1 changed, deletes 3 records' }).click()
  await seeJob(page, 'completed')
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
  await seeJob(page, 'failed')
  await see(page, /^2 of 4 rows have problems: .*Quantity \(1\)/)
  await see(page, /Nothing was changed/)
  expect(await server.api.records(template.id)).toHaveLength(0)

  await importWith('Stop and ask me')
  await see(page, /^4 rows read\. 2 are ready, 2 have problems\./)
  await page.getByRole('button', { name: 'Cancel import' }).click()
  await seeJob(page, 'cancelled')
  expect(await server.api.records(template.id)).toHaveLength(0)

  await importWith('Import the good rows')
  await see(page, /^2 created\. 2 rows refused\./)
  expect(await figures(page)).toMatchObject({ created: '2', refused: '2' })
  await page.getByRole('link', { name: 'See the problems' }).click()
  await see(page, "Last counted: '31/02/2024' is not a date, expected day/month/year, for example 28/02/2024.")
  await see(page, 'Row 3')
  const lines = await page.locator('.table tbody tr').allInnerTexts()
  // A CSV has no sheets, so a cell is named without one.
  expect(lines.map((line) => line.split(/\s+/).slice(0, 2).join(' '))).toEqual(['3 C3', '3 G3', '4 B4', '4 E4'])
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
  await page.goto(`${page.url()}/problems`)
  await see(page, 'No problems')
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
