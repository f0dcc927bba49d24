import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { JobObject } from '../../src/services/job-object.ts'
import { ITEMS } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { runServer } from '../support/running-server.ts'
import { workbookOf } from '../support/workbook-of.ts'

test('the encoding and the separator of a text are taken as they are named', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const file = path.join(tempFolder(), 'odd.csv')
  writeFileSync(file, Buffer.from('SKU~Name\n1~\xc5\xe4rger, ja\n', 'latin1'))
  const job = await api.import(template.id, file, { encoding: 'latin2', delimiter: '~' })
  expect(job).toMatchObject({ status: 'completed', counts: { created: 1, problems: 0 } })
  expect((await api.records(template.id)).map(({ values }) => values.Name)).toEqual(['Ĺärger, ja'])
})

test.each([
  ['encoding', 'klingon', 'no text encoding "klingon"'],
  ['delimiter', 'x', '"x" can\'t separate'],
  ['date_order', 'yesterday', 'Choose one of dmy'],
  ['header_row', '0', ''],
])('%s %s is refused at its field', async (name, value, sentence) => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const { status, body } = await api.upload(template.id, { name: 'a.csv', text: 'SKU,Name\n1,A' }, { [name]: value })
  expect(status).toBe(422)
  expect(body).toMatchObject({ errors: [{ path: name, message: expect.stringContaining(sentence) }] })
})

test('the order of dates and the decimal sign can be said for one file', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const text = 'SKU;Name;Price;Counted\n1;A;1.234,5;02/03/2024\n'
  const job = await api.import(template.id, { name: 'us.csv', text }, { date_order: 'mdy', decimal: 'comma' })
  expect(job).toMatchObject({ status: 'completed', counts: { created: 1 } })
  expect((await api.records(template.id))[0]?.values).toMatchObject({ Price: 1234.5, Counted: '2024-02-03' })
})

test('an import that waits for a decision is read again from another sheet and row, as the same job', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const file = workbookOf({
    Draft: [
      ['SKU', 'Name', 'Price'],
      ['1', 'A', 'dear'],
    ],
    Final: [['Prices of May'], ['SKU', 'Name', 'Price'], ['1', 'A', 5], ['2', 'B', 6]],
  })
  const review = await api.import(template.id, file)
  expect(review).toMatchObject({ status: 'review', counts: { problems: 1 } })
  expect((await api.request('POST', `/api/jobs/${review.id}/retry`)).status).toBe(409)
  const again = await api.ask<JobObject>('POST', `/api/jobs/${review.id}/retry`, { sheet: 'final', header_row: 2 })
  expect(again).toMatchObject({ id: review.id, counts: { problems: 0 } })
  expect(await api.settled(again)).toMatchObject({ status: 'completed', counts: { created: 2, problems: 0 } })
  expect((await api.records(template.id))[0]?.import).toMatchObject({ sheet: 'Final', row: 3 })
  expect((await api.request('POST', `/api/jobs/${review.id}/retry`, { sheet: 'Draft' })).status).toBe(409)
})

test('what was said before stays until it is said otherwise; an empty field leaves it to be found again', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const file = workbookOf({
    One: [
      ['SKU', 'Name'],
      ['1', 'A'],
    ],
    Two: [['Titel'], ['Artikel', 'Name'], ['2', 'B']],
  })
  const failed = await api.import(template.id, file, { sheet: 'Two', header_row: '1' })
  expect(failed).toMatchObject({ status: 'failed' })
  const retry = (body: unknown) => api.ask<JobObject>('POST', `/api/jobs/${failed.id}/retry`, body)
  const other = await api.settled(await retry({ header_row: '', mapping: { Artikel: 'SKU' }, dry_run: 'ignored' }))
  expect(other).toMatchObject({ status: 'completed', counts: { created: 1 } })
  expect((await api.records(template.id))[0]?.import).toMatchObject({ sheet: 'Two', row: 3 })
})

test('a header that is named for a column now goes before the one that was named for it before', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const file = { name: 'a.csv', text: 'Old,New,Price\n1,2,dear\n' }
  const review = await api.import(template.id, file, { mapping: '{"Old": "SKU"}' })
  expect(review.status).toBe('review')
  await api.ask<JobObject>('POST', `/api/jobs/${review.id}/retry`, { mapping: { New: 'SKU', Price: null } })
  expect(await api.settled(review)).toMatchObject({ status: 'completed' })
  expect((await api.records(template.id)).map(({ values }) => values.SKU)).toEqual(['2'])
})

test('headers that are to be remembered become other names of their columns, and of no others', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const aliases = async () => {
    const { columns } = await api.template(template.id)
    return Object.fromEntries(columns.flatMap(({ name, aliases }) => (aliases.length > 0 ? [[name, aliases]] : [])))
  }
  const send = (text: string, mapping: object, more = {}) =>
    api.import(template.id, { name: 'a.csv', text }, { mapping: JSON.stringify(mapping), ...more })
  const remember = { remember: 'true' }
  await send('Code,Label\n1,A\n', { Code: 'SKU', Label: 'Name' })
  expect(await aliases()).toEqual({})
  await send('Code,Label,Quantity\n1,A,5\n', { Code: 'SKU', Label: 'Name', Quantity: null }, remember)
  expect(await aliases()).toEqual({ SKU: ['Code'], Name: ['Label'] })
  await send('label,CODE\n1,B\n', { label: 'SKU', CODE: 'Name' }, remember)
  expect(await aliases()).toEqual({ SKU: ['label'], Name: ['CODE'] })
  // What a column is called stays that column's.
  await send('Name,SKU\n1,C\n', { Name: 'SKU', SKU: 'Name' }, remember)
  expect(await aliases()).toEqual({ SKU: ['label'], Name: ['CODE'] })
  const { version } = await api.template(template.id)
  await send('Label,Code\n1,D\n', { Label: 'SKU', Code: 'Name' }, remember)
  expect((await api.template(template.id)).version).toBe(version)
})
