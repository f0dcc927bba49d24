import { describe, expect, test } from 'vitest'
import { isTotalWord, TotalsWatch, totalsQuestion } from '../../src/columns/totals.ts'
import type { Cell } from '../../src/spreadsheets/cell.ts'
import { aColumn, aShape } from './columns.ts'

const columns = [
  { index: 0, column: aColumn('text', { name: 'SKU', key: true }) },
  { index: 1, column: aColumn('text', { name: 'Name' }) },
  { index: 2, column: aColumn('number', { name: 'Price' }) },
  { index: 3, column: aColumn('integer', { name: 'Left' }) },
]
const shape = aShape(...columns.map(({ column }) => column))

function isTotal(...cells: Cell[]): boolean {
  const watch = new TotalsWatch(columns, shape)
  watch.add(['1', 'Bolt', 0.1, 5])
  watch.add(['2', 'Nut', 0.2, 7])
  return watch.isTotal({ number: 4, cells }, [
    null,
    null,
    Number(cells[2] ?? 0),
    cells[3] === undefined ? null : Number(cells[3]),
  ])
}

describe('a row of totals', () => {
  test.each([
    'Total',
    'TOTAL:',
    'Grand total 2024',
    'Sum',
    'Summe netto',
    'Gesamt',
    'Somme',
    'Suma',
    'Razem',
    'Összesen',
  ])('is headed %s', (word) => {
    expect(isTotalWord(word)).toBe(true)
    expect(isTotal(word, null, 9)).toBe(true)
    expect(isTotal(null, word, 9)).toBe(true)
  })

  test.each(['ИТОГО', '合計', 'المجموع', 'סה"כ', 'Σύνολο', 'Toplam', 'Celkem'])(
    'is headed %s in other scripts',
    (word) => {
      expect(isTotalWord(word)).toBe(true)
    },
  )

  test.each(['Totally', 'Summer', 'Sumatra coffee', 'Bolt, total length 5', 'Gesamtheit'])(
    'is not headed %s',
    (word) => {
      expect(isTotalWord(word)).toBe(false)
    },
  )

  test('has no key and the sums of the numbers above, whatever the order of adding them', () => {
    expect(isTotal(null, null, 0.30000000000000004, 12)).toBe(true)
    expect(isTotal(null, null, 0.3)).toBe(true)
    expect(isTotal(null, 'all', 0.3, 11)).toBe(false)
    expect(isTotal(null, null, 0)).toBe(false)
  })

  test('is no row with a key, whatever it is called and holds', () => {
    expect(isTotal('3', 'Total', 0.3, 12)).toBe(false)
  })

  test('is asked about with what stands in it', () => {
    const rows = [
      { sheet: null, row: { number: 8, cells: ['Net', null, '1,5'] } },
      { sheet: null, row: { number: 9, cells: ['Total', null, '2'] } },
    ]
    expect(totalsQuestion(rows, columns)).toMatchObject({
      sentence: 'Rows 8 and 9 look like rows of totals and not like a part of the table. What should become of them?',
      samples: [
        { cell: 'Row 8', value: 'Net · 1,5' },
        { cell: 'Row 9', value: 'Total · 2' },
      ],
      suggested: 'leave_out',
    })
  })
})
