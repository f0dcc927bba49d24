import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCheck } from '../../src/columns/check-cell.ts'
import { isMisfit } from '../../src/columns/checked.ts'
import { COLUMN_TYPES, type Column, type ColumnType, type Value } from '../../src/columns/column.ts'
import { PROBLEM_CODES } from '../../src/columns/problem.ts'
import type { Cell } from '../../src/spreadsheets/cell.ts'
import { aColumn } from './columns.ts'

/** The value, or the code and the sentence of what is wrong. */
function checked(cell: Cell | undefined, type: ColumnType, rules: Partial<Column> = {}): Value | [string, string] {
  const outcome = compileCheck(aColumn(type, rules))(cell)
  return isMisfit(outcome) ? [outcome.code, outcome.message] : outcome
}

describe('an empty cell', () => {
  it.each([null, undefined, '', '  ', '\n\t', '\u00a0'])('has no value in a column of any type', (cell) => {
    for (const type of COLUMN_TYPES) expect(checked(cell, type)).toBeNull()
  })

  it('is a problem where the column is required', () => {
    const name = aColumn('text', { name: 'Name', required: true })
    const problem = { code: 'required', message: 'Name is empty. This column must be filled.', value: '' }
    expect(compileCheck(name)(' ')).toEqual(problem)
    expect(compileCheck(name)(undefined)).toEqual(problem)
  })
})

describe('a cell with an error', () => {
  it('is a problem in a column of any type', () => {
    for (const type of COLUMN_TYPES) {
      expect(checked({ type: 'error', code: '#N/A' }, type, { name: 'Price' })).toEqual([
        'cell_error',
        'Price: the cell shows the error #N/A.',
      ])
    }
  })
})

describe('a text column', () => {
  it('trims, and keeps what is inside', () => {
    expect(checked('  Ana\nMaría \u00a0', 'text')).toBe('Ana\nMaría')
  })

  it('takes what the person sees', () => {
    expect(checked({ type: 'number', value: 42, text: '00042' }, 'text')).toBe('00042')
    expect(checked(4915123456789012, 'text')).toBe('4915123456789012')
    expect(checked({ type: 'date', value: '2024-02-28', text: '28.02.2024' }, 'text')).toBe('28.02.2024')
    expect(checked(true, 'text')).toBe('TRUE')
  })

  it('keeps to its length, in characters as people count them', () => {
    const rules = { name: 'Code', min: 2, max: 4 }
    expect(checked('abcd', 'text', rules)).toBe('abcd')
    expect(checked('😀😀😀😀', 'text', rules)).toBe('😀😀😀😀')
    expect(checked('😀', 'text', rules)).toEqual(['too_short', "Code: '😀' has 1 character, at least 2 are needed."])
    expect(checked('abcde', 'text', rules)).toEqual([
      'too_long',
      "Code: 'abcde' has 5 characters, at most 4 are allowed.",
    ])
  })

  it('matches its pattern as a whole', () => {
    const rules = { name: 'SKU', pattern: '[A-Z]{3}|x' }
    expect(checked('ABC', 'text', rules)).toBe('ABC')
    expect(checked('ABCD', 'text', rules)).toEqual([
      'pattern',
      "SKU: 'ABCD' does not have the form that this column asks for: [A-Z]{3}|x",
    ])
  })

  it('is not stopped by a pattern that is no regular expression', () => {
    expect(checked('abc', 'text', { pattern: '(' })).toBe('abc')
  })
})

describe('a number column', () => {
  it('takes numbers as they are, whatever their format', () => {
    expect(checked(12.5, 'number')).toBe(12.5)
    expect(checked({ type: 'number', value: 0.125, text: '12.5 %' }, 'number')).toBe(0.125)
    expect(Object.is(checked(-0, 'number'), 0)).toBe(true)
  })

  it('reads text by its decimal sign', () => {
    expect(checked(' 1,000.50 ', 'number')).toBe(1000.5)
    expect(checked('1.000,50', 'number', { decimal: 'comma' })).toBe(1000.5)
  })

  it('says what it expected', () => {
    expect(checked('twelve', 'number', { name: 'Price' })).toEqual([
      'not_number',
      "Price: 'twelve' is not a number, expected for example 1000.5.",
    ])
    expect(checked('twelve', 'number', { name: 'Price', decimal: 'comma' })).toEqual([
      'not_number',
      "Price: 'twelve' is not a number, expected for example 1000,5.",
    ])
  })

  it('says that a number looks like one with the other decimal sign', () => {
    expect(checked('1.000,50', 'number', { name: 'Price' })).toEqual([
      'not_number',
      "Price: '1.000,50' is not a number with decimal point, it looks like decimal comma. Expected 1000.5, or set this column to decimal comma.",
    ])
    expect(checked('0,435', 'number', { name: 'Weight' })).toEqual([
      'not_number',
      "Weight: '0,435' is not a number with decimal point, it looks like decimal comma. Expected 0.435, or set this column to decimal comma.",
    ])
  })

  it('takes no dates and no booleans for numbers', () => {
    const date: Cell = { type: 'date', value: '2024-02-28', text: '28/02/2024' }
    expect(checked(date, 'number', { name: 'Price' })).toEqual([
      'not_number',
      "Price: '28/02/2024' is a date or time, not a number.",
    ])
    expect(checked(true, 'number', { name: 'Price' })).toEqual([
      'not_number',
      "Price: 'TRUE' is a yes/no value, not a number.",
    ])
  })

  it('keeps to its bounds and shows them', () => {
    const rules = { name: 'Price', min: 0.5, max: 1000 }
    expect(checked(0.5, 'number', rules)).toBe(0.5)
    expect(checked('1,000', 'number', rules)).toBe(1000)
    expect(checked('0.4', 'number', rules)).toEqual([
      'too_small',
      "Price: '0.4' is less than 0.5, the smallest allowed.",
    ])
    expect(checked(1000.01, 'number', rules)).toEqual([
      'too_large',
      "Price: '1000.01' is more than 1000, the largest allowed.",
    ])
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('never gives %s', (number) => {
    expect(isMisfit(compileCheck(aColumn('number'))(number))).toBe(true)
    expect(isMisfit(compileCheck(aColumn('number'))('1e400'))).toBe(true)
  })
})

describe('a whole number column', () => {
  it('takes whole numbers, also those that arithmetic left a hair off', () => {
    expect(checked('1,000', 'integer')).toBe(1000)
    expect(checked('5.00', 'integer')).toBe(5)
    expect(checked(2.9999999999999996, 'integer')).toBe(3)
  })

  it('refuses fractions, and says so when the format hides them', () => {
    expect(checked('1.5', 'integer', { name: 'Quantity' })).toEqual([
      'not_integer',
      "Quantity: '1.5' is not a whole number, expected for example 1000.",
    ])
    expect(checked({ type: 'number', value: 2.5, text: '3' }, 'integer', { name: 'Quantity' })).toEqual([
      'not_integer',
      "Quantity: '3' is 2.5 with its decimals hidden, expected a whole number.",
    ])
  })

  it.each(['9007199254740993', '12345678901234567890', 1e16])('says to make the column a text for %s', (cell) => {
    const [code, message] = checked(cell, 'integer', { name: 'Card no.' }) as [string, string]
    expect(code).toBe('too_large')
    expect(message).toMatch(
      /^Card no\.: '\d+' has more digits than a number keeps exactly .* make this column a text\.$/,
    )
  })
})

describe('a yes/no column', () => {
  it.each([
    'true',
    'YES',
    'y',
    '1',
    'Ja',
    'oui',
    'sí',
    'Wahr',
    'VRAI',
    1,
    true,
    { type: 'number', value: 1, text: 'On' },
  ] as Cell[])('takes %j as yes', (cell) => {
    expect(checked(cell, 'boolean')).toBe(true)
  })

  it.each(['false', 'No', 'N', '0', 'nein', 'non', 'FALSCH', 'faux', 0, false] as Cell[])('takes %j as no', (cell) => {
    expect(checked(cell, 'boolean')).toBe(false)
  })

  it.each(['maybe', 'x', '2', 2, 'yesno'] as Cell[])('refuses %j and lists the accepted words', (cell) => {
    const [code, message] = checked(cell, 'boolean', { name: 'Active' }) as [string, string]
    expect(code).toBe('not_boolean')
    expect(message).toContain('is not yes or no, expected one of true/false, yes/no, y/n, 1/0, ja/nein')
  })
})

describe('a date column', () => {
  const start = { name: 'Start date', dateOrder: 'dmy' } as const

  it('takes real date cells, and of date-times the date', () => {
    expect(checked({ type: 'date', value: '2024-02-28', text: '2/28/24' }, 'date')).toBe('2024-02-28')
    expect(checked({ type: 'date', value: '2024-02-28T10:30:00', text: '' }, 'date')).toBe('2024-02-28')
  })

  it('says which order it expects, with an example', () => {
    expect(checked('31/02/2024', 'date', start)).toEqual([
      'not_date',
      "Start date: '31/02/2024' is not a date, expected day/month/year, for example 28/02/2024.",
    ])
    expect(checked('tbd', 'date', { name: 'Start date' })).toEqual([
      'not_date',
      "Start date: 'tbd' is not a date, expected YYYY-MM-DD, for example 2024-02-28.",
    ])
  })

  it('says that a date looks like another order', () => {
    expect(checked('02/28/2024', 'date', start)).toEqual([
      'not_date',
      "Start date: '02/28/2024' is not a date, expected day/month/year, for example 28/02/2024. It looks like month/day/year.",
    ])
  })

  it('asks rather than guesses when it has no order', () => {
    expect(checked('03/04/2025', 'date', { name: 'Start date' })).toEqual([
      'ambiguous_date',
      "Start date: '03/04/2025' could be 3 April or 4 March; say which order this column uses, or write YYYY-MM-DD.",
    ])
    expect(checked('25/03/2025', 'date', { name: 'Start date' })).toEqual([
      'not_date',
      "Start date: '25/03/2025' is not a date, expected YYYY-MM-DD, for example 2024-02-28. It looks like day/month/year, set this column to that order or use cells formatted as dates.",
    ])
  })

  it.each([43405, '43405', { type: 'number', value: 43405, text: '43405' }] as Cell[])(
    'takes no plain number for a date',
    (cell) => {
      expect(checked(cell, 'date', start)).toEqual([
        'not_date',
        "Start date: '43405' is a number, not a date. If it is an Excel date, format the cells as dates.",
      ])
    },
  )

  it('takes no time of day for a date', () => {
    expect(checked({ type: 'date', value: '10:30:00', text: '10:30' }, 'date', start)).toEqual([
      'not_date',
      "Start date: '10:30' is a time of day without a date, expected day/month/year, for example 28/02/2024.",
    ])
  })

  it('keeps to its bounds and shows them', () => {
    const rules = { name: 'Start date', min: '2024-01-01', max: '2024-12-31' }
    expect(checked('2024-12-31', 'date', rules)).toBe('2024-12-31')
    expect(checked('2023-12-31', 'date', rules)).toEqual([
      'too_small',
      "Start date: '2023-12-31' is before 2024-01-01, the earliest allowed.",
    ])
    expect(checked('2025-01-01', 'date', rules)).toEqual([
      'too_large',
      "Start date: '2025-01-01' is after 2024-12-31, the latest allowed.",
    ])
  })
})

describe('a date-time column', () => {
  it('takes real date cells, a date as its midnight', () => {
    expect(checked({ type: 'date', value: '2024-02-28T10:30:00', text: '' }, 'datetime')).toBe('2024-02-28T10:30:00')
    expect(checked({ type: 'date', value: '2024-02-28', text: '' }, 'datetime')).toBe('2024-02-28T00:00:00')
  })

  it('refuses a time zone rather than drop it', () => {
    expect(checked('2024-02-28T10:30:00Z', 'datetime', { name: 'Seen' })).toEqual([
      'not_datetime',
      "Seen: '2024-02-28T10:30:00Z' carries a time zone. Times here are local and have none, expected YYYY-MM-DD and time, for example 2024-02-28 10:30.",
    ])
  })

  it('takes the whole last day when the bound is a day', () => {
    const rules = { max: '2024-12-31' }
    expect(checked('2024-12-31 23:59', 'datetime', rules)).toBe('2024-12-31T23:59:00')
    expect(checked('2025-01-01 00:00', 'datetime', rules)).toEqual(['too_large', expect.stringContaining('2024-12-31')])
  })
})

describe('an e-mail column', () => {
  it.each(['ana@example.org', 'a.b+c@sub.example.co', "o'brien@example.org", 'ü@bücher.example'])(
    'takes %s',
    (text) => {
      expect(checked(` ${text} `, 'email')).toBe(text)
    },
  )

  it.each([
    ['ana', "E-mail: 'ana' is not an e-mail address, expected for example ana@example.org."],
    ['@x.org', "E-mail: '@x.org' is not an e-mail address, expected for example ana@example.org."],
    ['ana@.x.org', "E-mail: 'ana@.x.org' is not an e-mail address, expected for example ana@example.org."],
    ['ana@x..org', "E-mail: 'ana@x..org' is not an e-mail address, expected for example ana@example.org."],
    ['ana@x.org.', "E-mail: 'ana@x.org.' is not an e-mail address, expected for example ana@example.org."],
    ['ana@local', "E-mail: 'ana@local' is not an e-mail address, expected for example ana@example.org."],
    ['mailto:ana@x.org', "E-mail: 'mailto:ana@x.org' is a link, expected the e-mail address alone, without 'mailto:'."],
    ['Ana <ana@x.org>', "E-mail: 'Ana <ana@x.org>' is a name with an address, expected the e-mail address alone."],
    ['a@x.org, b@x.org', "E-mail: 'a@x.org, b@x.org' holds more than one @, expected one e-mail address."],
  ])('refuses %s', (text, message) => {
    expect(checked(text, 'email', { name: 'E-mail' })).toEqual(['not_email', message])
  })
})

describe('a web address column', () => {
  it.each(['https://example.org', 'http://localhost:3000/a?b=c#d', 'HTTPS://EXAMPLE.ORG/ä'])('takes %s', (text) => {
    expect(checked(text, 'url')).toBe(text)
  })

  it.each([
    [
      'www.example.org',
      "Site: 'www.example.org' is a web address without its start, expected https://www.example.org.",
    ],
    [
      'mailto:a@x.org',
      "Site: 'mailto:a@x.org' is an e-mail address, not a web address, expected for example https://example.org.",
    ],
    [
      'ftp://x.org',
      "Site: 'ftp://x.org' does not start with http:// or https://, expected for example https://example.org.",
    ],
    ['http://x.org/a b', "Site: 'http://x.org/a b' is not a web address: it must not contain spaces."],
    ['https://', "Site: 'https://' is not a complete web address, expected for example https://example.org."],
    [
      'javascript:alert(1)',
      "Site: 'javascript:alert(1)' is not a web address, expected for example https://example.org.",
    ],
  ])('refuses %s', (text, message) => {
    expect(checked(text, 'url', { name: 'Site' })).toEqual(['not_url', message])
  })
})

describe('a sentence', () => {
  it('cuts a long value and keeps it on one line', () => {
    const outcome = compileCheck(aColumn('number', { name: 'Price' }))(`many\n${'words '.repeat(1000)}`)
    if (!isMisfit(outcome)) throw new Error('expected a misfit')
    expect(outcome.message).toMatch(/^Price: 'many words .{60,70}…' is not a number, expected for example 1000\.5\.$/)
    expect(outcome.value).toHaveLength(1000)
  })
})

describe('checking', () => {
  const dates = fc.oneof(fc.string(), fc.constantFrom('2024-02-28', '2024-02-30', '2024-02-28T10:30:00', '10:30:00'))
  const cells: fc.Arbitrary<Cell> = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('1,5', '31/02/2024', '03/04/2025', 'yes', 'a@b.c', 'http://x', '(5)', '%', '€'),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.record({ type: fc.constant('number' as const), value: fc.double(), text: fc.string() }),
    fc.record({ type: fc.constant('date' as const), value: dates, text: fc.string() }),
    fc.record({ type: fc.constant('error' as const), code: fc.string() }),
  )
  const columns = fc.record({
    type: fc.constantFrom(...COLUMN_TYPES),
    required: fc.boolean(),
    choices: fc.array(fc.string()),
    min: fc.oneof(fc.constant(null), fc.double(), fc.string()),
    max: fc.oneof(fc.constant(null), fc.double(), fc.string()),
    pattern: fc.constantFrom(null, '', '(', '[a-z]+', '\\d{3}', '\\-'),
    dateOrder: fc.constantFrom(null, 'dmy' as const, 'mdy' as const, 'ymd' as const),
    decimal: fc.constantFrom('point' as const, 'comma' as const),
  })

  it('gives a value of the type or a sentence with the column in it, and never throws', () => {
    fc.assert(
      fc.property(columns, cells, ({ type, ...rules }, cell) => {
        const outcome = compileCheck(aColumn(type, { ...rules, name: 'Field' }))(cell)
        if (isMisfit(outcome)) {
          expect(PROBLEM_CODES).toContain(outcome.code)
          expect(outcome.message).toMatch(/^Field(: | is empty\.)/)
        } else if (outcome !== null) expect(outcome).toEqual(expect.any(JAVASCRIPT_TYPES[type]))
      }),
      { numRuns: 3000 },
    )
  })
})

const JAVASCRIPT_TYPES = {
  text: String,
  number: Number,
  integer: Number,
  boolean: Boolean,
  date: String,
  datetime: String,
  email: String,
  url: String,
  choice: String,
} as const
