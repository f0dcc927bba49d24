import { expect, test } from 'vitest'
import type { JobObject } from '../../src/services/job-object.ts'
import { ITEMS } from '../support/examples.ts'
import { runServer } from '../support/running-server.ts'
import { workbookOf } from '../support/workbook-of.ts'

const HEADER = ['SKU', 'Name', 'Price']
const MONTHS = {
  May: [HEADER, ['1', 'A', 1], ['2', 'B', 2]],
  June: [['Prices of June'], HEADER, ['3', 'C', 3], ['4', 'D', 'dear'], ['5', 'E', 5]],
  Notes: [
    ['Who', 'What'],
    ['Ann', 'looked'],
  ],
  Turned: [
    ['Name', 'SKU', 'Price'],
    ['F', '6', 6],
  ],
  July: [HEADER, ['7', 'G', 7], ['1', 'another A', 1]],
  Old: [HEADER, ['8', 'H', 8]],
}

async function importMonths(fields: Record<string, string>) {
  const { api } = await runServer()
  const template = await api.createTemplate({ ...ITEMS, on_problems: 'skip' })
  const job = await api.import(template.id, workbookOf(MONTHS, ['Old']), fields)
  return { api, template, job }
}

test('only the first sheet is read unless others are asked for', async () => {
  const { job } = await importMonths({})
  expect(job).toMatchObject({ status: 'completed', counts: { read: 2, created: 2 } })
})

test('all sheets of one shape become one table, whose rows and problems know their sheet', async () => {
  const { api, template, job } = await importMonths({ all_sheets: 'yes' })
  expect(job).toMatchObject({ status: 'completed', counts: { read: 7, created: 4, problems: 3 } })
  const records = await api.records(template.id)
  expect(records.map(({ values, import: from }) => [values.SKU, from])).toMatchObject([
    ['2', { sheet: 'May', row: 3 }],
    ['3', { sheet: 'June', row: 3 }],
    ['5', { sheet: 'June', row: 5 }],
    ['7', { sheet: 'July', row: 2 }],
  ])
  const { items } = await api.ask<{ items: { sheet: string; cell: string | null; message: string }[] }>(
    'GET',
    `/api/jobs/${job.id}/problems`,
  )
  expect(items.map(({ sheet, cell }) => [sheet, cell])).toEqual([
    ['May', 'A2'],
    ['June', 'C4'],
    ['July', 'A3'],
  ])
  expect(items[0]?.message).toContain('(rows May!2, July!3)')
})

test('sheets of another shape are named and left out; hidden ones are not touched', async () => {
  const { job } = await importMonths({ all_sheets: 'yes' })
  expect(job.warnings).toContain(
    "Sheets 'Notes', 'Turned' have other columns, or the same at other places, and were left out.",
  )
  expect(job.warnings.join()).not.toContain('Old')
})

test('the refused rows of several sheets come back with theirs named, as they are in the file', async () => {
  const { api, job } = await importMonths({ all_sheets: 'yes' })
  const refused = (await api.downloadFrom(`/api/jobs/${job.id}/problems.csv`)).toString('utf8').split('\r\n')
  expect(refused.slice(1, 4).map((line) => line.split(',').slice(-4).join(','))).toEqual([
    'May!2,1,A,1',
    'June!4,4,D,dear',
    'July!3,1,another A,1',
  ])
})

test('totals at the end of every sheet are asked about at once', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const file = workbookOf({
    May: [HEADER, ['1', 'A', 1], ['2', 'B', 2], ['Total', null, 3]],
    June: [HEADER, ['3', 'C', 3], ['4', 'D', 4], [null, null, 7]],
  })
  const job = await api.import(template.id, file, { all_sheets: 'yes' })
  expect(job.questions).toMatchObject([{ id: 'totals', samples: [{ cell: 'May, row 4' }, { cell: 'June, row 4' }] }])
  const answered = await api.ask<JobObject>('POST', `/api/jobs/${job.id}/answers`, { answers: { totals: 'leave_out' } })
  const done = await api.settled(answered)
  expect(done).toMatchObject({ status: 'completed', counts: { created: 4, problems: 0 }, left_out: 2 })
  expect(done.warnings).toContain('Rows May!4 and June!4 were left out as rows of totals.')
})
