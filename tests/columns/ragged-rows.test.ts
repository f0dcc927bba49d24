import { expect, test } from 'vitest'
import { RaggedRowsWatch } from '../../src/columns/ragged-rows.ts'

test('rows with cells beyond the header are counted, the first of them by their numbers', () => {
  const watch = new RaggedRowsWatch(2)
  const note = (number: number, ...cells: (string | null)[]) => watch.note({ number, cells })
  note(2, 'a', 'b')
  note(3, 'a')
  note(4, 'a', 'b', null)
  expect(watch.warnings()).toEqual([])
  note(5, 'a', 'b', 'c')
  expect(watch.warnings()).toEqual([
    'Row 5 has cells to the right of the last header; they were not read. An unquoted separator does that, too.',
  ])
  for (const row of [6, 7, 8]) note(row, 'a', 'b', null, 'd')
  expect(watch.warnings()[0]).toMatch(/^4 rows \(5, 6, 7 and others\) have cells/)
})
