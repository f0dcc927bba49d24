import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openPage, see, useBrowser } from '../support/browser.ts'
import { tempFolder } from '../support/folder.ts'
import { importFile, seeJob, tableColumn } from '../support/pages.ts'
import { runServer } from '../support/running-server.ts'

useBrowser()

const VISITS = {
  name: 'Visits',
  key: ['Id'],
  columns: [
    { name: 'Id', type: 'text' },
    { name: 'Day', type: 'date' },
    { name: 'Fee', type: 'number' },
  ],
}

function visitsFile(): string {
  const file = path.join(tempFolder(), 'visits.csv')
  writeFileSync(file, 'Id;Day;Fee\n1;03/04/2025;1.000\n2;05/06/2025;2.500\nTotal;;3.500\n')
  return file
}

test('what a file leaves open is answered with the keyboard, and the table has it as it was meant', async () => {
  const server = await runServer()
  const { id } = await server.api.createTemplate(VISITS)
  const page = await openPage(server)
  await page.goto(`/templates/${id}`)
  await importFile(page, visitsFile())
  await seeJob(page, 'review')
  await page.getByRole('radio', { name: /month\/day\/year/ }).focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Tab')
  // An arrow goes from one answer to the next, as in every group of radio buttons.
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowRight')
  expect(await page.getByRole('radio', { name: /decimal comma/ }).isChecked()).toBe(true)
  expect(await page.getByRole('radio', { name: /leave out/ }).isChecked()).toBe(true)
  await page.keyboard.press('Enter')
  await seeJob(page, 'completed')
  await see(page, /^2 created\. 1 row left out\.$/)
  await page.goto(`/templates/${id}/records`)
  expect(await tableColumn(page, 'Fee')).toEqual(['1,000', '2,500'])
  await page.goto(`/templates/${id}/edit`)
  expect(await page.locator('[name="columns[1][dateOrder]"]').inputValue()).toBe('mdy')
})

test('without JavaScript a file is read again in another way, and its questions are answered', async () => {
  const server = await runServer()
  const { id } = await server.api.createTemplate(VISITS)
  const page = await openPage(server, { javaScriptEnabled: false })
  await page.goto(`/templates/${id}`)
  await importFile(page, visitsFile())
  await see(page, /things are for you to say/)
  await page.getByRole('link', { name: 'Read it again in another way' }).click()
  await page.getByLabel('Dates in text are').selectOption('dmy')
  await page.getByLabel('Numbers in text have a').selectOption('point')
  await page.getByRole('button', { name: 'Read the file again' }).click()
  await see(page, /one thing is for you to say/)
  await page.getByRole('radio', { name: /leave out/ }).check()
  await page.getByRole('button', { name: 'Read 3 rows this way' }).click()
  await see(page, /^2 created/)
  await page.goto(`/templates/${id}/records`)
  expect(await tableColumn(page, 'Fee')).toEqual(['1.0', '2.5'])
})
