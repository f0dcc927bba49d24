import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellText, decimalText } from '../../src/columns/cell-text.ts'

describe('cellText', () => {
  it('writes a General number out in full, without exponent', () => {
    expect(cellText(1234567890123456)).toBe('1234567890123456')
    expect(cellText(1e21)).toBe('1000000000000000000000')
    expect(cellText(-1.5e-7)).toBe('-0.00000015')
    expect(cellText(12.5)).toBe('12.5')
    expect(cellText(-0)).toBe('0')
  })

  it('shows the fifteen digits of a fraction that a spreadsheet shows', () => {
    expect(cellText(0.1 + 0.2)).toBe('0.3')
    expect(cellText(14.754317602356753)).toBe('14.7543176023568')
  })

  it('shows a formatted cell as its format does', () => {
    expect(cellText({ type: 'number', value: 42, text: '00042' })).toBe('00042')
    expect(cellText({ type: 'date', value: '2024-02-28', text: '28.02.2024' })).toBe('28.02.2024')
  })

  it('falls back on the value when the format hides it', () => {
    expect(cellText({ type: 'number', value: 42, text: '' })).toBe('42')
    expect(cellText({ type: 'date', value: '2024-02-28', text: ' ' })).toBe('2024-02-28')
  })

  it('shows booleans and errors as a spreadsheet does, and nothing for an empty cell', () => {
    expect([true, false, null, undefined].map(cellText)).toEqual(['TRUE', 'FALSE', '', ''])
    expect(cellText({ type: 'error', code: '#DIV/0!' })).toBe('#DIV/0!')
  })

  it('keeps text as it is stored', () => {
    expect(cellText('  Ana\n')).toBe('  Ana\n')
  })
})

describe('decimalText', () => {
  it('reads back as the very same number and never has an exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const text = decimalText(number)
        expect(text).toMatch(/^-?\d+(\.\d+)?$/)
        expect(Number(text)).toBe(number + 0)
      }),
    )
  })
})
