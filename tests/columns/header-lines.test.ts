import { expect, test } from 'vitest'
import { headerLines } from '../../src/columns/header-lines.ts'
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
