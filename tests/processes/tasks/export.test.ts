import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { read as readWorkbook } from 'xlsx'
import { COLUMN_TYPES, type Column, type TemplateShape } from '../../../src/columns/column.ts'
import { sampleRows } from '../../../src/columns/sample-rows.ts'
import type { Reporter } from '../../../src/processes/protocol.ts'
import { runExport } from '../../../src/processes/tasks/export.ts'
import { readPart } from '../../spreadsheets/files.ts'
import { tempFolder } from '../../support/folder.ts'
import { column, importText, NAME, read, SKU, shapeOf, stageFile, tableIn } from '../../tables/imports.ts'

const silent: Reporter = { progress() {}, details() {} }
const COUNTRIES = Array.from({ length: 120 }, (_, at) => `Country ${at + 1}`)
const ITEMS = shapeOf([
  SKU,
  column('ccountry', 'choice', { name: 'Country', choices: COUNTRIES }),
  column('csince00', 'date', { name: 'Since', min: '2020-01-01', max: '2030-12-31' }),
  column('cprice00', 'number', { name: 'Price', min: 0 }),
])

async function exported(
  folder: string,
  shape: TemplateShape,
  content: 'template' | 'sample' | 'data',
): Promise<string> {
  const out = path.join(folder, `${content}.xlsx`)
  const paths = { table: path.join(folder, 'table.db'), out }
  const outcome = await runExport(
    { kind: 'export', jobId: 'j1', shape, format: 'xlsx', content, filter: null, paths },
    silent,
  )
  expect(outcome).toMatchObject({ status: 'completed' })
  return out
}

test('a blank template says at every header what belongs below it', async () => {
  const sheet = readWorkbook(readFileSync(await exported(tempFolder(), ITEMS, 'template'))).Sheets.Items
  expect(sheet?.A1.c).toBeUndefined()
  expect(sheet?.B1.c[0].t).toBe('Text.\nMust be filled.\nBy this a row finds its record.\nExample: Sample SKU 1')
  expect(sheet?.D1.c[0].t).toBe(
    'A date from 2020-01-01 to 2030-12-31, such as 2025-01-15.\nMay be empty.\nExample: 2025-01-15',
  )
})

test('a blank template tells who types what it can not take which column it is and what belongs there', async () => {
  const sheet = await readPart(await exported(tempFolder(), ITEMS, 'template'), 'xl/worksheets/sheet1.xml')
  const ruleOf = (column: string) =>
    sheet.match(/<dataValidation .*?>/g)?.find((rule) => rule.includes(`sqref="${column}2:`))
  expect(ruleOf('D')).toContain(
    'errorTitle="Since" error="This is no value of Since. Expected: A date from 2020-01-01 to 2030-12-31, such as 2025-01-15."',
  )
  expect(ruleOf('E')).toContain('errorTitle="Price" error="This is no value of Price. Expected: A number, 0 or more."')
})

test('the columns of exported records are as wide as their values, within bounds', async () => {
  const folder = tempFolder()
  const shape = shapeOf([SKU, NAME, column('cnotes00', 'text', { name: 'Notes' })])
  const table = tableIn(folder, shape)
  await importText(table, { folder, shape, text: `SKU,Name,Notes\n1,${'n'.repeat(40)},${'x'.repeat(400)}\n2,short,\n` })
  const file = readFileSync(await exported(folder, shape, 'data'))
  const widths = readWorkbook(file, { cellStyles: true }).Sheets.Items?.['!cols']?.map(({ width }) => width)
  expect(widths?.slice(1)).toEqual([9, 42, 60])
})

test('a blank template that comes back is its first sheet, not its hidden choices, and has no rows', async () => {
  const folder = tempFolder()
  const { result } = await stageFile(folder, ITEMS, await exported(folder, ITEMS, 'template'))
  expect(result).toMatchObject({
    failed: { code: 'no_rows' },
    details: { sheet: 'Items', sheets: [{ name: 'Items' }, { hidden: true }] },
  })
})

test('a sample workbook that comes back has no problems', async () => {
  const folder = tempFolder()
  const staged = await stageFile(folder, ITEMS, await exported(folder, ITEMS, 'sample'))
  expect(read(staged)).toMatchObject({ rows: 3, bad: 0, details: { warnings: [] } })
})

test('the sample of any template fits it', async () => {
  const anyColumn = fc
    .constantFrom(...COLUMN_TYPES)
    .chain((type) => fc.record({ type: fc.constant(type), rules: rulesOf(type) }))
  await fc.assert(
    fc.asyncProperty(fc.array(anyColumn, { minLength: 1, maxLength: 5 }), async (drafts) => {
      const columns = drafts.map(({ type, rules }, at) =>
        column(`cfield0${at}`, type, { name: `Field ${at}`, ...rules }),
      )
      const shape = shapeOf([column('cid00000', 'integer', { name: 'Id', key: true }), ...columns])
      const folder = tempFolder()
      const staged = await stageFile(folder, shape, await exported(folder, shape, 'sample'))
      expect(read(staged)).toMatchObject({ rows: sampleRows(shape.columns).length, bad: 0 })
    }),
    { numRuns: 25 },
  )
})

function rulesOf(type: Column['type']): fc.Arbitrary<Partial<Column>> {
  if (type === 'choice') {
    const word = fc.stringMatching(/^[a-z,"' &<]{0,6}[a-z]$/).map((text) => text.trim())
    return fc.uniqueArray(word, { minLength: 1, maxLength: 60 }).map((choices) => ({ choices }))
  }
  if (type === 'number' || type === 'integer') {
    return fc.record({ min: fc.constantFrom(null, -5, 3), max: fc.constantFrom(null, 8, 1e6) })
  }
  if (type === 'date') {
    return fc.record({ min: fc.constantFrom(null, '1990-01-01'), max: fc.constantFrom(null, '2024-06-30') })
  }
  return fc.constant({})
}
