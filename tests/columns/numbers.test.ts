import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseNumber } from '../../src/columns/numbers.ts'

describe('numbers with decimal point', () => {
  it.each([
    ['12', 12],
    ['-12.50', -12.5],
    ['00042', 42],
    ['.5', 0.5],
    ['5.', 5],
    ['1,000.50', 1000.5],
    ['1,234,567', 1234567],
    ['1.000', 1],
    ['1e5', 100000],
    ['1.5E-3', 0.0015],
  ])('reads %s', (text, number) => {
    expect(parseNumber(text, 'point')).toBe(number)
  })

  it.each([
    ['1 000.5', 1000.5],
    ['1\u00a0000', 1000],
    ['12\u202f345\u202f678.9', 12345678.9],
    ["1'000'000.00", 1000000],
    ['1’000', 1000],
  ])('takes spaces and apostrophes between thousands: %s', (text, number) => {
    expect(parseNumber(text, 'point')).toBe(number)
  })

  it.each([
    ['€100', 100],
    ['100 €', 100],
    ['$ 1,234.50', 1234.5],
    ['-$5', -5],
    ['$-5', -5],
    ['£0.99', 0.99],
    ['¥ 1200', 1200],
    ['CHF 1’000.–', 1000],
    ['5.-', 5],
    ['12.50 EUR', 12.5],
    ['usd 7', 7],
    ['R$ 5', 5],
    ['5 kr.', 5],
    ['10 zł', 10],
  ])('takes a currency on either side: %s', (text, number) => {
    expect(parseNumber(text, 'point')).toBe(number)
  })

  it.each([
    ['50%', 0.5],
    ['12.5 %', 0.125],
    ['-5%', -0.05],
    ['1.1%', 0.011],
    ['%7', 0.07],
  ])('reads percent as a fraction: %s', (text, number) => {
    expect(parseNumber(text, 'point')).toBe(number)
  })

  it.each([
    ['(32,000.00)', -32000],
    ['($5)', -5],
    ['$(5)', -5],
    ['5-', -5],
    ['5- €', -5],
    ['\u22125', -5],
    ['+5', 5],
  ])('takes a sign before, after, or as accounting parentheses: %s', (text, number) => {
    expect(parseNumber(text, 'point')).toBe(number)
  })

  it.each(['1.000,50', '0,435', '12,5', '1234,56', '1.234.567', '1 000,50'])(
    'sees that %s is a number with decimal comma, and does not read it',
    (text) => {
      expect(parseNumber(text, 'point')).toBe('other_decimal')
    },
  )

  it.each(['1,00,000', '1,0000,000', '1,234 567', "1,234'567", '1,23.456,7', '01,234.5'])(
    'refuses thousands separators in the wrong places: %s',
    (text) => {
      expect(parseNumber(text, 'point')).toBe('not_number')
    },
  )

  it.each([
    '',
    '-',
    '%',
    '€',
    'abc',
    '12abc',
    '--5',
    '(-5)',
    '5%%',
    '€5€',
    '10²',
    '½',
    '0x10',
    'NaN',
    'Infinity',
    '1_000',
    '1e',
    'e5',
    '5 Stück',
  ])('refuses %s', (text) => {
    expect(parseNumber(text, 'point')).toBe('not_number')
  })

  it('refuses digits that a number would lose, and numbers without end', () => {
    expect(parseNumber('12345678901234567890', 'point')).toBe('too_precise')
    expect(parseNumber('9007199254740993', 'point')).toBe('too_precise')
    expect(parseNumber('1e999', 'point')).toBe('too_big')
    expect(parseNumber('1e-400', 'point')).toBe('too_fine')
    expect(parseNumber('0e-400', 'point')).toBe(0)
    expect(parseNumber('5e-324', 'point')).toBe(5e-324)
    expect(parseNumber('1000000000000000000000', 'point')).toBe(1e21)
  })

  it('never gives minus zero', () => {
    expect(Object.is(parseNumber('-0', 'point'), 0)).toBe(true)
    expect(Object.is(parseNumber('(0.00)', 'point'), 0)).toBe(true)
  })
})

describe('numbers with decimal comma', () => {
  it.each([
    ['1.000,50', 1000.5],
    ['0,435', 0.435],
    ['1.000', 1000],
    ['32.000,00 €', 32000],
    ['(1,5)', -1.5],
    ['1,5%', 0.015],
    ['1 000,5', 1000.5],
    ['1,5E+3', 1500],
    ['1.000,-', 1000],
  ])('reads %s', (text, number) => {
    expect(parseNumber(text, 'comma')).toBe(number)
  })

  it.each(['1,000.50', '3.5', '0.435', '1,234,567'])('sees that %s is a number with decimal point', (text) => {
    expect(parseNumber(text, 'comma')).toBe('other_decimal')
  })
})

describe('every number', () => {
  const styles = [
    { decimal: 'point', locale: 'en-US' },
    { decimal: 'comma', locale: 'de-DE' },
    { decimal: 'comma', locale: 'fr-FR' },
    { decimal: 'point', locale: 'de-CH' },
    { decimal: 'comma', locale: 'nb-NO' },
  ] as const
  const amounts = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((cents) => cents / 100 + 0)

  it.each(styles)('that is formatted as in $locale reads back', ({ decimal, locale }) => {
    const plain = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 })
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(parseNumber(plain.format(amount), decimal)).toBe(amount)
      }),
    )
  })

  it.each(styles)('that is formatted as money in $locale reads back', ({ decimal, locale }) => {
    fc.assert(
      fc.property(amounts, fc.constantFrom('EUR', 'USD', 'CHF', 'GBP', 'SEK'), (amount, currency) => {
        const money = new Intl.NumberFormat(locale, { style: 'currency', currency, currencySign: 'accounting' })
        expect(parseNumber(money.format(amount), decimal)).toBe(amount)
      }),
    )
  })

  it('is finite, or a fault, whatever the text', () => {
    const scraps = fc.constantFrom(..."0123456789.,-+()%€$ \u00a0'eE".split(''), 'EUR', '1,000')
    fc.assert(
      fc.property(
        fc.array(scraps, { maxLength: 12 }),
        fc.constantFrom('point' as const, 'comma' as const),
        (parts, decimal) => {
          const number = parseNumber(parts.join('').trim(), decimal)
          expect(typeof number === 'string' || (Number.isFinite(number) && !Object.is(number, -0))).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })
})

it('reads plain digits with a decimal sign exactly as JavaScript reads them', () => {
  const digits = fc.stringMatching(/^\d{1,12}$/)
  fc.assert(
    fc.property(digits, fc.option(fc.stringMatching(/^\d{1,8}$/)), (whole, decimals) => {
      const number = Number(decimals === null ? whole : `${whole}.${decimals}`)
      expect(parseNumber(decimals === null ? whole : `${whole}.${decimals}`, 'point')).toBe(number)
      expect(parseNumber(decimals === null ? whole : `${whole},${decimals}`, 'comma')).toBe(number)
    }),
  )
})
