import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import type { TemplateShape } from '../../src/columns/column.ts'
import { openSpreadsheet } from '../../src/spreadsheets/open.ts'
import { writeXlsx } from '../../src/spreadsheets/xlsx/write/write-xlsx.ts'
import { compare } from '../../src/tables/compare.ts'
import type { ImportDetails } from '../../src/tables/import-details.ts'
import type { Progress } from '../../src/tables/progress.ts'
import { readAndCheck, readStaged } from '../../src/tables/read-and-check.ts'
import { AS_FOUND } from '../../src/tables/reading.ts'
import { listProblems, problemGroups } from '../../src/tables/staged-problems.ts'
import { keepStaging, openStaging, type StagingSource } from '../../src/tables/staging.ts'
import { tempFolder } from '../support/folder.ts'
import { workbookOf } from '../support/workbook-of.ts'
import {
  allRecords,
  column,
  ITEMS,
  importText,
  NAME,
  PRICE,
  read,
  SKU,
  shapeOf,
  stageFile,
  stageText,
  tableIn,
} from './imports.ts'

const values = (staging: { prepare(sql: string): { all(): unknown[] } }) =>
  staging.prepare('SELECT * FROM rows ORDER BY n').all()

test('rows are kept with their values as typed, and with their numbers as the spreadsheet shows them', async () => {
  const text = 'Our items\n\n;;\nName;SKU;Note;Price\nBolt;A1;x;"1,5"\n;;;\nNut;A2;;\n'
  const shape = shapeOf([SKU, NAME, { ...PRICE, decimal: 'comma' }])
  const staged = await stageText(tempFolder(), shape, text)
  const { details, rows, bad } = read(staged)
  expect([rows, bad, details.headerRow]).toEqual([2, 0, 4])
  expect(details.headers.map(({ header, columnId }) => [header, columnId])).toEqual([
    ['Name', NAME.id],
    ['SKU', SKU.id],
    ['Note', null],
    ['Price', PRICE.id],
  ])
  expect(details.warnings).toContain('1 column of the file is not in the template and was ignored: Note.')
  expect(values(staged.staging)).toMatchObject([
    { n: 1, row: 5, bad: 0, [SKU.id]: 'A1', [NAME.id]: 'Bolt', [PRICE.id]: 1.5 },
    { n: 2, row: 7, bad: 0, [SKU.id]: 'A2', [NAME.id]: 'Nut', [PRICE.id]: null },
  ])
})

test('rows that are empty in the columns that are read do not count, whatever stands beside them', async () => {
  const staged = await stageText(tempFolder(), ITEMS, 'SKU,Name,Note\nA1,Bolt,\n , ,a note\nA2,Nut,\n')
  expect(read(staged)).toMatchObject({ rows: 2, bad: 0 })
})

test('every problem names sheet, row, cell, column, value and what is wrong', async () => {
  const staged = await stageText(tempFolder(), ITEMS, 'SKU,Name,Price\nA1,Bolt,dear\n,Nut,cheap\n')
  expect(read(staged)).toMatchObject({ rows: 2, bad: 2 })
  const { items } = listProblems(staged.staging, { limit: 10 })
  expect(items.map(({ row, cell, columnId, value, code }) => [row, cell, columnId, value, code])).toEqual([
    [2, 'C2', PRICE.id, 'dear', 'not_number'],
    [3, 'A3', SKU.id, '', 'required'],
    [3, 'C3', PRICE.id, 'cheap', 'not_number'],
  ])
  expect(items[0]?.message).toMatch(/^Price: 'dear' is not a number/)
})

test('a key column must be filled though the template does not say so', async () => {
  const shape = shapeOf([{ ...SKU, required: false }, NAME])
  const staged = await stageText(tempFolder(), shape, 'SKU,Name\n,Bolt\n')
  expect(problemGroups(staged.staging, shape)).toMatchObject([{ columnId: SKU.id, code: 'required', count: 1 }])
})

test('a file without a required column fails, saying what was found and what may be meant', async () => {
  const staged = await stageText(tempFolder(), shapeOf([SKU, { ...NAME, required: true }]), 'SKU,Nmae\nA1,Bolt\n')
  expect(staged.result).toMatchObject({ failed: { code: 'missing_columns' }, details: { headerRow: 1 } })
  if (!('failed' in staged.result)) return
  expect(staged.result.failed.message).toBe(
    "The file has no column for 'Name' (required). Found: SKU, Nmae. Use 'Nmae'?",
  )
})

test('a file without the key fails, unless its rows carry record ids', async () => {
  const shape = shapeOf([{ ...SKU, required: false }, NAME])
  const folder = tempFolder()
  const without = await stageText(folder, shape, 'Name\nBolt\n')
  expect(without.result).toMatchObject({ failed: { code: 'missing_columns' } })
  const table = tableIn(folder, shape)
  await importText(table, { folder, shape, text: 'SKU,Name\nA1,Bolt\n' })
  const { counts, staging } = await importText(table, {
    folder,
    shape,
    text: '__record_id,Name\n1,Screw\n,New\n9,Odd\n',
  })
  expect(counts).toMatchObject({ updated: 1, problems: 2 })
  expect(listProblems(staging, { limit: 5 }).items.map(({ row, cell, code }) => [row, cell, code])).toEqual([
    [3, null, 'required'],
    [4, null, 'required'],
  ])
})

test.each<[string, string, TemplateShape, object, string]>([
  ['a template without columns', 'SKU\nA1\n', shapeOf([]), {}, 'no_columns'],
  ['a sheet that is not there', 'SKU\nA1\n', ITEMS, { sheet: 'Nope' }, 'sheet_not_found'],
  ['a header row that is not there', 'SKU\nA1\n', ITEMS, { headerRow: 9 }, 'no_header'],
  ['no header that the template knows', 'Colour,Size\nred,1\n', shapeOf([NAME]), {}, 'no_header'],
  ['a header and nothing below it', 'SKU,Name\n,\n', ITEMS, {}, 'no_rows'],
])('%s is an answer, not an error', async (_name, text, shape, asked, code) => {
  const { result } = await stageText(tempFolder(), shape, text, asked)
  expect(result).toMatchObject({
    failed: { code, message: expect.stringMatching(/\.$/), hint: expect.stringMatching(/\.$/) },
  })
})

test('header row and mapping are taken as asked', async () => {
  const text = 'SKU,Name\nArtikel,Name\nA1,Bolt\n'
  const staged = await stageText(tempFolder(), ITEMS, text, { headerRow: 2, mapping: { Artikel: SKU.id } })
  expect(read(staged)).toMatchObject({ rows: 1, details: { headerRow: 2 } })
})

test('the ids in a file that another template exported are ignored', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: 'SKU,Name\nA1,Bolt\nA2,Nut\n' })
  const sheet = {
    name: 'Items',
    columns: ITEMS.columns.map(({ id, name, type }) => ({ id, header: name, type })),
    rows: [[1, 'A2', 'Nut', null]],
    recordIds: true,
  }
  const own = path.join(folder, 'own.xlsx')
  const foreign = path.join(folder, 'foreign.xlsx')
  await writeXlsx(own, { ...sheet, marks: { templateId: ITEMS.id, version: 1 } })
  await writeXlsx(foreign, { ...sheet, marks: { templateId: 'other', version: 1 } })
  const compared = async (file: string) => {
    const staged = await stageFile(folder, ITEMS, file)
    return {
      ...compare({ staging: staged.staging, table, shape: ITEMS, mode: 'update' }),
      details: read(staged).details,
    }
  }
  expect((await compared(own)).counts).toMatchObject({ problems: 1, unchanged: 0 })
  const { counts, details } = await compared(foreign)
  expect(counts).toMatchObject({ unchanged: 1 })
  expect(details.warnings[0]).toMatch(/^This file was exported from another template/)
})

test('an export comes back unchanged, and exactly what was edited arrives', async () => {
  const folder = tempFolder()
  const shape = shapeOf([
    SKU,
    NAME,
    PRICE,
    column('cactive0', 'boolean', { name: 'Active' }),
    column('cdate000', 'date', { name: 'Since' }),
  ])
  const table = tableIn(folder, shape)
  await importText(table, {
    folder,
    shape,
    text: 'SKU,Name,Price,Active,Since\n007,Bolt,1.5,yes,2024-02-29\nA2,Nut,,no,\n',
  })
  const file = path.join(folder, 'export.xlsx')
  const write = (rows: (string | number | boolean | null)[][]) =>
    writeXlsx(file, {
      name: 'Items',
      columns: shape.columns.map(({ id, name, type }) => ({ id, header: name, type })),
      rows,
      marks: { templateId: shape.id, version: 1 },
      recordIds: true,
    })
  const rows = allRecords(table, shape).map(({ id, values }) => [
    id,
    ...shape.columns.map((each) => values[each.id] ?? null),
  ])
  await write(rows)
  const same = await stageFile(folder, shape, file)
  expect(compare({ staging: same.staging, table, shape, mode: 'replace' }).counts).toMatchObject({
    unchanged: 2,
    updated: 0,
  })
  await write([...rows.map((row) => row.with(2, 'Edited')), [null, 'A3', 'New', 1, null, null]])
  const edited = await stageFile(folder, shape, file)
  expect(compare({ staging: edited.staging, table, shape, mode: 'replace' }).counts).toMatchObject({
    updated: 2,
    created: 1,
  })
})

test('groups are counted by the column that the template names', async () => {
  const folder = tempFolder()
  const shape = { ...ITEMS, groupColumnId: NAME.id }
  const staged = await stageText(folder, shape, 'SKU,Name\n1,Ann\n2,Bob\n3,Ann\n4,\n5,Cid\n')
  expect(read(staged).groups).toBe(3)
  const seen: Progress[] = []
  const table = tableIn(folder, shape)
  compare({ staging: staged.staging, table, shape, mode: 'update', onProgress: (each) => seen.push(each) })
  expect(seen.at(-1)).toMatchObject({ phase: 'comparing', groupsDone: 3, groupsTotal: 3, rowsDone: 5, fraction: 1 })
})

/** The bytes that are alive on the heap. */
function liveBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

test('counting the groups of a file does not keep the file in memory', async () => {
  const folder = tempFolder()
  const shape = { ...ITEMS, groupColumnId: NAME.id }
  const note = 'something long about it '.repeat(30)
  const rows = Array.from({ length: 60_000 }, (_, n) => `${n},The group of number ${n >> 1},${note}\n`)
  const csv = path.join(folder, 'groups.csv')
  writeFileSync(csv, `SKU,Name,Note\n${rows.splice(0).join('')}`)
  const { staging } = openStaging(path.join(folder, 'groups.db'), { sha256: '', shape, reading: AS_FOUND })
  onTestFinished(() => void staging.close())
  const spreadsheet = await openSpreadsheet(csv)
  onTestFinished(() => spreadsheet.close())
  const before = liveBytes()
  let after = 0
  await readAndCheck({
    ...{ spreadsheet, shape, staging, reading: AS_FOUND },
    onProgress: ({ fraction, groupsDone }) => {
      if (fraction !== 1 || groupsDone !== 30_000) return
      after = liveBytes()
    },
  })
  expect(after).toBeGreaterThan(0)
  expect(after - before).toBeLessThan(15 * 1024 * 1024)
})

async function stageHalfway(file: string, source: StagingSource, csv: string): Promise<void> {
  const { staging, complete } = openStaging(file, source)
  expect(complete).toBe(false)
  const spreadsheet = await openSpreadsheet(csv)
  const stop = () => {
    throw new Error('stop')
  }
  const options = { spreadsheet, shape: ITEMS, staging, reading: AS_FOUND }
  await expect(readAndCheck({ ...options, onProgress: stop })).rejects.toThrow('stop')
  spreadsheet.close()
  staging.close()
}

test('a staging file that is kept is used again for the same source, and made anew otherwise', async () => {
  const folder = tempFolder()
  const csv = path.join(folder, 'items.csv')
  writeFileSync(csv, 'SKU,Name\nA1,Bolt\n')
  const file = path.join(folder, 'job.db')
  const source: StagingSource = { sha256: 'x', shape: ITEMS, reading: AS_FOUND }
  await stageHalfway(file, source, csv)
  await stageHalfway(file, source, csv)
  const { staging } = openStaging(file, source)
  const spreadsheet = await openSpreadsheet(csv)
  const result = await readAndCheck({ spreadsheet, shape: ITEMS, staging, reading: AS_FOUND })
  spreadsheet.close()
  keepStaging(staging)
  staging.close()
  const again = openStaging(file, source)
  expect(again.complete).toBe(true)
  expect({ read: readStaged(again.staging) }).toEqual(result)
  again.staging.close()
  const other = openStaging(file, { ...source, shape: { ...ITEMS, version: 2 } })
  expect(other.complete).toBe(false)
  other.staging.close()
  writeFileSync(file, 'this is no database at all, but what a crash may have left behind'.repeat(100))
  const rebuilt = openStaging(file, source)
  expect(rebuilt.complete).toBe(false)
  rebuilt.staging.close()
})

test.each([
  [999, false],
  [1000, true],
])('%d rows are kept without anybody asking: %s, because few are sooner read again than synced', async (rows, kept) => {
  const folder = tempFolder()
  const lines = Array.from({ length: rows }, (_, n) => `${n},Bolt\n`).join('')
  const { staging, file } = await stageText(folder, ITEMS, `SKU,Name\n${lines}`)
  staging.close()
  const again = openStaging(staging.name, { sha256: file, shape: ITEMS, reading: AS_FOUND })
  expect(again.complete).toBe(kept)
  again.staging.close()
})

test('damage that other programs did to codes is told, and refuses nothing', async () => {
  const rows = Array.from({ length: 20 }, (_, at) => `${10_000 + at},x,1\n`).join('')
  const staged = await stageText(tempFolder(), ITEMS, `SKU,Name,Price\n${rows}1067,####,1\n`)
  const { details, bad } = read(staged)
  expect(bad).toBe(0)
  expect(details.warnings).toEqual([
    'SKU: 1 code is shorter than the 5 digits of the others, as if zeros at the start were lost (A22).',
    'Name: 1 cell holds only ####, as a column shows that is too narrow for its values (B22).',
  ])
})

test('a quotation mark without its pair and a second table below are told, at the end and while the job runs', async () => {
  const folder = tempFolder()
  const file = path.join(folder, 'two.csv')
  writeFileSync(file, 'SKU,Name,Price\n1,"Bolt,1\n2,Nut,2\n3,Rope,3\n\nMonth,Sold,Left\nMay,4,5\n')
  const where = { reading: AS_FOUND }
  const { staging } = openStaging(path.join(folder, 'staging.db'), { sha256: file, shape: ITEMS, ...where })
  const spreadsheet = await openSpreadsheet(file)
  const told: string[][] = []
  const onDetails = ({ warnings }: { warnings: string[] }) => void told.push(warnings)
  await readAndCheck({ spreadsheet, shape: ITEMS, staging, onDetails, ...where })
  const { details } = readStaged(staging)
  staging.close()
  spreadsheet.close()
  expect(details.warnings).toEqual([
    expect.stringMatching(/^A quotation mark has no pair in row 2;/),
    expect.stringMatching(/^Rows 6 to 7 look like a second table \(Month, Sold, Left\) and were left out/),
  ])
  expect(told).toEqual([[], details.warnings])
})

test('a header that is printed again is left out, counted and told, and a row that shares a cell with it stays', async () => {
  const shape = shapeOf([SKU, NAME])
  const staged = await stageText(tempFolder(), shape, 'SKU,Name\n1,A\n\nSKU,Name\n2,B\n')
  expect(read(staged)).toMatchObject({
    ...{ rows: 2, bad: 0 },
    details: { warnings: ['Row 4 repeats the header and was left out.'], leftOut: 1 },
  })
  expect(values(staged.staging)).toMatchObject([
    { row: 2, [SKU.id]: '1' },
    { row: 5, [SKU.id]: '2' },
  ])
  const shared = await stageText(tempFolder(), shape, 'SKU,Name\n1,A\nSKU,B\n')
  expect(read(shared)).toMatchObject({ rows: 2, details: { warnings: [], leftOut: 0 } })
})

test('what stands right below a header that is printed again is no second table', async () => {
  const text = 'SKU,Name\n1,5\n2,7\nSKU,Name\nA3,Nut\n4,8\n'
  const { rows, details } = read(await stageText(tempFolder(), shapeOf([SKU, NAME]), text))
  expect([rows, details.warnings]).toEqual([4, ['Row 4 repeats the header and was left out.']])
})

const FEES = shapeOf([SKU, PRICE])

test('notes below the totals are offered to be left out with them, and left out or imported as the answer says', async () => {
  const text = 'SKU,Price\n1,10.5\n2,20.5\nTotal,31\n\n* preliminary\n,Source: our books\n'
  const asked = read(await stageText(tempFolder(), FEES, text))
  expect(asked).toMatchObject({ rows: 5, details: { leftOut: 0 } })
  expect(asked.details.questions).toMatchObject([
    {
      sentence:
        'Rows 4, 6 and 7 look like totals and notes, and not like a part of the table. What should become of them?',
      samples: [
        { cell: 'Row 4', value: 'Total · 31' },
        { cell: 'Row 6', value: '* preliminary' },
        { cell: 'Row 7', value: 'Source: our books' },
      ],
      suggested: 'leave_out',
    },
  ])
  const without = read(await stageText(tempFolder(), FEES, text, { totals: 'leave_out' }))
  expect(without).toMatchObject({
    ...{ rows: 2, bad: 0 },
    details: { leftOut: 3, warnings: ['Rows 4, 6 and 7 were left out as totals and notes.'], questions: [] },
  })
  expect(read(await stageText(tempFolder(), FEES, text, { totals: 'import' }))).toMatchObject({ rows: 5 })
})

test.each([
  ['a row with more than a text is below them', 'SKU,Price\n1,2\n2,3\nTotal,5\n3,4\n'],
  ['a number alone is below them', 'SKU,Price\n1,2\n2,3\nTotal,5\n,4\n'],
  ['more texts are below them than notes would be', 'SKU,Price\n1,2\n2,3\nTotal,5\nA,\nB,\nC,\nD,\n'],
  ['there are notes without totals', 'SKU,Price\n1,2\n2,3\n* preliminary,\n'],
  ['the table has no other column', 'SKU\nAll\nTotal\nNone\n'],
])('nothing is asked about totals when %s', async (_why, text) => {
  const { details } = read(await stageText(tempFolder(), FEES, text))
  expect(details.questions).toEqual([])
})

test('more rows of totals than a table ends with are rows of the table, also above notes', async () => {
  const text = 'SKU,Price\n1,2\nTotal a,3\nTotal b,5\nTotal c,7\nTotal d,9\n* preliminary,\n'
  const { details } = read(await stageText(tempFolder(), FEES, text))
  expect(details.questions[0]?.samples.map(({ cell }) => cell)).toEqual(['Row 4', 'Row 5', 'Row 6', 'Row 7'])
})

test('which of several sheets is being read is told as each begins', async () => {
  const header = ['SKU', 'Name']
  const file = workbookOf({ May: [header, ['1', 'A']], Notes: [['Who']], June: [header, ['2', 'B'], ['3', 'C']] })
  const reading = { ...AS_FOUND, allSheets: true }
  const { staging } = openStaging(path.join(tempFolder(), 'staging.db'), { sha256: file, shape: ITEMS, reading })
  onTestFinished(() => void staging.close())
  const spreadsheet = await openSpreadsheet(file)
  onTestFinished(() => spreadsheet.close())
  const told: ImportDetails['now'][] = []
  const onDetails = ({ now }: ImportDetails) => {
    if (now !== null) told.push(now)
  }
  await readAndCheck({ spreadsheet, shape: ITEMS, staging, reading, onDetails })
  expect(told).toEqual([
    { sheet: 'May', at: 1, of: 3 },
    { sheet: 'Notes', at: 2, of: 3 },
    { sheet: 'June', at: 3, of: 3 },
  ])
  expect(readStaged(staging).details).toMatchObject({ now: null, sheetsRead: ['May', 'June'] })
})

test.each([
  ['NUL bytes', `${'Our items '.repeat(20)}\nSKU,Name\nA1,Bo\0lt\nA2,N\0ut\n`, /^2 NUL characters were dropped/],
  ['CR alone', 'SKU,Name\rA1,Bolt\rA2,Nut\r', null],
  ['mixed line ends and no last one', 'SKU,Name\r\nA1,Bolt\nA2,Nut', null],
  ['trailing delimiters', 'SKU,Name,,\nA1,Bolt,,\nA2,Nut,,\n', null],
  ['its separator in the first line', 'sep=;\nSKU;Name\nA1;Bolt\nA2;Nut\n', null],
  ['lines before the header', 'Our items\n\nas of May\nSKU,Name\nA1,Bolt\nA2,Nut\n', null],
  ['a header over two lines', 'Item,Item\nSKU,Name\nA1,Bolt\nA2,Nut\n', /^The header is row 2; row 1 above it/],
  ['rows of other lengths', 'SKU,Name\nA1,Bolt,x\nA2,Nut,,y\n', /^2 rows \(2, 3\) have cells to the right/],
  ['a quote without its pair', 'SKU,Name\nA1,"Bolt\nA2,Nut\n', /^A quotation mark has no pair in row 2/],
])('a text with %s is read as it was meant, and what was decided is told', async (what, text, told) => {
  const shape = shapeOf([SKU, NAME])
  const staged = await stageText(tempFolder(), shape, text)
  const { rows, details } = read(staged)
  expect([rows, details.questions]).toEqual([2, []])
  const name = what.startsWith('a quote') ? '"Bolt' : 'Bolt'
  expect(values(staged.staging)).toMatchObject([
    { [SKU.id]: 'A1', [NAME.id]: name },
    { [SKU.id]: 'A2', [NAME.id]: 'Nut' },
  ])
  expect(details.warnings).toEqual(told === null ? [] : [expect.stringMatching(told)])
})
