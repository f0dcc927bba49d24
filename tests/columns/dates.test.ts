import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DateOrder } from '../../src/columns/column.ts'
import { isIsoDate, isIsoDateTime, parseDate, parseDateTime } from '../../src/columns/dates.ts'

const NOT_DATE = { fault: 'not_date' }

describe('dates as text', () => {
  it.each(['2024-02-28', '2024/02/28', '2024.02.28', '2024-2-28'])('start with a year in any column: %s', (text) => {
    for (const order of [null, 'dmy', 'mdy', 'ymd'] as const) expect(parseDate(text, order)).toBe('2024-02-28')
  })

  it.each([
    ['28/02/2024', 'dmy'],
    ['28.2.2024', 'dmy'],
    ['28. 2. 2024', 'dmy'],
    ['28-02-24', 'dmy'],
    ['28 02 2024', 'dmy'],
    ['02/28/2024', 'mdy'],
    ['2-28-24', 'mdy'],
    ['24-02-28', 'ymd'],
  ] as const)('follow the order of the column: %s as %s', (text, order) => {
    expect(parseDate(text, order)).toBe('2024-02-28')
  })

  it.each([
    '28 Feb 2024',
    '28-Feb-24',
    '28. Februar 2024',
    '28 février 2024',
    '28 févr. 2024',
    '28 de febrero de 2024',
    '28th February 2024',
    'Feb 28, 2024',
    'FEBRUARY 28 2024',
    '2024 Feb 28',
  ])('name the month in four languages: %s', (text) => {
    expect(parseDate(text, 'dmy')).toBe('2024-02-28')
  })

  it.each([
    ['1. März 2024', '2024-03-01'],
    ['1er août 2024', '2024-08-01'],
    ['1 dic 2024', '2024-12-01'],
    ['1 Mai 2024', '2024-05-01'],
    ['1 juil. 2024', '2024-07-01'],
    ['1 ene 2024', '2024-01-01'],
  ])('name the month: %s', (text, iso) => {
    expect(parseDate(text, 'dmy')).toBe(iso)
  })

  it.each([
    'Feb-63',
    'Feb 2024',
    '31/02/2024',
    '29/02/2023',
    '00/01/2024',
    '1-2',
    '1/2',
    'vmx-15',
    '43405',
    '28/02-2024',
    '28/02/024',
    '',
    'today',
    '28 Foo 2024',
  ])('are not guessed from %s', (text) => {
    expect(parseDate(text, 'dmy')).toEqual(NOT_DATE)
  })

  it('know leap years', () => {
    expect(parseDate('29/02/2024', 'dmy')).toBe('2024-02-29')
    expect(parseDate('29/02/2000', 'dmy')).toBe('2000-02-29')
    expect(parseDate('29/02/1900', 'dmy')).toEqual(NOT_DATE)
    expect(parseDate('2023-02-29', null)).toEqual(NOT_DATE)
  })

  it('put two-digit years between 1950 and 2049', () => {
    expect(parseDate('01/01/00', 'dmy')).toBe('2000-01-01')
    expect(parseDate('01/01/49', 'dmy')).toBe('2049-01-01')
    expect(parseDate('01/01/50', 'dmy')).toBe('1950-01-01')
    expect(parseDate('01/01/99', 'dmy')).toBe('1999-01-01')
  })

  it('are ambiguous without an order when day and month could change places', () => {
    expect(parseDate('03/04/2025', null)).toEqual({ fault: 'ambiguous' })
    expect(parseDate('03.04.25', null)).toEqual({ fault: 'ambiguous' })
    expect(parseDate('25/03/2025', null)).toEqual(NOT_DATE)
  })

  it('need no order where every order says the same', () => {
    for (const text of ['28 Feb 2024', 'Feb 28, 2024', '28. Februar 2024'])
      expect(parseDate(text, null)).toBe('2024-02-28')
    expect(parseDate('5/5/2024', null)).toBe('2024-05-05')
    expect(parseDateTime('5.5.2024 10:30', null)).toBe('2024-05-05T10:30:00')
    // The year may be the first or the last number.
    expect(parseDate('29-Feb-24', null)).toEqual(NOT_DATE)
    expect(parseDate('05/05/05', null)).toBe('2005-05-05')
    expect(parseDate('01/01/24', null)).toEqual(NOT_DATE)
  })

  it('leave out a time of day', () => {
    expect(parseDate('2024-02-28 00:00:00', null)).toBe('2024-02-28')
    expect(parseDate('28/02/2024 10:30', 'dmy')).toBe('2024-02-28')
  })
})

describe('date-times as text', () => {
  it.each([
    ['2024-02-28T10:30:00', '2024-02-28T10:30:00'],
    ['2024-02-28 10:30:00', '2024-02-28T10:30:00'],
    ['2024-02-28T10:30', '2024-02-28T10:30:00'],
    ['2024-02-28 9:05', '2024-02-28T09:05:00'],
    ['2024-02-28', '2024-02-28T00:00:00'],
    ['2024-02-28T10:30:15.123', '2024-02-28T10:30:15'],
  ])('read %s in any column', (text, iso) => {
    expect(parseDateTime(text, null)).toBe(iso)
  })

  it.each([
    ['28/02/2024 10:30', '2024-02-28T10:30:00'],
    ['28.02.2024, 22:30:15', '2024-02-28T22:30:15'],
    ['28/02/2024 10:30 PM', '2024-02-28T22:30:00'],
    ['28/02/2024 12:00 a.m.', '2024-02-28T00:00:00'],
    ['28/02/2024 12:00pm', '2024-02-28T12:00:00'],
    ['28 Feb 2024 10:30', '2024-02-28T10:30:00'],
  ])('read %s by day/month/year', (text, iso) => {
    expect(parseDateTime(text, 'dmy')).toBe(iso)
  })

  it.each(['2024-02-28T10:30:00Z', '2024-02-28 10:30+02:00', '2024-02-28T10:30:00-0500', '28/02/2024 10:30 UTC'])(
    'with a time zone are refused rather than shifted or stripped: %s',
    (text) => {
      expect(parseDateTime(text, 'dmy')).toEqual({ fault: 'zone' })
    },
  )

  it.each(['2024-02-28 24:00', '2024-02-28 10:60', '2024-02-28 10:30:60', '2024-02-28 13:00 PM', '2024-02-28 0:30 am'])(
    'need a valid time of day: %s',
    (text) => {
      expect(parseDateTime(text, null)).toEqual({ fault: 'bad_time' })
    },
  )

  it('need a date', () => {
    expect(parseDateTime('10:30', 'dmy')).toEqual(NOT_DATE)
    expect(parseDateTime('31/02/2024 10:30', 'dmy')).toEqual(NOT_DATE)
  })
})

describe('every date', () => {
  const days = fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))
  const separators = fc.constantFrom('.', '/', '-', ' ')

  it('reads back in each order', () => {
    fc.assert(
      fc.property(
        days,
        separators,
        fc.constantFrom<DateOrder>('dmy', 'mdy', 'ymd'),
        fc.boolean(),
        (iso, separator, order, short) => {
          const [y = '', m = '', d = ''] = iso.split('-')
          const parts = { y, m: short ? String(Number(m)) : m, d: short ? String(Number(d)) : d }
          const text = {
            dmy: [parts.d, parts.m, parts.y],
            mdy: [parts.m, parts.d, parts.y],
            ymd: [parts.y, parts.m, parts.d],
          }
          expect(parseDate(text[order].join(separator), order)).toBe(iso)
          expect(isIsoDate(iso)).toBe(true)
        },
      ),
    )
  })

  it.each(['en-GB', 'en-US', 'de-DE', 'fr-FR', 'es-ES'])('in the long and medium words of %s reads back', (locale) => {
    fc.assert(
      fc.property(days, fc.constantFrom('long' as const, 'medium' as const), (iso, dateStyle) => {
        fc.pre(iso > '1000')
        const words = new Intl.DateTimeFormat(locale, { dateStyle, timeZone: 'UTC' }).format(new Date(iso))
        expect(parseDate(words, locale === 'en-US' ? 'mdy' : 'dmy')).toBe(iso)
      }),
    )
  })

  it('with a time of day is a valid ISO date-time', () => {
    const moments = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(moments, (date) => {
        const iso = date.toISOString().slice(0, 19)
        expect(isIsoDateTime(iso)).toBe(true)
        expect(parseDateTime(iso.replace('T', ' '), null)).toBe(iso)
      }),
    )
  })

  it('that is read is a real one, whatever the text', () => {
    const scraps = fc.constantFrom(...'0123456789./- :TZ'.split(''), '20', '02', 'Feb', 'Mai')
    fc.assert(
      fc.property(fc.array(scraps, { maxLength: 12 }), fc.constantFrom(null, 'dmy', 'mdy', 'ymd'), (parts, order) => {
        const date = parseDate(parts.join('').trim(), order)
        if (typeof date === 'string') expect(new Date(date).toISOString().slice(0, 10)).toBe(date)
      }),
      { numRuns: 1000 },
    )
  })
})
