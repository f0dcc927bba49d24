import { expect, test } from 'vitest'
import { headerLines, proposedHeaderLines } from '../../src/columns/header-lines.ts'
import type { Cell } from '../../src/spreadsheets/cell.ts'
import { aShape } from './columns.ts'

const linesOf = (at: number, cells: Cell[][], ...names: string[]) =>
  headerLines(
    cells.map((each, index) => ({ number: index + 1, cells: each })),
    at,
    { shape: aShape(...names), options: {} },
  )

const PRICES: Cell[][] = [
  ['Item', 'Price', null, 'Stock', null],
  [null, 'net', 'gross', 'North', 'South'],
  ['Bolt', 1, 1.19, 5, 7],
]

test.each([0, 1])('two lines that name more columns together are joined, whichever was found (%i)', (at) => {
  expect(linesOf(at, PRICES, 'Item', 'Price net', 'Price gross', 'Stock North', 'Stock South')).toEqual({
    texts: ['Item', 'Price net', 'Price gross', 'Stock North', 'Stock South'],
    lastRow: 2,
    warnings: ["The header is in two lines, rows 1 and 2; they were joined, as in 'Price net'."],
  })
})

test('a line that names the columns alone is the header, and names above it are told', () => {
  expect(linesOf(1, PRICES, 'net', 'gross', 'North')).toEqual({
    texts: ['', 'net', 'gross', 'North', 'South'],
    lastRow: 2,
    warnings: ['The header is row 2; row 1 above it (Item, Price, Stock) was not used.'],
  })
})

test('a title, or a row of data below, is no line of the header', () => {
  const rows: Cell[][] = [['Our items'], ['SKU', 'Name'], ['1', 'Bolt']]
  expect(linesOf(1, rows, 'SKU', 'Name')).toEqual({ texts: ['SKU', 'Name'], lastRow: 2, warnings: [] })
  expect(linesOf(9, rows, 'SKU')).toBeUndefined()
})

const proposed = (at: number, cells: Cell[][]) =>
  proposedHeaderLines(
    cells.map((each, index) => ({ number: index + 1, cells: each })),
    at,
  )

test.each([0, 1])('without a template, two lines are joined where a name stands over several columns (%i)', (at) => {
  expect(proposed(at, PRICES)).toMatchObject({
    texts: ['Item', 'Price net', 'Price gross', 'Stock North', 'Stock South'],
    lastRow: 2,
  })
})

test.each<[string, number, Cell[][], string[]]>([
  [
    'a title',
    1,
    [
      ['Prices', null, null],
      ['Item', 'net', 'gross'],
      ['Bolt', 1, 2],
    ],
    ['Item', 'net', 'gross'],
  ],
  [
    'a row of texts below gaps',
    0,
    [
      ['Name', null, 'Town'],
      ['Ann', 'Lee', 'Bonn'],
      ['Bob', 'Ray', 'Kiel'],
    ],
    ['Name', '', 'Town'],
  ],
  [
    'a row of data below',
    0,
    [
      ['Item', null, 'Price'],
      ['Bolt', 'x', 1],
      ['Nut', 'y', 2],
    ],
    ['Item', '', 'Price'],
  ],
  [
    'a full line below',
    0,
    [
      ['Item', 'Price'],
      ['Bolt', 'on request'],
      ['Nut', 2],
    ],
    ['Item', 'Price'],
  ],
])('without a template, %s is no line of the header', (_, at, rows, texts) => {
  expect(proposed(at, rows)).toMatchObject({ texts, lastRow: at + 1 })
})

test('without a template, two lines are joined where the lower says the same under each name', () => {
  const rows: Cell[][] = [
    ['2023', null, '2024', null],
    ['net', 'gross', 'net', 'gross'],
    [1, 2, 3, 4],
  ]
  expect(proposed(0, rows)?.texts).toEqual(['2023 net', '2023 gross', '2024 net', '2024 gross'])
})
