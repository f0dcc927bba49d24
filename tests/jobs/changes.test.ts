import { expect, test } from 'vitest'
import type { ChangeObject } from '../../src/services/job-changes.ts'
import type { JobObject } from '../../src/services/job-object.ts'
import type { StepObject } from '../../src/services/record-object.ts'
import type { Api } from '../support/api.ts'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { runServer } from '../support/running-server.ts'
import { workbookOf } from '../support/workbook-of.ts'

const THREE = itemsCsv([
  ['1', 'A', 1],
  ['2', 'B', 2],
  ['3', 'C', 3],
])
const REPLACED = itemsCsv([
  ['1', 'A', 1],
  ['2', 'changed', 22],
  ['9', 'new', 9],
])

async function changes(api: Api, job: { id: string }, query = 'limit=1'): Promise<ChangeObject[]> {
  const all: ChangeObject[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: { items: ChangeObject[]; next: string | null } = await api.ask(
      'GET',
      `/api/jobs/${job.id}/changes?${query}${cursor && `&cursor=${cursor}`}`,
    )
    all.push(...page.items)
    cursor = page.next
  }
  return all
}

const told = (all: ChangeObject[]) => all.map(({ change, values }) => [change, values.Name?.before, values.Name?.after])

const EXPECTED = [
  ['created', null, 'new'],
  ['updated', 'B', 'changed'],
  ['deleted', 'C', null],
]

test('what an import would change is told while it is in review, and what it changed afterwards', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate({ ...ITEMS, mode: 'replace' })
  await api.import(template.id, { name: 'three.csv', text: THREE })
  const job = await api.import(template.id, { name: 'replaced.csv', text: REPLACED })
  expect(job.status).toBe('review')
  expect(told(await changes(api, job))).toEqual(EXPECTED)
  await api.ask('POST', `/api/jobs/${job.id}/approve`)
  expect((await api.settled(job)).status).toBe('completed')
  const done = await changes(api, job)
  expect(told(done)).toEqual(EXPECTED)
  expect(done[1]).toMatchObject({ record: 2, values: { Price: { before: 2, after: 22 } } })
  expect(told(await changes(api, job, 'kind=deleted'))).toEqual([EXPECTED[2]])
})

test('a row that would be new is known by its number, and among several sheets by its sheet', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const header = ['SKU', 'Name']
  const months = { May: [header, ['1', 'A']], June: [header, ['2', 'B'], ['', 'no key']] }
  const job = await api.import(template.id, workbookOf(months), { all_sheets: 'yes' })
  expect(job.status).toBe('review')
  expect(await changes(api, job)).toMatchObject([
    { record: null, sheet: 'May', row: 2 },
    { record: null, sheet: 'June', row: 2 },
  ])
  const text = itemsCsv([
    ['1', 'A'],
    ['', 'no key'],
  ])
  const one = await api.import(template.id, { name: 'one.csv', text })
  expect(await changes(api, one)).toMatchObject([{ record: null, sheet: null, row: 2 }])
})

test('everything that a job changed is downloaded as a file, also for an undo', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate({ ...ITEMS, mode: 'replace' })
  await api.import(template.id, { name: 'three.csv', text: THREE })
  const job = await api.import(template.id, { name: 'replaced.csv', text: REPLACED }, { force: 'true' })
  const undo = await api.settled(await api.ask<JobObject>('POST', `/api/jobs/${job.id}/undo`))
  const download = async (of: { id: string }) => {
    const wish = { format: 'csv', content: 'changes', job: of.id }
    const file = await api.settled(await api.ask<JobObject>('POST', `/api/templates/${template.id}/exports`, wish))
    expect(file).toMatchObject({ status: 'completed', progress: { message: '3 rows written.' } })
    const text = (await api.downloadFrom(`/api/jobs/${file.id}/file`)).toString('utf8')
    return {
      name: file.file?.name,
      rows: text
        .trim()
        .split(/\r?\n/)
        .map((line) => line.split(',').slice(0, 7)),
    }
  }
  const { name, rows } = await download(job)
  expect(name).toBe('replaced_changes.csv')
  expect(rows.slice(1)).toEqual([
    ['created', '4', '', '', '9', '', 'new'],
    ['changed', '2', '"Name', ' Price"', '2', '2', 'B'],
    ['deleted', '3', '', '3', '', 'C', ''],
  ])
  expect((await download(undo)).rows.slice(1).map(([what]) => what)).toEqual(['brought back', 'put back', 'removed'])
})

test('a job that changed nothing has no changes, and nobody learns of those of other templates', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const other = await api.createTemplate({ ...ITEMS, name: 'Other' })
  const job = await api.import(template.id, { name: 'three.csv', text: THREE })
  const dry = await api.import(template.id, { name: 'r.csv', text: REPLACED }, { dry_run: 'true' })
  expect(await api.request('GET', `/api/jobs/${dry.id}/changes`)).toMatchObject({
    status: 409,
    body: { detail: 'This import changed no records.' },
  })
  expect(await api.request('POST', `/api/jobs/${dry.id}/undo`)).toMatchObject({
    status: 409,
    body: { detail: "This import changed no records, so it can't be undone now." },
  })
  const wish = { content: 'changes', job: job.id }
  expect(await api.request('POST', `/api/templates/${other.id}/exports`, wish)).toMatchObject({
    status: 409,
    body: { code: 'no_changes' },
  })
  expect((await api.request('POST', `/api/templates/${other.id}/exports`, { content: 'changes' })).status).toBe(422)
})

test('a record tells who set which value when, with the value before, also after it is gone', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const job = await api.import(template.id, { name: 'three.csv', text: THREE })
  const url = `/api/templates/${template.id}/records/2`
  await api.ask('PATCH', url, { values: { Price: 7 } })
  await api.ask('DELETE', url)
  const { items, next } = await api.ask<{ items: StepObject[]; next: string }>('GET', `${url}/history?limit=2`)
  expect(items).toMatchObject([
    { action: 'delete', by: { kind: 'edit', job_id: null, person: 'ana' } },
    { action: 'update', by: { kind: 'edit' }, changes: [{ column: 'Price', before: 2, after: 7 }] },
  ])
  expect(await api.ask('GET', `${url}/history?cursor=${next}`)).toMatchObject({
    items: [{ action: 'create', by: { kind: 'import', job_id: job.id, file: 'three.csv' } }],
    next: null,
  })
})
