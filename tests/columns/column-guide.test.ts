import { describe, expect, it } from 'vitest'
import { columnNote, wantedValue } from '../../src/columns/column-guide.ts'
import { aColumn } from './columns.ts'

describe('a column says what belongs into it', () => {
  const cases: [wanted: string, column: ReturnType<typeof aColumn>][] = [
    ['Text.', aColumn('text')],
    ['Text of 2 to 5 characters, of the form [A-Z]+.', aColumn('text', { min: 2, max: 5, pattern: '[A-Z]+' })],
    ['Text of 2 characters or more.', aColumn('text', { min: 2 })],
    ['Text of 5 characters at most.', aColumn('text', { max: 5 })],
    ['A number, 0 or more.', aColumn('number', { min: 0 })],
    ['A whole number from 1 to 10.', aColumn('integer', { min: 1, max: 10 })],
    ['Yes or no: TRUE or FALSE.', aColumn('boolean')],
    ['A date, 2024-12-31 or earlier, such as 2025-01-15.', aColumn('date', { max: '2024-12-31' })],
    ['A date and time, such as 2025-01-15 09:30.', aColumn('datetime')],
    ['An e-mail address.', aColumn('email')],
    ['A web address.', aColumn('url')],
    ['One of: red, green.', aColumn('choice', { choices: ['red', 'green'] })],
    [
      'One of: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more.',
      aColumn('choice', { choices: Array.from({ length: 12 }, (_, at) => String(at + 1)) }),
    ],
  ]
  for (const [wanted, column] of cases) it(wanted, () => expect(wantedValue(column)).toBe(wanted))

  it('and whether it must be filled, whether values may repeat, and an example', () => {
    expect(columnNote(aColumn('integer', { required: true, unique: true }))).toBe(
      'A whole number.\nMust be filled.\nNo value may come twice.\nExample: 10',
    )
    expect(columnNote(aColumn('text', { key: true, pattern: 'x+' }))).toBe(
      'Text, of the form x+.\nMust be filled.\nBy this a row finds its record.\nExample: xxx',
    )
    expect(columnNote(aColumn('datetime'))).toMatch(/May be empty\.\nExample: 2025-01-15 09:30:00$/)
  })
})
