import { expect, test } from 'vitest'
import type { JobObject } from '../../src/services/job-object.ts'
import { runServer } from '../support/running-server.ts'

const VISITS = {
  name: 'Visits',
  key: ['Id'],
  columns: [
    { name: 'Id', type: 'text' },
    { name: 'Day', type: 'date' },
    { name: 'Fee', type: 'number' },
  ],
}
const UNCLEAR = 'Id;Day;Fee\n1;03/04/2025;1.000\n2;05/06/2025;2.500\n'

test.each(['review', 'skip', 'reject'])(
  'under the policy %s what can be read in two ways is asked first',
  async (policy) => {
    const { api } = await runServer()
    const template = await api.createTemplate({ ...VISITS, on_problems: policy })
    const job = await api.import(template.id, { name: 'visits.csv', text: UNCLEAR })
    expect(job).toMatchObject({ status: 'review', counts: { read: 2, created: 0 }, error: null })
    expect(job.progress.message).toBe('2 questions about how the file is to be read. Nothing has changed yet.')
    expect(job.questions.map(({ kind, column }) => [kind, column])).toEqual([
      ['date_order', 'Day'],
      ['decimal', 'Fee'],
    ])
    expect((await api.request('POST', `/api/jobs/${job.id}/approve`)).body).toMatchObject({ code: 'questions_open' })
    expect(await api.records(template.id)).toEqual([])
  },
)

async function ask() {
  const { api } = await runServer()
  const template = await api.createTemplate({ ...VISITS, on_problems: 'skip' })
  const job = await api.import(template.id, { name: 'visits.csv', text: UNCLEAR })
  const [day, fee] = job.questions.map(({ id }) => id)
  const answer = (dayIs: string, feeIs: string, more = {}) =>
    api.request('POST', `/api/jobs/${job.id}/answers`, { answers: { [`${day}`]: dayIs, [`${fee}`]: feeIs }, ...more })
  return { api, template, job, answer }
}

test('the answers read the file again as the same job, and the template keeps them, so that they are asked for once', async () => {
  const { api, template, job, answer } = await ask()
  const { status, body } = await answer('mdy', 'comma')
  expect([status, body]).toMatchObject([202, { id: job.id, questions: [] }])
  expect(await api.settled(job)).toMatchObject({ status: 'completed', counts: { created: 2, problems: 0 } })
  expect((await api.records(template.id)).map(({ values }) => [values.Day, values.Fee])).toEqual([
    ['2025-03-04', 1000],
    ['2025-05-06', 2500],
  ])
  expect(await api.template(template.id)).toMatchObject({
    version: 2,
    columns: [{ name: 'Id' }, { date_order: 'mdy' }, { decimal: 'comma' }],
  })
  const next = await api.import(template.id, { name: 'next.csv', text: 'Id;Day;Fee\n3;07/08/2025;1.250\n' })
  expect(next).toMatchObject({ status: 'completed', counts: { created: 1 } })
  expect((await answer('dmy', 'point')).status).toBe(409)
})

test('answers that are not to be remembered are for this file only', async () => {
  const { api, template, job, answer } = await ask()
  await answer('none', 'point', { remember: false })
  expect(await api.settled(job)).toMatchObject({ status: 'completed', counts: { created: 0, problems: 2 } })
  expect(await api.template(template.id)).toMatchObject({
    version: 1,
    columns: [{}, { date_order: null }, { decimal: null }],
  })
  const again = await api.import(template.id, { name: 'next.csv', text: UNCLEAR })
  expect(again.questions).toHaveLength(2)
})

test('an answer that is none is refused with the question and what can be said', async () => {
  const { api, job, answer } = await ask()
  expect(await answer('ymd', 'comma')).toMatchObject({
    status: 422,
    body: { errors: [{ message: expect.stringMatching(/can't be told apart.*Answer with one of dmy, mdy, none\.$/) }] },
  })
  expect(await api.job(job.id)).toMatchObject({ status: 'review' })
})

test('a check alone asks, too, and what was said with the file is not asked', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(VISITS)
  const check = { dry_run: 'yes' }
  expect(await api.import(template.id, { name: 'a.csv', text: UNCLEAR }, check)).toMatchObject({ status: 'review' })
  const said = { ...check, date_order: 'dmy', decimal: 'point', force: 'yes' }
  const job = await api.import(template.id, { name: 'a.csv', text: UNCLEAR }, said)
  expect(job).toMatchObject({ status: 'completed', counts: { created: 2 }, questions: [] })
})

test('numbers are read with the sign that the whole column shows, and the page says so', async () => {
  const { api } = await runServer()
  const { id } = await api.createTemplate({ ...VISITS, on_problems: 'skip' })
  const text = `Id;Fee\n${Array.from({ length: 2000 }, (_, n) => `${n};1.${String(n % 1000).padStart(3, '0')}`).join('\n')}\nlast;0,5\n`
  const job = await api.import(id, { name: 'fees.csv', text })
  expect(job).toMatchObject({ status: 'completed', counts: { created: 2001, problems: 0 } })
  const records = await api.records(id, '&q=last')
  expect(records.map(({ values }) => values.Fee)).toEqual([0.5])
  const [first] = await api.records(id, '&filter[Id]=7')
  expect(first?.values.Fee).toBe(1007)
})

test('an import that is cancelled instead of answered leaves nothing', async () => {
  const { api, template, job } = await ask()
  const cancelled = await api.ask<JobObject>('POST', `/api/jobs/${job.id}/cancel`)
  expect(cancelled).toMatchObject({ status: 'cancelled', questions: [] })
  expect(await api.records(template.id)).toEqual([])
})

const WITH_TOTAL = 'Id,Fee\n1,10.5\n2,20.5\nTotal,31\n'

test('a row of totals is asked about, and is left out or imported as the answer says', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate({ ...VISITS, on_problems: 'skip' })
  const job = await api.import(template.id, { name: 'fees.csv', text: WITH_TOTAL })
  expect(job).toMatchObject({
    status: 'review',
    counts: { read: 3 },
    questions: [{ id: 'totals', samples: [{ value: 'Total · 31' }] }],
  })
  await api.ask('POST', `/api/jobs/${job.id}/answers`, { answers: { totals: 'leave_out' } })
  expect(await api.settled(job)).toMatchObject({
    status: 'completed',
    counts: { read: 2, created: 2 },
    left_out: 1,
    warnings: expect.arrayContaining(['Row 4 was left out as a row of totals.']),
  })
  expect((await api.records(template.id)).map(({ values }) => values.Id)).toEqual(['1', '2'])
  expect(await api.template(template.id)).toMatchObject({ version: 1 })
  const all = await api.import(template.id, { name: 'all.csv', text: `${WITH_TOTAL}\n` }, { totals: 'import' })
  expect(all).toMatchObject({ status: 'completed', counts: { read: 3, created: 1 }, left_out: 0, questions: [] })
})

test('a second table below the first is left out with its rows named, and is taken when its header is named', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(VISITS)
  const text = 'Id,Fee,Day\n1,10,2025-01-31\n2,20,\n\n\nFee,Id\n1,7\n2,8\n3,9\n'
  const first = await api.import(template.id, { name: 'two.csv', text })
  expect(first).toMatchObject({ status: 'completed', counts: { read: 2, created: 2 }, left_out: 3 })
  expect(first.warnings).toContainEqual(
    expect.stringMatching(/^Rows 6 to 9 look like a second table \(Fee, Id\) and were left out, 3 rows/),
  )
  const second = await api.import(template.id, { name: 'second.csv', text: `${text}\n` }, { header_row: '6' })
  expect(second).toMatchObject({ status: 'completed', counts: { created: 3 }, left_out: 0 })
  const asOne = { one_table: 'yes', on_problems: 'skip' }
  const one = await api.import(template.id, { name: 'one.csv', text: `${text}\n\n` }, asOne)
  expect(one).toMatchObject({ counts: { read: 6 }, left_out: 0 })
})
