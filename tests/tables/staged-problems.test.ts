import path from 'node:path'
import { expect, test } from 'vitest'
import { openSpreadsheet } from '../../src/spreadsheets/open.ts'
import { compare } from '../../src/tables/compare.ts'
import { AS_FOUND } from '../../src/tables/reading.ts'
import { countInexactCells, keepRefusedCells } from '../../src/tables/refused-cells.ts'
import { refusedRows } from '../../src/tables/refused-rows.ts'
import { rowRanges } from '../../src/tables/row-ranges.ts'
import { listProblems, problemGroups } from '../../src/tables/staged-problems.ts'
import { openStaging, openStagingReadonly, trimStaging } from '../../src/tables/staging.ts'
import { tempFolder } from '../support/folder.ts'
import { ITEMS, importText, PRICE, read, SKU, stageText, tableIn } from './imports.ts'

const TEXT = 'SKU,Note,Name,Price\nA1,n1,Bolt,dear\nA2,,Nut,dear\nA3,,Pin,cheap\n,n4,Rod,1\nA5,,Nail,2\nA6,,Hook,dear\n'

test('problems are grouped by column and kind, with the values seen most and the rows as ranges', async () => {
  const { staging } = await stageText(tempFolder(), ITEMS, TEXT)
  expect(problemGroups(staging, ITEMS)).toEqual([
    {
      columnId: PRICE.id,
      code: 'not_number',
      count: 4,
      message: expect.stringContaining("Price: 'dear'"),
      values: [
        { value: 'dear', count: 3 },
        { value: 'cheap', count: 1 },
      ],
      rows: '2–4, 7',
    },
    { columnId: SKU.id, code: 'required', count: 1, message: expect.any(String), values: [], rows: '5' },
  ])
})

test('problems are listed page by page, of one column and kind when asked', async () => {
  const { staging } = await stageText(tempFolder(), ITEMS, TEXT)
  const first = listProblems(staging, { limit: 3 })
  expect(first.items.map(({ row }) => row)).toEqual([2, 3, 4])
  const second = listProblems(staging, { limit: 3, cursor: first.next ?? '' })
  expect(second.items.map(({ row }) => row)).toEqual([5, 7])
  expect(second.next).toBeNull()
  const required = { limit: 9, code: 'required', columnId: SKU.id }
  expect(listProblems(staging, required).items.map(({ row }) => row)).toEqual([5])
  expect(listProblems(staging, { ...required, columnId: null }).items).toEqual([])
  expect(listProblems(staging, { limit: 9, code: null, columnId: null }).items).toHaveLength(5)
})

test('refused rows come back in the layout of the file with all that is wrong with them', async () => {
  const { staging } = await stageText(tempFolder(), ITEMS, 'Note,SKU,Price\nkeep,,dear\n,A1,1\n')
  const { header, rows } = refusedRows(staging)
  expect(header).toEqual(['Note', 'SKU', 'Price'])
  expect([...rows]).toEqual([
    {
      sheet: expect.any(String),
      row: 2,
      cells: ['keep', '', 'dear'],
      message: expect.stringMatching(/^SKU is empty\..* Price: 'dear' is not a number/),
    },
  ])
})

test('rows that only the comparison refuses come with their values, and with their cells once the file is read again', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: 'SKU,Name\nA1,Bolt\n' })
  const staged = await stageText(folder, ITEMS, 'Note,Price,SKU\nbad,dear,B1\nplain, 1.50 ,A1\nfine,2,C1\nlast,$3,A1\n')
  read(staged)
  const { staging, file } = staged
  compare({ staging, table, shape: ITEMS, mode: 'add' })
  expect([...refusedRows(staging).rows].map(({ row, cells }) => [row, cells])).toEqual([
    [2, ['bad', 'dear', 'B1']],
    [3, ['', '1.5', 'A1']],
    [5, ['', '3', 'A1']],
  ])
  expect(countInexactCells(staging)).toBe(2)
  const spreadsheet = await openSpreadsheet(file)
  await keepRefusedCells(staging, spreadsheet)
  spreadsheet.close()
  expect(countInexactCells(staging)).toBe(0)
  expect([...refusedRows(staging).rows].map(({ row, cells }) => [row, cells])).toEqual([
    [2, ['bad', 'dear', 'B1']],
    [3, ['plain', ' 1.50 ', 'A1']],
    [5, ['last', '$3', 'A1']],
  ])
  compare({ staging, table, shape: ITEMS, mode: 'update' })
  expect([...refusedRows(staging).rows].map(({ row }) => row)).toEqual([2, 3, 5])
  await importText(table, { folder, shape: ITEMS, text: 'SKU,Name\nC1,Nut\n' })
  compare({ staging, table, shape: ITEMS, mode: 'add' })
  expect([...refusedRows(staging).rows].map(({ row }) => row)).toEqual([2, 3, 4, 5])
})

test('a trimmed staging file still tells its problems and refused rows, and is not used again', async () => {
  const folder = tempFolder()
  const { staging } = await stageText(folder, ITEMS, TEXT)
  const groups = problemGroups(staging, ITEMS)
  const rows = [...refusedRows(staging).rows]
  trimStaging(staging)
  const reopened = openStagingReadonly(staging.name)
  expect(problemGroups(reopened, ITEMS)).toEqual(groups)
  expect([...refusedRows(reopened).rows]).toEqual(rows)
  reopened.close()
  staging.close()
  const source = { sha256: path.join(folder, 'x'), shape: ITEMS, reading: AS_FOUND }
  const { staging: again, complete } = openStaging(staging.name, source)
  expect(complete).toBe(false)
  again.close()
})

test.each([
  [[], ''],
  [[4], '4'],
  [[3, 4], '3, 4'],
  [[3, 4, 5, 40], '3–5, 40'],
  [
    Array.from({ length: 50 }, (_, at) => at * 2),
    `${Array.from({ length: 20 }, (_, at) => at * 2).join(', ')} and more`,
  ],
])('row numbers %j are written %j', (rows, text) => {
  expect(rowRanges(rows)).toBe(text)
})
