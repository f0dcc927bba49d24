import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DamageWatch } from '../../src/columns/damage.ts'
import type { Cell } from '../../src/spreadsheets/cell.ts'
import { aColumn } from './columns.ts'

const ZIP = aColumn('text', { name: 'Zip' })

/** What is said of a column with these cells, the first of them in row 2; column C, beside one that is not watched. */
function warningsOf(cells: Cell[], isText = false): string[] {
  const watch = new DamageWatch(
    [
      { index: 0, column: aColumn('number', { name: 'Amount' }) },
      { index: 2, column: ZIP },
    ],
    { isText },
  )
  for (const [at, cell] of cells.entries()) watch.note({ number: at + 2, cells: [1e20, null, cell] })
  return watch.warnings()
}

const codes = (count: number) => Array.from({ length: count }, (_, at) => String(10_000 + at * 37))
const number = (value: number, text = String(value)): Cell => ({ type: 'number', value, text })
const date: Cell = { type: 'date', value: '2024-03-01', text: '1-Mar' }

describe('codes that lost their leading zeros', () => {
  it('are numbers that are a digit or two shorter than the others', () => {
    expect(warningsOf([...codes(20), 1067, 99, '00420', number(4109)])).toEqual([])
    expect(warningsOf([...codes(20), 1067, '00420', number(4109), 420])).toEqual([
      'Zip: 3 codes are shorter than the 5 digits of the others, as if zeros at the start were lost (C22, C24 and C25).',
    ])
    expect(warningsOf([...codes(20).map(Number), 1067])).toEqual([
      'Zip: 1 code is shorter than the 5 digits of the others, as if zeros at the start were lost (C22).',
    ])
  })

  it('are any shorter digits in a CSV, where all is text, and none of them in a workbook', () => {
    expect(warningsOf([...codes(20), '1067'], true)).toHaveLength(1)
    expect(warningsOf([...codes(20), '1067'], false)).toEqual([])
  })

  it('name three cells and count the rest', () => {
    expect(warningsOf([...codes(40), '1067', '1068', '1069', '107', '1071'], true)[0]).toMatch(
      /^Zip: 5 codes .* \(C42, C43, C44 and 2 more\)\.$/,
    )
  })

  it('are not those that a format shows with zeros, nor numbers that merely count', () => {
    expect(warningsOf([...codes(20), number(1067, '01067')])).toEqual([])
    for (const most of [99, 500, 9999, 20_000]) {
      expect(warningsOf(Array.from({ length: most }, (_, at) => at + 1))).toEqual([])
    }
  })
})

describe('other damage', () => {
  it('is a long number that was rounded, as a number or as it is printed', () => {
    expect(warningsOf(['A1', 1234567890123456, '1.23457E+15', number(4e15), '12E4', 123456789012345])).toEqual([
      'Zip: 3 numbers have more than 15 digits or an exponent, so digits may be lost (C3, C4 and C5).',
    ])
  })

  it('is a date among values that are none', () => {
    expect(warningsOf(['MARCH2', 'SEPT3', date])).toEqual([
      'Zip: 1 value is a date where most are none, as if a program had made it one (C4).',
    ])
    expect(warningsOf([date, date, 'unknown'])).toEqual([])
  })

  it('is the same in a CSV, which has the date as the program showed it, in any language', () => {
    expect(warningsOf(['MARCH2', 'SEPT3', '2-Mar'], true)).toEqual([
      'Zip: 1 value is a date where most are none, as if a program had made it one (C4).',
    ])
    for (const day of [
      '02-Mar',
      '01.Mrz',
      '01. Mrz',
      '3. Dez.',
      '2-févr.',
      '31-AUG',
      'Mar-02',
      'Sept-15',
      'juil.-02',
    ]) {
      expect(warningsOf(['MARCH2', 'SEPT3', day], true), day).toHaveLength(1)
    }
  })

  it('is none in a CSV where most are such dates, nor what merely resembles one', () => {
    expect(warningsOf(['2-Mar', '1-Sep', 'Mar-02', 'SEPT3', 'MARCH2'], true)).toEqual([])
    for (const code of ['2-Max', '32-Mar', '0-Mar', '2-Mar-2024', 'Mar-2', 'XMar-02', 'A-12', '2 Mar', 'M4R-02']) {
      expect(warningsOf(['MARCH2', 'SEPT3', code], true), code).toEqual([])
    }
  })

  it('is not a text of a workbook that reads like a date, since a cell made one would be one', () => {
    expect(warningsOf(['MARCH2', 'SEPT3', '2-Mar', 'Mar-02'])).toEqual([])
  })

  it('is a text as long as a cell can be, or several as long as a field of old and none longer', () => {
    expect(warningsOf(['x', 'y'.repeat(32_767)])[0]).toMatch(/^Zip: 1 text is exactly 32,767 .* \(C3\)\.$/)
    const field = 'z'.repeat(255)
    expect(warningsOf([field, field])[0]).toMatch(/^Zip: 2 texts are exactly 255 .* \(C2 and C3\)\.$/)
    expect(warningsOf([field])).toEqual([])
    expect(warningsOf([field, field, `${field}!`])).toEqual([])
  })

  it('is what a column shows that is too narrow', () => {
    expect(warningsOf(['####', '#', '#1', '##########'])).toEqual([
      'Zip: 2 cells hold only ####, as a column shows that is too narrow for its values (C2 and C5).',
    ])
  })

  it('is never seen in columns of a sound table', () => {
    const sound = fc.oneof(fc.stringMatching(/^[A-Za-z ]{0,20}$/), fc.constant(null), fc.boolean())
    fc.assert(
      fc.property(fc.array(sound, { maxLength: 60 }), fc.boolean(), (cells, isText) => {
        expect(warningsOf(cells, isText)).toEqual([])
      }),
    )
  })

  it('is counted whole, whatever the order of the rows', () => {
    const damaged = fc.shuffledSubarray([...codes(30), 1067, 1068, date, '####'], { minLength: 34 })
    fc.assert(
      fc.property(damaged, (cells) => {
        expect(warningsOf(cells).map((warning) => warning.replace(/ \(.*/, ''))).toEqual([
          'Zip: 2 codes are shorter than the 5 digits of the others, as if zeros at the start were lost',
          'Zip: 1 value is a date where most are none, as if a program had made it one',
          'Zip: 1 cell holds only ####, as a column shows that is too narrow for its values',
        ])
      }),
    )
  })
})
