import { describe, expect, it } from 'vitest'
import { RepeatedHeaderWatch } from '../../src/columns/repeated-header.ts'
import type { Cell } from '../../src/spreadsheets/cell.ts'

function isRepeat(header: string[], cells: Cell[]): boolean {
  return new RepeatedHeaderWatch(header).note({ number: 5, cells })
}

describe('a row repeats the header', () => {
  it.each<[string, string[], Cell[]]>([
    ['as it is', ['SKU', 'Name'], ['SKU', 'Name']],
    ['in other letters, spaces and punctuation', ['SKU', 'Unit price'], [' sku:', 'UNIT  PRICE']],
    ['with and without accents', ['Übername', 'Prénom'], ['Ubername', 'Pre\u0301nom']],
    ['after a byte order mark, where files were joined', ['SKU', 'Name'], ['\uFEFFSKU', 'Name']],
    [
      'with numbers and dates for names',
      ['Item', '2024', 'Mar-24'],
      ['Item', 2024, { type: 'date', value: '2024-03-01', text: 'Mar-24' }],
    ],
    ['also with something in columns without a name', ['SKU', '', 'Name'], ['SKU', 'page 2', 'Name', 'x']],
  ])('%s', (_how, header, cells) => {
    expect(isRepeat(header, cells)).toBe(true)
  })

  it.each<[string, string[], Cell[]]>([
    ['one cell is the same', ['SKU', 'Name'], ['SKU', 'Bolt']],
    ['all but one are the same', ['SKU', 'Name', 'Price'], ['SKU', 'Name', null]],
    ['the names stand elsewhere', ['SKU', 'Name'], ['Name', 'SKU']],
    ['the header has a single name', ['Name', ''], ['Name', null]],
    ['nothing stands in it', ['SKU', 'Name'], [null, '']],
  ])('not when %s', (_why, header, cells) => {
    expect(isRepeat(header, cells)).toBe(false)
  })

  it('which is told with the rows, the first three of them by number', () => {
    const watch = new RepeatedHeaderWatch(['SKU', 'Name'])
    const told = [4, 9, 14, 19].map((number) => {
      watch.note({ number, cells: ['SKU', 'Name'] })
      return watch.warnings()
    })
    expect(told).toEqual([
      ['Row 4 repeats the header and was left out.'],
      ['2 rows (4, 9) repeat the header and were left out.'],
      ['3 rows (4, 9, 14) repeat the header and were left out.'],
      ['4 rows (4, 9, 14 and others) repeat the header and were left out.'],
    ])
  })
})
