import { readdirSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { JobObject } from '../../src/services/job-object.ts'
import { type PartToZip, tempFolder, xlsxParts, zipOf } from '../spreadsheets/files.ts'
import type { Api } from '../support/api.ts'
import { ITEMS } from '../support/examples.ts'
import { isAlive, processesOn } from '../support/processes.ts'
import { runServer } from '../support/running-server.ts'
import { CATCHING, reach, stagingOf, tooLate } from './disturbed-import.ts'

/** So many that the sheet is read in a thread of the job's process. */
const ROWS = 200_000

const files = tempFolder()
let parts: PartToZip[]
let workbook: string

beforeAll(() => {
  const text = (content: string) => `<c t="inlineStr"><is><t>${content}</t></is></c>`
  const header = `<row>${['SKU', 'Name', 'Price', 'Counted'].map(text).join('')}</row>`
  const rows = Array.from(
    { length: ROWS },
    (_, n) =>
      `<row>${text(String(n).padStart(7, '0'))}${text(`Größe ${Math.imul(n, 0x9e3779b1).toString(36)}`)}<c><v>${n / 4}</v></c><c s="1"><v>45350</v></c></row>`,
  )
  const cellXfs = '<xf numFmtId="0"/><xf numFmtId="14"/>'
  parts = xlsxParts({ sheets: [{ name: 'Items', data: header + rows.join('') }], cellXfs })
  workbook = files.write('items.xlsx', zipOf(parts))
})

async function startReading(api: Api): Promise<JobObject> {
  const template = await api.createTemplate(ITEMS)
  const job = await api.startImport(template.id, workbook)
  await reach(api, job, 'reading')
  return job
}

async function expectWhole(api: Api, job: JobObject): Promise<void> {
  expect(job).toMatchObject({ status: 'completed', counts: { read: ROWS, created: ROWS, problems: 0 } })
  const [record] = await api.records(job.template_id, '&q=0123456')
  expect(record?.values).toEqual({
    SKU: '0123456',
    Name: `Größe ${Math.imul(123_456, 0x9e3779b1).toString(36)}`,
    Price: 30_864,
    Counted: '2024-02-28',
  })
}

test('a large workbook is imported whole', async () => {
  const { api } = await runServer()
  const template = await api.createTemplate(ITEMS)
  await expectWhole(api, await api.import(template.id, workbook))
})

test(
  'cancelled while its thread reads, a large workbook leaves nothing, and its process goes on',
  CATCHING,
  async () => {
    const { api, folder } = await runServer({ JOB_CONCURRENCY: '1' })
    const job = await startReading(api)
    const [pid = 0] = processesOn(process.pid, stagingOf(folder, job))
    await api.ask('POST', `/api/jobs/${job.id}/cancel`)
    const { status } = await api.settled(job)
    tooLate(status === 'completed')
    expect(status).toBe('cancelled')
    expect(readdirSync(path.join(folder, 'staging'))).toEqual([])
    expect(isAlive(pid)).toBe(true)
    await api.ask('POST', `/api/jobs/${job.id}/retry`)
    await expectWhole(api, await api.settled(job))
  },
)

test('killed while its thread reads, a large workbook is read again and imported whole', CATCHING, async () => {
  const { api, folder } = await runServer({ JOB_CONCURRENCY: '1' })
  const job = await startReading(api)
  const [pid] = processesOn(process.pid, stagingOf(folder, job))
  tooLate(pid === undefined)
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
  const settled = await api.settled(job)
  tooLate(settled.attempts === 1)
  await expectWhole(api, settled)
})

test('a large workbook that turns out to be cut off is refused with a sentence and changes nothing', async () => {
  const { api, folder } = await runServer()
  const template = await api.createTemplate(ITEMS)
  const cut = parts.map((part) =>
    part.name.endsWith('sheet1.xml') ? { ...part, content: String(part.content).slice(0, -40) } : part,
  )
  const job = await api.import(template.id, files.write('cut.xlsx', zipOf(cut)))
  expect(job).toMatchObject({
    status: 'failed',
    error: { code: 'damaged', message: 'The sheet "Items" of this workbook is cut off.' },
  })
  expect(await api.records(template.id)).toEqual([])
  expect(readdirSync(path.join(folder, 'staging'))).toEqual([])
})
