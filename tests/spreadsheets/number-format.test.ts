import { expect, it } from 'vitest'
import { numberFormatKind } from '../../src/spreadsheets/number-format.ts'

it('a number format is known by its codes, not by the letters in its texts', () => {
  const formats = {
    general: ['General', '@', 'GENERAL', '', '[Red]General', 'General;-General'],
    number: [
      '0',
      '00000',
      '#,##0.00 [$€-407]',
      '0.00E+00',
      '# ?/?',
      '0" days"',
      '\\d0',
      '_-* #,##0_-',
      '0.0%',
      '"yyyy"',
    ],
    date: [
      'yyyy-mm-dd',
      'm/d/yy',
      'd-mmm',
      'mmm-yy',
      '[$-409]mmmm d, yyyy;@',
      'DD.MM.YYYY',
      'yyyy"年"m"月"',
      'mmmm',
      '[$-411]ge.m.d',
    ],
    time: ['h:mm', 'hh:mm:ss', 'mm:ss', 'mm:ss.0', 'h:mm AM/PM', '[$-F400]h:mm:ss AM/PM'],
    datetime: ['m/d/yy h:mm', 'yyyy-mm-dd\\ hh:mm:ss', 'yyyy-mm-ddThh:mm:ss'],
    elapsed: ['[h]:mm:ss', '[mm]:ss', '[hh]:mm'],
  }
  for (const [kind, codes] of Object.entries(formats)) {
    for (const code of codes) expect(numberFormatKind(code), code).toBe(kind)
  }
})
