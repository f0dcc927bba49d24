import { expect, test } from 'vitest'
import { patternExample } from '../../src/columns/pattern-example.ts'

test.each([
  ['E-\\d{4}', ['E-0001', 'E-0002', 'E-0003']],
  ['^[A-Z]{2}\\d{3}$', ['AB001', 'AC002', 'AD003']],
  ['[A-Z]+', ['AAB', 'AAC', 'AAD']],
  ['DE\\d{2}( ?\\d{4})', ['DE01 0001', 'DE02 0002', 'DE03 0003']],
  ['DE\\d{2}(?: ?\\d{4}){2}', ['DE01 0001 0001', 'DE02 0001 0002', 'DE03 0001 0003']],
  ['(?<year>\\d{2})-(A|B[)|])?', ['01-A', '02-A', '03-A']],
  ['((a|b)-){2}[(|]', ['a-a-|', 'a-a-|', 'a-a-|']],
  ['(\\bx|y)|z', ['y', 'y', 'y']],
  ['(?=x)x', [null, null, null]],
  ['(a)\\1', [null, null, null]],
  ['((((a{99}){99}){99}){99})', [null, null, null]],
  ['\\d{3}-\\d{2,}', ['001-01', '002-02', '003-03']],
  ['[ab]\\.x?', ['b.x', 'b.x', 'b.x']],
  ['[\\w-]{2,8}', ['AAB', 'AAC', 'AAD']],
  ['(foo|bar)', ['foo', 'foo', 'foo']],
  ['[^x]', [null, null, null]],
  ['a{1000}', [null, null, null]],
  ['(', [null, null, null]],
  [`${'('.repeat(60)}${'){2}'.repeat(60)}`, ['', '', '']],
])('%s', (pattern, examples) => {
  expect([0, 1, 2].map((index) => patternExample(pattern, index))).toEqual(examples)
})
