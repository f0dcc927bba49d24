import { describe, expect, it } from 'vitest'
import { findHeaderRow, guessHeaderRow, headerTexts } from '../../src/columns/find-header.ts'
import type { Cell, Row } from '../../src/spreadsheets/cell.ts'
import { aShape } from './columns.ts'

function rows(...cells: Cell[][]): Row[] {
  return cells.map((cells, index) => ({ number: index + 1, cells }))
}

describe('findHeaderRow', () => {
  const shape = aShape('Name', 'Phone', 'City')

  it('finds the header below titles', () => {
    const sheet = rows(
      ['Members of the club'],
      ['Name', 'as of May'],
      [null, 'NAME', 'phone:', 'City'],
      ['x', 'Ana', 1, 'Rome'],
    )
    expect(findHeaderRow(sheet, shape)).toBe(2)
  })

  it('takes the first of rows that match as well', () => {
    expect(findHeaderRow(rows(['Name', 'City'], ['Ana', 'Rome'], ['Name', 'City']), shape)).toBe(0)
  })

  it('counts what a person mapped', () => {
    const sheet = rows(['City', 'x'], ['Who', 'Where'])
    expect(findHeaderRow(sheet, shape)).toBe(0)
    expect(findHeaderRow(sheet, shape, { mapping: { Who: 'Name', Where: 'City' } })).toBe(1)
  })

  it('finds renamed headers of our own exports by their marks', () => {
    const [name = '', phone = '', city = ''] = shape.columns.map((column) => column.id)
    const markedColumns = new Map([
      [0, name],
      [1, phone],
      [2, city],
    ])
    const sheet = rows(['Our people'], ['Who', 'Call', 'Where'], ['Ana', 1, 'Rome'])
    expect(findHeaderRow(sheet, shape, { markedColumns })).toBe(1)
  })

  it('looks at the first fifty rows only', () => {
    const far = rows(...Array.from({ length: 50 }, (): Cell[] => ['x', 1, 2]), ['Name', 'Phone', 'City'])
    expect(findHeaderRow(far, shape)).toBe(0)
  })

  it('falls back on the row that looks like a header', () => {
    expect(findHeaderRow(rows(['Report'], ['A', 'B', 'C'], ['x', 1, 2], ['y', 3, 4]), shape)).toBe(1)
    expect(findHeaderRow([], shape)).toBe(0)
  })
})

describe('guessHeaderRow', () => {
  it('skips titles that are narrower than the table', () => {
    const sheet = rows(
      ['Sales 2024'],
      ['for the board', 'May'],
      ['Item', 'Kind', 'Price', 'Sold'],
      ['Nail', 'metal', 1, 2],
      ['Wood', 'plant', 3, 4],
    )
    expect(guessHeaderRow(sheet)).toBe(2)
  })

  it('takes the first row when it is a header', () => {
    expect(guessHeaderRow(rows(['Name', 'City'], ['Ana', 'Rome'], ['Ben', 'Rome']))).toBe(0)
  })

  it('skips rows with numbers or dates, also as text', () => {
    expect(guessHeaderRow(rows(['1', '2024-01-01'], ['Name', 'Since'], ['Ana', '2024-02-01']))).toBe(1)
  })

  it('skips a title that is spread over the columns with gaps', () => {
    const sheet = rows(
      ['at', 'the', null, 'top'],
      ['Name', 'Job', 'Age', 'Kids'],
      ['Ana', 'actor', 50, true],
      ['Ben', 'actor', 60, false],
    )
    expect(guessHeaderRow(sheet)).toBe(1)
  })

  it('keeps a header with a gap, although the text below it is full', () => {
    const sheet = rows(['Name', 'Job', null, 'Town'], ['Ana', 'actor', 'x', 'Rome'], ['Ben', 'cook', 'y', 'Oslo'])
    expect(guessHeaderRow(sheet)).toBe(0)
  })

  it('takes years for headers', () => {
    expect(guessHeaderRow(rows(['Name', '2023', '2024'], ['Ana', '1', '2'], ['Ben', '3', '4']))).toBe(0)
  })

  it('skips a row whose text comes again below it, or twice in it', () => {
    expect(guessHeaderRow(rows(['paid', 'Rome'], ['Name', 'City'], ['paid', 'Oslo']))).toBe(1)
    expect(guessHeaderRow(rows(['x', 'x'], ['Name', 'City'], ['Ana', 'Oslo']))).toBe(1)
  })

  it('is not confused by a header that is printed again', () => {
    expect(guessHeaderRow(rows(['Name', 'City'], ['Ana', 'Rome'], ['Name', 'City'], ['Ben', 'Oslo']))).toBe(0)
  })

  it('takes the first row when none looks like a header', () => {
    expect(guessHeaderRow(rows([1, 2], [3, 4]))).toBe(0)
    expect(guessHeaderRow([])).toBe(0)
  })
})

describe('headerTexts', () => {
  it('gives one text per column, on one line', () => {
    expect(headerTexts({ number: 1, cells: [' First\nname ', null, 2024] })).toEqual(['First name', '', '2024'])
  })
})
