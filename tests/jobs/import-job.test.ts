import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { read, utils, write } from 'xlsx'
import { findJobById } from '../../src/db/jobs.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import { exampleFile, exampleTemplate, ITEMS, itemsCsv } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { runServer } from '../support/running-server.ts'
import { stagingOf } from './disturbed-import.ts'

test('a workbook becomes records that know their file and row', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(exampleTemplate('inventory'))
  const job = await api.import(template.id, exampleFile('inventory'))
  expect(job).toMatchObject({ status: 'completed', error: null, attempts: 1, file: { name: 'inventory.xlsx' } })
  expect(job.counts.created).toBe(job.counts.read)
  expect(job.counts.read).toBeGreaterThan(30)
  const records = await api.records(template.id)
  expect(records).toHaveLength(job.counts.read)
  expect(records[0]?.import).toMatchObject({ file: 'inventory.xlsx', row: 2 })
  expect(records.every(({ values }) => /^\d{6}$/.test(String(values.SKU)))).toBe(true)
  expect((await api.template(template.id)).records).toBe(records.length)
})

test('an import keeps the version of the template that it was checked with, whatever becomes of the template', async () => {
  const { api, context } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const checkedWith = (job: JobObject) => findJobById(context.db, job.id)?.details?.templateVersion
  const first = await api.import(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A']]) })
  const changed = await api.ask<{ version: number }>('PATCH', `/api/templates/${template.id}`, {
    columns: [...ITEMS.columns, { name: 'Shelf', type: 'text' }],
  })
  const second = await api.import(template.id, { name: 'b.csv', text: itemsCsv([['2', 'B']]) })
  expect([checkedWith(first), checkedWith(second)]).toEqual([1, 2])
  expect(changed.version).toBe(2)
})

test('the same file again changes nothing and says so', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(exampleTemplate('inventory'))
  const first = await api.import(template.id, exampleFile('inventory'))
  const again = await api.import(template.id, exampleFile('inventory'))
  expect(again.counts).toMatchObject({ created: 0, updated: 0, deleted: 0, unchanged: first.counts.read })
  expect(again.progress.message).toMatch(/^No changes needed/)
})

test('an export that was edited comes back as exactly what was edited', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(exampleTemplate('inventory'))
  await api.import(template.id, exampleFile('inventory'))
  const before = await api.records(template.id)

  const workbook = read(await api.export(template.id, { format: 'xlsx', content: 'data' }), { cellNF: true })
  const sheet = workbook.Sheets[workbook.SheetNames[0] ?? '']
  if (sheet === undefined) throw new Error('the export has no sheet')
  expect(sheet.A1?.v).toBe('__record_id')
  const column = (header: string) =>
    Object.keys(sheet)
      .find((cell) => /^[A-Z]+1$/.test(cell) && sheet[cell].v === header)
      ?.slice(0, -1)
  const [name, price, sku, branch] = [column('Name'), column('Price'), column('SKU'), column('Branch')]
  // A person renames a header, changes three cells and adds a row.
  sheet[`${name}1`] = { t: 's', v: 'What it is called' }
  sheet[`${name}3`] = { t: 's', v: 'Renamed – ÄÖÜ 尺寸 "x", y' }
  sheet[`${price}4`] = { t: 'n', v: 12.5 }
  sheet[`${price}5`] = { t: 'n', v: 0.05 }
  const last = before.length + 2
  sheet[`${sku}${last}`] = { t: 's', v: '000000' }
  sheet[`${name}${last}`] = { t: 's', v: 'New one' }
  sheet[`${branch}${last}`] = { t: 's', v: 'North' }
  const range = utils.decode_range(sheet['!ref'] ?? 'A1')
  sheet['!ref'] = utils.encode_range({ s: range.s, e: { c: range.e.c, r: last - 1 } })
  const edited = path.join(tempFolder(), 'edited.xlsx')
  writeFileSync(edited, write(workbook, { type: 'buffer', bookType: 'xlsx' }))

  const job = await api.import(template.id, edited)
  expect(job).toMatchObject({ status: 'completed', counts: { created: 1, updated: 3, deleted: 0, problems: 0 } })
  const after = await api.records(template.id)
  const changed = after.filter((record, at) => JSON.stringify(record.values) !== JSON.stringify(before[at]?.values))
  expect(changed.map(({ values }) => [values.Name, values.Price])).toEqual([
    ['Renamed – ÄÖÜ 尺寸 "x", y', before[1]?.values.Price],
    [before[2]?.values.Name, 12.5],
    [before[3]?.values.Name, 0.05],
    ['New one', null],
  ])
})

test('a CSV export comes back unchanged', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(exampleTemplate('inventory'))
  const first = await api.import(template.id, exampleFile('inventory'))
  const file = path.join(tempFolder(), 'data.csv')
  writeFileSync(file, await api.export(template.id, { format: 'csv', content: 'data' }))
  const again = await api.import(template.id, file)
  expect(again.counts).toMatchObject({ created: 0, updated: 0, unchanged: first.counts.read, problems: 0 })
})

test('the blank template and the one with sample rows can be filled in and imported', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const blank = read(await api.export(template.id, { format: 'xlsx', content: 'template' }))
  expect(utils.sheet_to_json(blank.Sheets.Items ?? {}, { header: 1 })).toEqual([
    ['__record_id', 'SKU', 'Name', 'Price', 'Counted'],
  ])
  const sample = path.join(tempFolder(), 'sample.xlsx')
  writeFileSync(sample, await api.export(template.id, { format: 'xlsx', content: 'sample' }))
  expect((await api.import(template.id, sample)).counts).toMatchObject({ created: 3, problems: 0 })
})

test('in mode replace, records that the file no longer has go once a person has said yes to the number', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate({ ...ITEMS, mode: 'replace' })
  await api.import(template.id, {
    name: 'all.csv',
    text: itemsCsv([
      ['1', 'A'],
      ['2', 'B'],
      ['3', 'C'],
    ]),
  })
  const review = await api.import(template.id, {
    name: 'fewer.csv',
    text: itemsCsv([
      ['1', 'A'],
      ['2', 'changed'],
    ]),
  })
  expect(review).toMatchObject({ status: 'review', counts: { updated: 1, unchanged: 1, deleted: 1 } })
  expect(await api.records(template.id)).toHaveLength(3)
  await api.ask('POST', `/api/jobs/${review.id}/approve`)
  expect(await api.settled(review)).toMatchObject({ status: 'completed', counts: { updated: 1, deleted: 1 } })
  expect((await api.records(template.id)).map(({ values }) => values.Name)).toEqual(['A', 'changed'])
})

test('a plan that was approved is carried out by a later version, which stages otherwise and reads the file once more', async () => {
  const { api, folder } = await runServer()
  const template = await api.createTemplate({ ...ITEMS, on_problems: 'review' })
  const text = itemsCsv([
    ['1', 'A'],
    ['2', 'B', 'dear'],
  ])
  const review = await api.import(template.id, { name: 'items.csv', text })
  expect(review).toMatchObject({ status: 'review', counts: { created: 1, problems: 1 } })
  const staging = new Database(stagingOf(folder, review))
  staging.exec(`UPDATE meta SET value = 'of an earlier version' WHERE key = 'fingerprint'; DROP TABLE rows`)
  staging.close()
  await api.ask('POST', `/api/jobs/${review.id}/approve`)
  expect(await api.settled(review)).toMatchObject({ status: 'completed', counts: { created: 1, problems: 1 } })
  expect((await api.records(template.id)).map(({ values }) => values.Name)).toEqual(['A'])
})

test('a plan that was approved is asked about again when the table changed what it would do', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate({ ...ITEMS, mode: 'replace' })
  await api.import(template.id, {
    name: 'all.csv',
    text: itemsCsv([
      ['1', 'A'],
      ['2', 'B'],
    ]),
  })
  const review = await api.import(template.id, { name: 'one.csv', text: itemsCsv([['1', 'A']]) })
  expect(review).toMatchObject({ status: 'review', counts: { deleted: 1 } })
  await api.ask('POST', `/api/templates/${template.id}/records`, { values: { SKU: '9', Name: 'by hand' } })
  await api.ask('POST', `/api/jobs/${review.id}/approve`)
  const again = await api.settled(review)
  expect(again).toMatchObject({ status: 'review', counts: { deleted: 2 } })
  await api.ask('POST', `/api/jobs/${review.id}/approve`)
  expect(await api.settled(review)).toMatchObject({ status: 'completed', counts: { deleted: 2 } })
})

const WITH_PROBLEMS = itemsCsv([
  ['1', 'Good', 1, '28/02/2024'],
  ['2', 'Bad date', 2, '31/02/2024'],
  ['', 'No key', 3, ''],
  ['4', 'Bad price', 'abc', ''],
])

test('the policy reject changes nothing and says how many rows are wrong and where', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate({ ...ITEMS, on_problems: 'reject' })
  const job = await api.import(template.id, { name: 'mixed.csv', text: WITH_PROBLEMS })
  expect(job).toMatchObject({ status: 'failed', error: { code: 'rejected' }, counts: { created: 0, problems: 3 } })
  expect(job.error?.message).toContain('3 of 4 rows have problems')
  expect(job.error?.message).toContain('Counted (1)')
  expect(await api.records(template.id)).toEqual([])
})

test('every problem names sheet, row, cell, column, value and what was expected', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate({ ...ITEMS, on_problems: 'skip' })
  const job = await api.import(template.id, { name: 'mixed.csv', text: WITH_PROBLEMS })
  const { items } = await api.ask<{ items: unknown[] }>('GET', `/api/jobs/${job.id}/problems`)
  expect(items).toHaveLength(3)
  expect(items[0]).toMatchObject({ row: 3, cell: 'D3', column: 'Counted', value: '31/02/2024', code: 'not_date' })
  expect(items[0]).toHaveProperty('message', expect.stringContaining('expected day/month/year'))
  expect(items[1]).toMatchObject({ row: 4, column: 'SKU', code: 'required' })
})

test('the policy skip takes the good rows, and the refused ones come back repaired', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate({ ...ITEMS, on_problems: 'skip' })
  const job = await api.import(template.id, { name: 'mixed.csv', text: WITH_PROBLEMS })
  expect(job).toMatchObject({ status: 'completed', counts: { read: 4, created: 1, problems: 3 } })

  const refused = read(await api.downloadFrom(`/api/jobs/${job.id}/problems.xlsx`))
  const sheet = refused.Sheets[refused.SheetNames[0] ?? ''] ?? {}
  const rows = utils.sheet_to_json<string[]>(sheet, { header: 1, defval: '' })
  expect(rows).toHaveLength(4)
  expect(rows[1]?.join(' ')).toContain("'31/02/2024' is not a date")
  const header = rows[0] ?? []
  const set = (row: number, name: string, value: string) => {
    utils.sheet_add_aoa(sheet, [[value]], { origin: { r: row, c: header.indexOf(name) } })
  }
  set(1, 'Counted', '29/02/2024')
  set(2, 'SKU', '3')
  set(3, 'Price', '4')
  const repaired = path.join(tempFolder(), 'repaired.xlsx')
  writeFileSync(repaired, write(refused, { type: 'buffer', bookType: 'xlsx' }))
  expect(await api.import(template.id, repaired)).toMatchObject({
    status: 'completed',
    counts: { created: 3, problems: 0 },
  })
  expect((await api.records(template.id)).map(({ values }) => values.Counted)).toEqual([
    '2024-02-28',
    '2024-02-29',
    null,
    null,
  ])
})

test('a row that only the comparison refuses comes back as it is in the file, with the columns that the template lacks', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate({ ...ITEMS, on_problems: 'skip' })
  const text = 'SKU,Name,Price,Remark\n1,A,"1,000.50",first\n1,B,$2,second\n2,C,3,third'
  const job = await api.import(template.id, { name: 'twice.csv', text })
  expect(job).toMatchObject({ status: 'completed', counts: { created: 1, problems: 2 } })
  const refused = (await api.downloadFrom(`/api/jobs/${job.id}/problems.csv`)).toString('utf8')
  expect(refused).toContain('1,A,"1,000.50",first')
  expect(refused).toContain('1,B,$2,second')
  expect(refused).toContain("'1' appears 2 times with different values (rows 2, 3)")
})

test('the policy review stops before anything changes; cancelled, nothing has', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, { name: 'mixed.csv', text: WITH_PROBLEMS })
  expect(job).toMatchObject({ status: 'review', counts: { created: 1, problems: 3 } })
  const cancelled = await api.ask<JobObject>('POST', `/api/jobs/${job.id}/cancel`)
  expect(cancelled).toMatchObject({ status: 'cancelled', counts: { created: 0 } })
  expect(await api.records(template.id)).toEqual([])
})

test('a check alone tells what an import would do and does not do it', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A']]) }, { dry_run: 'true' })
  expect(job).toMatchObject({ status: 'completed', counts: { created: 1 } })
  expect(await api.records(template.id)).toEqual([])
})

test('a file that lacks a required column fails with what it has, and goes in once a person says which column it is', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, { name: 'other.csv', text: 'Stock keeping unit,Name\n1,A' })
  expect(job).toMatchObject({ status: 'failed', error: { code: 'missing_columns' } })
  expect(job.error?.message).toContain("'SKU'")
  expect(job.error?.message).toContain('Stock keeping unit')
  const again = await api.import(
    template.id,
    { name: 'other.csv', text: 'Stock keeping unit,Name\n1,A' },
    { mapping: JSON.stringify({ 'Stock keeping unit': 'SKU' }) },
  )
  expect(again).toMatchObject({ status: 'completed', counts: { created: 1 } })
})

test.each([
  ['a picture with the name of a workbook', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /picture/i],
  ['an empty file', Buffer.alloc(0), /empty/i],
  ['a workbook with a password', readFileSync('tests/fixtures/password.xlsx'), /password/i],
  ['a workbook that was cut off', readFileSync('tests/fixtures/deaths.xlsx').subarray(0, 12_000), /./],
])('%s is refused with a sentence of its own, and nothing stays behind', async (_what, bytes, sentence) => {
  const { api, folder } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const file = path.join(tempFolder(), 'stock.xlsx')
  writeFileSync(file, bytes)
  const { status, body } = await api.upload(template.id, file)
  expect(status).toBe(415)
  expect(body).toHaveProperty('detail', expect.stringMatching(sentence))
  expect(readdirSync(path.join(folder, 'uploads'))).toEqual([])
  expect(await api.ask('GET', '/api/jobs')).toEqual({ items: [], next: null })
})

test('a file that is too large is refused with the limit, and nothing stays behind', async () => {
  const { api, folder } = await runServer({ MAX_UPLOAD_MB: '1' })
  const template = await api.createTemplate(ITEMS)
  const { status, body } = await api.upload(template.id, { name: 'big.csv', text: 'x'.repeat(3 * 1024 * 1024) })
  expect(status).toBe(413)
  expect(body).toHaveProperty('detail', expect.stringContaining('1 MB'))
  expect(readdirSync(path.join(folder, 'uploads'))).toEqual([])
})

test('a form that is sent twice makes one job', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const send = () => api.upload(template.id, { name: 'a.csv', text: itemsCsv([['1', 'A']]) }, { idempotency_key: 'k1' })
  const answers = await Promise.all(Array.from({ length: 10 }, send))
  const ids = answers.map(({ body }) => (body as { id: string }).id)
  expect(new Set(ids).size).toBe(1)
  expect(answers.every(({ status }) => status === 202)).toBe(true)
  expect((await api.ask<{ items: unknown[] }>('GET', '/api/jobs')).items).toHaveLength(1)
})

test('a file that waits for a decision is not imported a second time beside it', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const first = await api.import(template.id, { name: 'mixed.csv', text: WITH_PROBLEMS })
  expect(first.status).toBe('review')
  const second = await api.upload(template.id, { name: 'renamed.csv', text: WITH_PROBLEMS })
  expect(second.status).toBe(409)
  expect(second.body).toMatchObject({ code: 'same_file', link: expect.stringContaining(first.id) })
})
