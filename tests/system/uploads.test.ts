import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { openPage, see, useBrowser } from '../support/browser.ts'
import { exampleFile, ITEMS, itemsCsv, manyItems } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { holdQueue } from '../support/hold-queue.ts'
import { runServer } from '../support/running-server.ts'

useBrowser()

const PLAIN = { javaScriptEnabled: false }
const FEW = itemsCsv([['A1', 'Rake', 5, '28/02/2024']])

test('a file that is no spreadsheet is refused in place with a sentence of its own, and nothing else is lost', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}`)
  await page.evaluate('noted.same = true')
  await choose(page)
  for (const { name, file, sentence, inPage } of wrongFiles()) {
    await page.setInputFiles('#file', file)
    await page.getByRole('button', { name: 'Import this file' }).click()
    await page
      .locator('[data-error]')
      .getByText(inPage ?? sentence)
      .waitFor()
    await see(page, new RegExp(`^${name} · `))
  }
  expect(await chosen(page)).toEqual(['replace', 'reject', '3'])
  expect(await page.evaluate('noted.same')).toBe(true)
  expect(readdirSync(server.context.config.data.upload(''))).toEqual([])
  expect((await server.api.ask<{ items: [] }>('GET', '/api/jobs')).items).toEqual([])

  // A good file goes the way that was chosen before.
  const good = write('good.csv', `x\n\n${FEW}`)
  await page.setInputFiles('#file', good)
  await page.getByRole('button', { name: 'Import this file' }).click()
  await see(page, /^1 created/)
})

test('without JavaScript, the page that refuses a file keeps what was chosen beside it', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const page = await openPage(server, PLAIN)
  await page.goto(`/templates/${template.id}`)
  await choose(page)
  for (const { file, sentence } of wrongFiles()) {
    await page.setInputFiles('#file', file)
    await page.getByRole('button', { name: 'Import this file' }).click()
    await page.locator('[role="alert"]').getByText(sentence).waitFor()
    expect(await chosen(page)).toEqual(['replace', 'reject', '3'])
  }
  expect(readdirSync(server.context.config.data.upload(''))).toEqual([])
})

test('a file that is too large is refused with the limit, before it is sent and without JavaScript', async () => {
  const server = await runServer({ MAX_UPLOAD_MB: '1' })
  const template = await server.api.createTemplate(ITEMS)
  const large = write('large.csv', manyItems(200_000))
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}`)
  await see(page, 'XLSX, XLS, ODS or CSV, up to 1 MB')
  await page.setInputFiles('#file', large)
  await page
    .locator('[data-error]')
    .getByText(/^“large\.csv” has [\d.]+ MB; up to 1(\.0)? MB are taken/)
    .waitFor()

  const plain = await openPage(server, PLAIN)
  await plain.goto(`/templates/${template.id}`)
  await see(plain, 'XLSX, XLS, ODS or CSV, up to 1 MB')
  await choose(plain)
  await plain.setInputFiles('#file', large)
  await plain.getByRole('button', { name: 'Import this file' }).click()
  await plain
    .locator('[role="alert"]')
    .getByText(/^Files up to 1 MB are taken\./)
    .waitFor()
  expect(await chosen(plain)).toEqual(['replace', 'reject', '3'])
  expect(readdirSync(server.context.config.data.upload(''))).toEqual([])
})

test('an impatient double click makes one job, with and without JavaScript', async () => {
  const server = await runServer()
  const held = holdQueue(server)
  for (const [round, options] of [{}, PLAIN].entries()) {
    const template = await server.api.createTemplate({ ...ITEMS, name: `Round ${round}` })
    const page = await openPage(server, options)
    await page.goto(`/templates/${template.id}`)
    await page.setInputFiles('#file', write('few.csv', FEW))
    await page.getByRole('button', { name: 'Import this file' }).dblclick()
    await expect.poll(() => page.url()).toMatch(/\/jobs\//)
    await see(page, 'Pending')
    const { items } = await server.api.ask<{ items: object[] }>('GET', `/api/jobs?template=${template.id}`)
    expect(items).toHaveLength(1)
  }
  held.letGo()
})

test('an upload shows how far it is, and can be stopped', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}`)
  await page.setInputFiles('#file', write('large.csv', manyItems(100_000)))
  const line = await page.context().newCDPSession(page)
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 300 * 1024 }
  await line.send('Network.emulateNetworkConditions', slow)
  await page.getByRole('button', { name: 'Import this file' }).click()
  await see(page, /^Uploading [\d.]+ [KM]B of [\d.]+ MB · [\d.]+ [KM]B\/s$/)
  const percent = async () => Number(await page.locator('[data-bar]').getAttribute('value'))
  const first = await percent()
  await expect.poll(percent, { timeout: 10_000 }).toBeGreaterThan(first)
  expect(await page.getByRole('button', { name: 'Import this file' }).isDisabled()).toBe(true)

  await page.getByRole('button', { name: 'Stop the upload' }).click()
  await see(page, 'Stopped. Nothing was imported.')
  await expect.poll(() => readdirSync(server.context.config.data.upload(''))).toEqual([])
  await line.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 })
  await page.getByRole('button', { name: 'Import this file' }).click()
  await page.waitForURL(/\/jobs\//)
  expect((await server.api.ask<{ items: object[] }>('GET', '/api/jobs')).items).toHaveLength(1)
})

test('an upload whose connection breaks says so, and the next try is the same import', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}`)
  await page.setInputFiles('#file', write('few.csv', FEW))
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Import this file' }).click()
  await see(page, 'The connection was lost. Your file is still chosen: try again.')
  await page.context().setOffline(false)
  await page.getByRole('button', { name: 'Import this file' }).click()
  await page.waitForURL(/\/jobs\//)
  await see(page, /^1 created/)
})

test('going back to the form sends another import', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}`)
  for (const [at, name] of ['one.csv', 'two.csv'].entries()) {
    await page.setInputFiles('#file', write(name, FEW.replace('A1', `A${at}`)))
    await page.getByRole('button', { name: 'Import this file' }).click()
    await page.waitForURL(/\/jobs\//)
    await see(page, /^1 created/)
    if (at === 0) await page.goBack()
  }
  expect(await server.api.records(template.id)).toHaveLength(2)
})

test('a form whose answer was lost is sent again as it is and makes no second job; another file is another import', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}`)
  const address = `**/templates/${template.id}/imports`
  await page.route(address, async (route) => {
    await route.fetch({ maxRedirects: 0 })
    await route.abort('connectionreset')
  })
  const send = page.getByRole('button', { name: 'Import this file' })
  await page.setInputFiles('#file', write('few.csv', FEW))
  await send.click()
  await see(page, 'The connection was lost. Your file is still chosen: try again.')
  await page.unroute(address)
  await send.click()
  await page.waitForURL(/\/jobs\//)
  await see(page, /^1 created/)
  const jobs = async () => (await server.api.ask<{ items: object[] }>('GET', '/api/jobs')).items
  expect(await jobs()).toHaveLength(1)

  await page.goto(`/templates/${template.id}`)
  const key = () => page.locator('#drop input[name="idempotency_key"]').first().inputValue()
  const before = await key()
  await page.setInputFiles('#file', write('other.csv', FEW.replace('A1', 'A2')))
  expect(await key()).not.toBe(before)
})

test('an undo that is confirmed twice is one undo', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const job = await server.api.import(template.id, { name: 'few.csv', text: FEW })
  const page = await openPage(server, PLAIN)
  await page.goto(`/templates/${template.id}/jobs/${job.id}/undo`)
  await page.getByRole('button', { name: /^Undo: removes 1/ }).dblclick()
  // The second click breaks off where the first was going.
  await expect.poll(() => page.url()).toMatch(/\/jobs\/\w+$/)
  await see(page, /^1 removed/)
  expect((await server.api.ask<{ items: object[] }>('GET', '/api/jobs')).items).toHaveLength(2)
})

test('a form that ends too early is refused as cut off, and nothing of it stays', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate(ITEMS)
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}`)
  const head = '--x\r\nContent-Disposition: form-data; name="file"; filename="few.csv"\r\n\r\n'
  const answer = await page.request.post(`/templates/${template.id}/imports`, {
    headers: { 'Content-Type': 'multipart/form-data; boundary=x', Origin: server.url },
    data: Buffer.from(head + FEW),
  })
  expect(answer.status()).toBe(400)
  expect(await answer.text()).toContain('The upload was cut off before its end, so nothing was kept.')
  expect(readdirSync(server.context.config.data.upload(''))).toEqual([])
})

/** Files that are no spreadsheets, whatever their names say, and what is said of each. */
function wrongFiles(): { name: string; file: string; sentence: string; inPage?: string }[] {
  const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010806000000', 'hex')
  const cut = readFileSync(exampleFile('inventory')).subarray(0, 5000)
  const wrong: [name: string, content: Buffer | string, sentence: string, inPage?: string][] = [
    ['photo.xlsx', png, 'This is a PNG picture, not a spreadsheet.'],
    ['empty.csv', '', 'This file is empty: it has 0 bytes.', '“empty.csv” is empty.'],
    ['password.xlsx', readFileSync(PASSWORD), 'This workbook is protected with a password.'],
    ['cut.xlsx', cut, 'This file is cut off: the end of the workbook is missing.'],
    ['page.xls', '<html><table><tr><td>1</td></tr></table></html>', 'This is a web page, not a spreadsheet'],
  ]
  return wrong.map(([name, content, sentence, inPage]) => ({
    name,
    file: write(name, content),
    sentence,
    ...(inPage !== undefined && { inPage }),
  }))
}

const PASSWORD = path.resolve(import.meta.dirname, '../fixtures/password.xlsx')

function write(name: string, content: Buffer | string): string {
  const file = path.join(tempFolder(), name)
  writeFileSync(file, content)
  return file
}

async function choose(page: Page): Promise<void> {
  await page.getByLabel('What the import does').selectOption('Replace the table')
  await page.getByLabel('When rows have problems').selectOption('Change nothing')
  await page.getByText('More options').click()
  await page.getByLabel('Header is in row').fill('3')
}

async function chosen(page: Page): Promise<string[]> {
  const fields = ['What the import does', 'When rows have problems', 'Header is in row']
  return Promise.all(fields.map((label) => page.getByLabel(label).inputValue()))
}
