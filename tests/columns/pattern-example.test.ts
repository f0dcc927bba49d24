import { expect, test } from 'vitest'
import { patternExample } from '../../src/columns/pattern-example.ts'

test.each([
  ['E-\\d{4}', ['E-0001', 'E-0002', 'E-0003']],
  ['^[A-Z]{2}\\d{3}$', ['AB001', 'AC002', 'AD003']],
  ['[A-Z]+', ['AAB', 'AAC', 'AAD']],
  ['DE\\d{2}( ?\\d{4})', [null, null, null]],
  ['\\d{3}-\\d{2,}', ['001-01', '002-02', '003-03']],
  ['[ab]\\.x?', ['b.x', 'b.x', 'b.x']],
  ['[\\w-]{2,8}', ['AAB', 'AAC', 'AAD']],
  ['(foo|bar)', [null, null, null]],
  ['[^x]', [null, null, null]],
  ['a{1000}', [null, null, null]],
  ['(', [null, null, null]],
])('%s', (pattern, examples) => {
  expect([0, 1, 2].map((index) => patternExample(pattern, index))).toEqual(examples)
})
