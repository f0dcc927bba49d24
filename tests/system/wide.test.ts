import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import type { JobObject } from '../../src/services/job-object.ts'
import { createSetupCode } from '../../src/services/set-up-code.ts'
import { openBrowser, openPage, see, useBrowser } from '../support/browser.ts'
import { tempFolder } from '../support/folder.ts'
import { holdQueue } from '../support/hold-queue.ts'
import { columnNames } from '../support/pages.ts'
import { runEmptyServer, runServer } from '../support/running-server.ts'

useBrowser()

type Server = Awaited<ReturnType<typeof runServer>>

/** What somebody types who wants to know whether it becomes part of the page. */
const MARKUP = '<img src=x onerror=window.__xss=1>'
const BUTTON = '<button hx-post="/evil" hx-trigger="load">"\'&amp;</button>'
const LONG = 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'

test('a template of 100 columns is edited and saved, and the focus is in the column that was added', async () => {
  const server = await runServer()
  const columns = Array.from({ length: 100 }, (_, n) => ({ name: `Column ${n + 1}`, type: 'text' }))
  const template = await server.api.createTemplate({ name: 'Wide', columns })
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}/edit`)
  await expect.poll(async () => (await columnNames(page)).length).toBe(100)
  const began = performance.now()
  await page.getByRole('button', { name: 'Add column' }).click()
  await page.locator('.column:nth-child(101) .column-name input:focus').waitFor()
  console.log(`a column is added to 100 in ${Math.round(performance.now() - began)} ms`)
  await page.keyboard.type('The last one')
  await page.locator('#header-preview').getByText('The last one').waitFor()
  await page.getByRole('button', { name: 'Move Column 50 up' }).click()
  await expect.poll(async () => (await columnNames(page)).slice(48, 50)).toEqual(['Column 50', 'Column 49'])
  await page.getByRole('button', { name: 'Save changes' }).click()
  await see(page, /^101 columns expected/)
  expect((await server.api.template(template.id)).columns.at(-1)?.name).toBe('The last one')
})

test('a wide table scrolls in its own frame, under a header and beside a number that stay', async () => {
  const server = await runServer()
  const columns = Array.from({ length: 40 }, (_, n) => ({ name: `Column ${n + 1}`, type: 'text', key: n === 0 }))
  const template = await server.api.createTemplate({ name: 'Wide', columns })
  const rows = Array.from({ length: 60 }, (_, row) => columns.map((_, n) => `r${row}c${n}`).join(','))
  const header = columns.map(({ name }) => name).join(',')
  await server.api.import(template.id, { name: 'wide.csv', text: [header, ...rows].join('\n') })
  const page = await openPage(server, { viewport: { width: 1280, height: 500 } })
  await page.goto(`/templates/${template.id}/records`)
  expect(await overflow(page)).toEqual([])
  const frame = page.locator('.table-frame')
  const place = async (selector: string) => {
    const box = await page.locator(selector).boundingBox()
    return { x: Math.round(box?.x ?? Number.NaN), y: Math.round(box?.y ?? Number.NaN) }
  }
  const [head, number] = ['thead th:nth-child(2)', 'tbody tr:nth-child(12) th']
  const before = { head: await place(head), number: await place(number) }
  await frame.evaluate((element) => element.scrollBy(400, 150))
  const after = { head: await place(head), number: await place(number) }
  expect(after.head).toEqual({ x: before.head.x - 400, y: before.head.y })
  expect(after.number).toEqual({ x: before.number.x, y: before.number.y - 150 })
})

test('on a small phone, no page is wider than the screen, and nothing that people typed becomes part of it', async () => {
  const server = await runServer()
  const addresses = await fillWithEverything(server)
  const page = await openPage(server, { viewport: { width: 360, height: 740 } })
  const wrong: Record<string, string[]> = {}
  for (const [name, address] of Object.entries(addresses)) {
    await page.goto(address)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const found = [...(await overflow(page)), ...(await intruders(page))]
      if (found.length > 0) wrong[`${name}, ${colorScheme}`] = found
    }
  }
  expect(wrong).toEqual({})
})

test('the pages before the first sign-in fit on a small phone, too', async () => {
  const server = await runEmptyServer()
  const page = await (await openBrowser({ baseURL: server.url, viewport: { width: 360, height: 740 } })).newPage()
  for (const address of ['/', '/set-up', `/set-up?code=${createSetupCode(server.context)}`]) {
    await page.goto(address)
    expect(await overflow(page), address).toEqual([])
  }
})

test('a file whose name is markup is chosen, refused and imported as a name', async () => {
  const server = await runServer()
  const template = await server.api.createTemplate({ name: MARKUP, columns: [{ name: BUTTON, type: 'text' }] })
  const file = path.join(tempFolder(), `${MARKUP}.csv`)
  writeFileSync(file, `"${BUTTON.replaceAll('"', '""')}"\n${MARKUP}\n`)
  const page = await openPage(server)
  const held = holdQueue(server)
  const looks: string[][] = []
  for (const sentence of ['Pending', 'This very file is already being imported']) {
    await page.goto(`/templates/${template.id}`)
    await page.setInputFiles('#file', file)
    await see(page, `${MARKUP}.csv · `)
    await page.getByRole('button', { name: 'Import this file' }).click()
    await see(page, sentence)
    // The card may be pushed onto the page that is about to be left.
    if (sentence === 'Pending') await page.waitForURL(/\/jobs\//)
    looks.push(await intruders(page))
  }
  held.letGo()
  await page.locator('.earlier').getByText(`${MARKUP}.csv`).waitFor()
  await page.locator('.toast').getByText(`${MARKUP}.csv`).first().waitFor()
  await page.locator('.table-records').getByText(MARKUP, { exact: true }).waitFor()
  looks.push(await intruders(page))
  expect(looks).toEqual([[], [], []])
})

/** What sticks out of the page, when it can be scrolled sideways. */
async function overflow(page: Page): Promise<string[]> {
  return page.evaluate('sticksOut()')
}

/** Elements that only the texts of `MARKUP` and `BUTTON` could have made. */
async function intruders(page: Page): Promise<string[]> {
  return page.evaluate('intruders()')
}

/** One of everything that has a page, with long and hostile texts everywhere; answers the addresses by what they show. */
async function fillWithEverything(server: Server): Promise<Record<string, string>> {
  const { api } = server
  const columns = [
    { name: 'Key', type: 'text', required: true },
    { name: MARKUP, type: 'text', aliases: [BUTTON] },
    { name: BUTTON, type: 'choice', choices: [MARKUP, BUTTON, LONG] },
    { name: LONG, type: 'number', min: 0 },
    { name: 'Site', type: 'url' },
    ...Array.from({ length: 15 }, (_, n) => ({ name: `Another column ${n}`, type: 'date', date_order: 'dmy' })),
  ]
  const template = await api.createTemplate({
    ...{ name: `${MARKUP} ${LONG}`, description: `${BUTTON} ${LONG}`, key: ['Key'], mode: 'replace' },
    ...{ on_problems: 'review', group: MARKUP, columns },
  })
  const empty = await api.createTemplate({ name: BUTTON, columns: [] })
  const file = (name: string, rows: string[][], header = columns.slice(0, 5).map((column) => column.name)) => ({
    name: `${name} ${MARKUP} ${LONG}.csv`,
    text: [header, ...rows].map((row) => row.map(quoted).join(',')).join('\n'),
  })
  const site = `https://example.org/${LONG}/${LONG}`
  const good = Array.from({ length: 30 }, (_, n) => [`${n} ${LONG}`, MARKUP, BUTTON, '1234567.5', site])
  const bad = [['31', MARKUP, MARKUP + BUTTON, LONG + MARKUP, BUTTON]]
  const done = await api.import(template.id, file('done', good))
  const review = await api.import(template.id, file('review', [...good.slice(3), ...bad]))
  await api.ask('POST', `/api/jobs/${review.id}/cancel`)
  const failed = await api.import(template.id, file('failed', bad), { on_problems: 'reject' })
  const unmatched = await api.import(template.id, file('unmatched', good, [BUTTON, MARKUP, `Schlüssel ${LONG}`]))
  const asks = await api.import(template.id, file('asks', [...good.slice(2), ...bad]))
  const exported = await api.settled(
    await api.ask<JobObject>('POST', `/api/templates/${template.id}/exports`, { format: 'xlsx', content: 'data' }),
  )
  holdQueue(server)
  const waiting = await api.startImport(template.id, file('waiting', good.slice(1)))
  expect([done, review, failed, unmatched, asks, exported, waiting].map(({ status }) => status)).toEqual([
    ...['completed', 'review', 'failed', 'failed', 'review', 'completed', 'pending'],
  ])

  const at = `/templates/${template.id}`
  const job = ({ id }: JobObject) => `${at}/jobs/${id}`
  const [record] = await api.records(template.id)
  await api.ask('PATCH', `/api${at}/records/${record?.id}`, { values: { [MARKUP]: `${LONG} ${MARKUP}` } })
  return {
    templates: '/templates',
    'new template': '/templates/new',
    'no such page': `/${LONG}`,
    settings: '/settings',
    notices: '/notices',
    'all jobs': '/jobs',
    'failed jobs': `/jobs?status=failed&template=${template.id}`,
    template: at,
    'template without columns': `/templates/${empty.id}`,
    'template with settings of an import': `${at}?settings_of=${done.id}`,
    'edit template': `${at}/edit`,
    'delete template': `${at}/delete`,
    records: `${at}/records`,
    'records found': `${at}/records?q=${encodeURIComponent(MARKUP)}`,
    'no records found': `${at}/records?q=nothing${LONG}`,
    'records of an import': `${at}/records?import=${done.id}`,
    'new record': `${at}/records/new`,
    record: `${at}/records/${record?.id}`,
    'history of a record': `${at}/records/${record?.id}/history`,
    'delete record': `${at}/records/${record?.id}/delete`,
    'completed job': job(done),
    'cancelled job': job(review),
    'failed job': job(failed),
    'problems of a failed job': `${job(failed)}/problems`,
    'job with other headers': job(unmatched),
    'job that asks': job(asks),
    'changes of a job that asks': `${job(asks)}/changes?kind=deleted`,
    'problems of a job that asks': `${job(asks)}/problems`,
    'export job': job(exported),
    'waiting job': job(waiting),
    'receipt of a job': `${job(done)}/receipt`,
    'changes of a job': `${job(done)}/changes`,
    undo: `${job(done)}/undo`,
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
