import { describe, expect, it } from 'vitest'
import { SecondTableWatch } from '../../src/columns/second-table.ts'
import type { Cell } from '../../src/spreadsheets/cell.ts'

/** What is said of these rows below a header in row 1; an empty one is a blank row. */
function warningsOf(rows: Cell[][]): string[] {
  const watch = new SecondTableWatch(1)
  for (const [at, cells] of rows.entries()) if (cells.length > 0) watch.note({ number: at + 2, cells })
  return watch.warnings()
}

describe('a second table below the first', () => {
  it('is told when names stand where numbers were, with numbers below', () => {
    const rows: Cell[][] = [
      ['Bolt', '5', '1.50'],
      ['Nut', '7', '0.10'],
      [],
      ['Month', 'Sold', 'Left'],
      ['May', '3', '2'],
    ]
    expect(warningsOf(rows)).toEqual([
      'Rows 5 to 6 look like a second table (Month, Sold, Left) and were left out, 1 row below its header. To take it instead, read the file with the header in row 5; or read everything as one table.',
    ])
  })

  it('is told when it stands beside the first, further down', () => {
    const rows: Cell[][] = [
      ['a', 1],
      ['b', 2],
      [],
      [],
      [null, null, null, 'Year', 'Total'],
      [null, null, null, 2024, 7],
    ]
    expect(warningsOf(rows)[0]).toMatch(/^Rows 6 to 7 .* \(Year, Total\)/)
  })

  it('is none without a blank row before it, without numbers below it, or of a single word', () => {
    const top: Cell[][] = [
      ['Bolt', 5, 1.5],
      ['Nut', 7, 0.1],
    ]
    expect(warningsOf([...top, ['Month', 'Sold', 'Left'], ['May', 3, 2]])).toEqual([])
    expect(warningsOf([...top, [], ['Month', 'Sold', 'Left'], ['May', 'three', 'two']])).toEqual([])
    expect(warningsOf([...top, [], [null, 'unknown'], ['Screw', 3, 2]])).toEqual([])
  })

  it('is not a row of the first with a word for a number, nor one of a table of words', () => {
    expect(warningsOf([['a', 'b', 1], ['c', 'd', 2], [], ['e', 'f', 'none'], ['g', 'h', 3]])).toEqual([])
    expect(warningsOf([['a', 'b'], ['c', 'd'], [], ['e', 'f'], ['g', '7']])).toEqual([])
  })
})
