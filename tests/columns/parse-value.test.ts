import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COLUMN_TYPES } from '../../src/columns/column.ts'
import { parseInput, valueText } from '../../src/columns/parse-value.ts'
import { aColumn } from './columns.ts'
import { CHOICES, VALUES } from './values.ts'

describe('the editable text of a stored value', () => {
  it.each(COLUMN_TYPES)('reads back as the same value: %s', (type) => {
    fc.assert(
      fc.property(
        fc.option(VALUES[type]),
        fc.constantFrom('point' as const, 'comma' as const),
        fc.constantFrom(null, 'dmy' as const, 'mdy' as const, 'ymd' as const),
        (value, decimal, dateOrder) => {
          const column = aColumn(type, { choices: CHOICES, decimal, dateOrder })
          expect(parseInput(valueText(value, column), column)).toBe(value)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('has the decimal sign of the column', () => {
    expect(valueText(1234.5, aColumn('number'))).toBe('1234.5')
    expect(valueText(1234.5, aColumn('number', { decimal: 'comma' }))).toBe('1234,5')
  })
})

describe('what a person types', () => {
  it('is checked as a cell of a file is', () => {
    expect(parseInput('1,000', aColumn('integer'))).toBe(1000)
    expect(parseInput('', aColumn('boolean'))).toBeNull()
    expect(parseInput('2024-02-28T10:30', aColumn('datetime'))).toBe('2024-02-28T10:30:00')
    expect(parseInput('x', aColumn('date', { name: 'Start' }))).toMatchObject({
      code: 'not_date',
      message: "Start: 'x' is not a date, expected YYYY-MM-DD, for example 2024-02-28.",
    })
  })

  it('keeps the line breaks of the cell it came from', () => {
    expect(parseInput('one\r\ntwo', aColumn('text'))).toBe('one\ntwo')
  })
})
