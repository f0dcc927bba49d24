import { expect, test } from 'vitest'
import { read, utils } from 'xlsx'
import { findJobById } from '../../src/db/jobs.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { runServer } from '../support/running-server.ts'

test('an export of a filter holds what the filter lets through', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  await api.import(template.id, {
    name: 'a.csv',
    text: itemsCsv([
      ['1', 'Größe', 1.5],
      ['2', 'Rope', 2],
      ['3', 'Rope end', 3],
    ]),
  })
  const name = template.columns.find((column) => column.name === 'Name')?.id ?? ''
  const bytes = await api.export(template.id, {
    format: 'xlsx',
    content: 'data',
    filter: { q: '', columns: { [name]: 'rope' } },
  })
  const book = read(bytes)
  expect(utils.sheet_to_json(book.Sheets.Items ?? {}, { header: 1 })).toEqual([
    ['__record_id', 'SKU', 'Name', 'Price', 'Counted'],
    [2, '2', 'Rope', 2],
    [3, '3', 'Rope end', 3],
  ])
})

test('a filter names columns as people do, and one that is not understood is refused instead of exporting everything', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const text = itemsCsv([
    ['1', 'Rope'],
    ['2', 'Hose'],
  ])
  await api.import(template.id, { name: 'a.csv', text })
  const wish = { format: 'csv', content: 'data' } as const
  const filtered = await api.export(template.id, { ...wish, filter: { columns: { name: 'rope' } } })
  expect(filtered.toString('utf8').trim().split(/\r?\n/)).toHaveLength(2)
  for (const filter of [{ Name: 'rope' }, { columns: { Colour: 'red' } }, { q: 'rope', sort: 'Name' }, 'rope']) {
    const refused = await api.request('POST', `/api/templates/${template.id}/exports`, { ...wish, filter })
    expect(refused, JSON.stringify(filter)).toMatchObject({ status: 422, body: { code: 'invalid' } })
  }
  const nameless = await api.request('POST', `/api/templates/${template.id}/exports`, { ...wish, content: 'changes' })
  expect(nameless).toMatchObject({ status: 422, body: { detail: expect.stringContaining('job') } })
})

test('an export knows its size and says which texts a workbook can not hold', async () => {
  const { api, context } = await runServer()
  const template = await api.createTemplate(ITEMS)
  await api.ask('POST', `/api/templates/${template.id}/records`, { values: { SKU: '1', Name: 'x'.repeat(40_000) } })
  const wish = { format: 'xlsx', content: 'data' }
  const job = await api.settled(await api.ask<JobObject>('POST', `/api/templates/${template.id}/exports`, wish))
  expect(job).toMatchObject({ status: 'completed', progress: { message: '1 row written.' } })
  expect(job.file?.size).toBeGreaterThan(1000)
  expect(findJobById(context.db, job.id)?.note).toBe(
    '1 text is longer than the 32,767 characters that a cell of a workbook can hold, and cut there. A CSV has them whole.',
  )
  const csv = await api.export(template.id, { format: 'csv', content: 'data' })
  expect(csv.toString('utf8')).toContain('x'.repeat(40_000))
})

test('a template without columns has nothing to export, and says so', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate({ name: 'Empty', columns: [] })
  const answer = await api.request('POST', `/api/templates/${template.id}/exports`, { format: 'csv', content: 'data' })
  expect(answer).toMatchObject({ status: 409, body: { code: 'no_columns' } })
})
