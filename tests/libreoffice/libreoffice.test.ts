import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import Papa from 'papaparse'
import { expect, test } from 'vitest'
import { read as readWorkbook } from 'xlsx'
import type { Column } from '../../src/columns/column.ts'
import type { Reporter } from '../../src/processes/protocol.ts'
import { runExport } from '../../src/processes/tasks/export.ts'
import { openBytes } from '../../src/spreadsheets/byte-source.ts'
import type { Cell } from '../../src/spreadsheets/cell.ts'
import { writeCsv } from '../../src/spreadsheets/csv/write-csv.ts'
import { openSpreadsheet } from '../../src/spreadsheets/open.ts'
import type { OutColumn, OutValue } from '../../src/spreadsheets/out-sheet.ts'
import { writeXlsx } from '../../src/spreadsheets/xlsx/write/write-xlsx.ts'
import { listZip, readWholeZipPart } from '../../src/spreadsheets/zip/zip.ts'
import { readCells, readRows } from '../spreadsheets/files.ts'
import { tempFolder } from '../support/folder.ts'
import { column, SKU, shapeOf } from '../tables/imports.ts'
import { converted } from './convert.ts'

const COLUMNS: OutColumn[] = [
  { id: 'ctext000', header: 'Text', type: 'text' },
  { id: 'cnumber0', header: 'Number', type: 'number' },
  { id: 'cinteger', header: 'Integer', type: 'integer' },
  { id: 'cboolean', header: 'Boolean', type: 'boolean' },
  { id: 'cdate000', header: 'Date', type: 'date' },
  { id: 'cmoment0', header: 'Moment', type: 'datetime' },
]

/** What people write, and what breaks files. */
const PIECES = [
  'a',
  'ä',
  '😀',
  '日本',
  ' ',
  '"',
  "'",
  ',',
  ';',
  '\t',
  '\n',
  '=',
  '+',
  '-',
  '@',
  '<',
  '&',
  ']]>',
  '_x000D_',
  '0',
  '1.5',
  'TRUE',
]
const text = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''))
  .filter((each) => each.trim() !== '')
const day = fc.date({ min: new Date('1901-01-01'), max: new Date('9999-12-30'), noInvalidDate: true })
const row = fc.tuple(
  text,
  fc.integer({ min: -1e6, max: 1e6 }).map((cents) => cents / 100),
  fc.integer({ min: -1e9, max: 1e9 }),
  fc.boolean(),
  day.map((each) => each.toISOString().slice(0, 10)),
  day.map((each) => each.toISOString().slice(0, 19)),
)
const ROWS: OutValue[][] = [
  ['00042', 0.1, 0, true, '2024-02-29', '2024-02-29T23:59:59'],
  ['=1+1', -1e-7, 123456789012345, false, '1900-03-01', '9999-12-31T00:00:00'],
  ['1234567890123456789', 1.7976931348623157e308, -1, true, '1970-01-01', '2000-01-01T12:00:00'],
  ...fc.sample(row, { numRuns: 300, seed: 7 }),
]

/** A cell as the API would speak of it, whichever program wrote it. */
function plain(cell: Cell | undefined): OutValue {
  if (cell === null || cell === undefined || typeof cell !== 'object') return cell ?? null
  if (cell.type === 'error') return cell.code
  return cell.type === 'date' ? cell.value.replace('T00:00:00', '') : cell.value
}

const values = (rows: OutValue[][]) =>
  rows.map((cells) => cells.map((cell) => (typeof cell === 'string' ? cell.replace(/T00:00:00$/, '') : cell)))

async function exported(folder: string): Promise<string> {
  const file = path.join(folder, 'export.xlsx')
  const rows = ROWS.map((cells, at) => [at + 1, ...cells])
  const marks = { templateId: 't1', version: 3 }
  await writeXlsx(file, { name: 'Items', columns: COLUMNS, rows, recordIds: true, marks })
  return file
}

test('an export that LibreOffice opened and saved has the same cells', async () => {
  const file = await converted(await exported(tempFolder()), 'xlsx')
  const [header, ...rows] = await readCells(file)
  expect(header).toEqual(['__record_id', ...COLUMNS.map((each) => each.header)])
  expect(rows.map((cells) => cells.slice(1).map(plain))).toEqual(values(ROWS))
  const spreadsheet = await openSpreadsheet(file)
  spreadsheet.close()
  expect(spreadsheet.marks?.columns).toEqual(new Map(COLUMNS.map(({ id }, at) => [at + 1, id])))
})

test('an export shows in LibreOffice what was written', async () => {
  const file = await converted(await exported(tempFolder()), 'csv')
  const { data } = Papa.parse<string[]>(readFileSync(file, 'utf8').trimEnd(), { newline: '\n' })
  // LibreOffice shows ten digits of a number in a column of General format.
  const shown = data.slice(1).map(([, ...cells]) => [cells[0], Number(cells[1]), Number(cells[2]), ...cells.slice(3)])
  const wanted = ROWS.map(([words, number, whole, truth, date, moment]) => [
    words,
    expect.closeTo(Number(number), 6),
    whole,
    truth ? 'TRUE' : 'FALSE',
    date,
    String(moment).replace('T', ' '),
  ])
  const isHuge = (cells: unknown[]) => Math.abs(Number(cells[1])) > 1e300
  expect(shown.filter((cells) => !isHuge(cells))).toEqual(wanted.filter((_, at) => !isHuge(ROWS[at] ?? [])))
})

test('a CSV that LibreOffice opened runs no text as a formula, and comes back as it was', async () => {
  const folder = tempFolder()
  const unsafe = path.join(folder, 'unsafe.csv')
  writeFileSync(unsafe, 'Text\n=1+1\n')
  expect(await formulasIn(unsafe)).toEqual(['1+1'])
  const file = path.join(folder, 'export.csv')
  const texts = ROWS.map(([words]) => [words ?? null, 'x'])
  await writeCsv(file, { name: 'Items', columns: COLUMNS.slice(0, 1).concat(COLUMNS.slice(0, 1)), rows: texts })
  expect(await formulasIn(file)).toEqual([])
  expect((await readRows(file)).slice(1).map(({ cells }) => cells[0])).toEqual(texts.map(([words]) => words))
})

/**
 * What LibreOffice has of a text in a CSV. The apostrophe keeps it from running one; and since a CSV says of no field
 * that it is a text, what looks like a number, a truth or a date becomes one.
 */
const TEXTS: [written: string, held: OutValue][] = [
  ['Größe, 日本', 'Größe, 日本'],
  ['two\nlines; "quoted"', 'two\nlines; "quoted"'],
  [' blanks ', ' blanks '],
  ["'tis", "'tis"],
  ['=1+1', "'=1+1"],
  ['+49 30 1234', "'+49 30 1234"],
  ['-x', "'-x"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ["'=1+1", "''=1+1"],
  ['=A1\n,"b"', `'=A1\n,"b"`],
  ['00042', 42],
  ['1.5', 1.5],
  ['TRUE', true],
  ['2024-02-29', '2024-02-29'],
]

test('a CSV has in LibreOffice the values that were written, cell by cell', async () => {
  const file = path.join(tempFolder(), 'export.csv')
  const textOf = (at: number) => TEXTS[at % TEXTS.length] ?? ['', null]
  const rows = ROWS.map(([, ...cells], at) => [textOf(at)[0], ...cells])
  await writeCsv(file, { name: 'Items', columns: COLUMNS, rows })
  const [header, ...found] = await readCells(await converted(file, 'xlsx'))
  expect(header).toEqual(COLUMNS.map((each) => each.header))
  expect(found.map((cells) => cells.map(plain))).toEqual(
    values(ROWS.map(([, ...cells], at) => [textOf(at)[1], ...cells])),
  )
})

async function formulasIn(file: string): Promise<string[]> {
  const book = readWorkbook(readFileSync(await converted(file, 'xlsx')), { cellFormula: true })
  const sheet = book.Sheets[book.SheetNames[0] ?? ''] ?? {}
  return Object.values(sheet).flatMap((cell) => (cell?.f === undefined ? [] : [cell.f]))
}

test('a blank template keeps its drop-downs, rules, notes and colours, and its choices stay hidden', async () => {
  const folder = tempFolder()
  const choices = Array.from({ length: 120 }, (_, at) => `Country ${at + 1}`)
  const columns: Column[] = [
    SKU,
    column('ccountry', 'choice', { name: 'Country', choices }),
    column('ccolor00', 'choice', { name: 'Color', choices: ['red', 'green'] }),
    column('csince00', 'date', { name: 'Since', min: '2020-01-01' }),
    column('cpieces0', 'integer', { name: 'Pieces', min: 1, max: 9 }),
  ]
  const out = path.join(folder, 'template.xlsx')
  const paths = { table: path.join(folder, 'table.db'), out }
  const shape = shapeOf(columns)
  await runExport(
    { kind: 'export', jobId: 'j1', shape, format: 'xlsx', content: 'template', filter: null, paths },
    SILENT,
  )
  const file = await converted(out, 'xlsx')
  const book = readWorkbook(readFileSync(file), { cellStyles: true })
  expect(book.Workbook?.Sheets?.map(({ name, Hidden }) => [name, Hidden])).toEqual([
    ['Items', 0],
    ['Choices', 1],
  ])
  expect(book.Sheets.Items?.B1.c[0].t).toMatch(/^Text\.\nMust be filled\./)
  expect(book.Sheets.Items?.B1.s.fgColor.rgb).toMatch(/FDE7B5$/)
  const xml = await part(file, 'xl/worksheets/sheet1.xml')
  const rules = Array.from(
    xml.matchAll(/<dataValidation .*?type="(\w+)".*?<formula1>(.*?)<\/formula1>/g),
    ([, ...found]) => found,
  )
  expect(rules).toEqual([
    ['list', 'Choices!$A$1:$A$120'],
    ['list', '&quot;red,green&quot;'],
    ['date', '43831'],
    ['whole', '1'],
  ])
})

const SILENT: Reporter = { progress() {}, details() {} }

async function part(file: string, name: string): Promise<string> {
  const source = await openBytes(file)
  try {
    const entry = (await listZip(source)).find((each) => each.name === name)
    return entry ? (await readWholeZipPart(source, entry, 1e9)).toString('utf8') : ''
  } finally {
    await source.close()
  }
}
