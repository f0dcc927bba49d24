import { describe, expect, it } from 'vitest'
import { matchHeaders } from '../../src/columns/match-headers.ts'
import { ColumnProposer, type ProposedColumn } from '../../src/columns/propose-columns.ts'
import type { Cell } from '../../src/spreadsheets/cell.ts'
import { aShape } from './columns.ts'

function propose(headers: string[], rows: Cell[][]): ProposedColumn[] {
  const proposer = new ColumnProposer(headers)
  for (const [index, cells] of rows.entries()) proposer.add({ number: index + 2, cells })
  return proposer.finish()
}

function proposeOne(cells: Cell[], header = 'Field'): ProposedColumn {
  const [proposed] = propose(
    [header],
    cells.map((cell) => [cell]),
  )
  if (proposed === undefined) throw new Error('expected a proposal')
  return proposed
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

function iso(index: number): string {
  return new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10)
}

describe('a proposed type', () => {
  it('is a date with the rows that do not fit', () => {
    const cells: Cell[] = times(1000, (index) => ({ type: 'date', value: iso(index), text: iso(index) }))
    cells[15] = 'tbd'
    cells[401] = '?'
    const { column, evidence } = proposeOne(cells, 'Since')
    expect(column).toMatchObject({ name: 'Since', type: 'date', dateOrder: null })
    expect(evidence).toContain('date, 998 of 1,000 fit; rows 17 and 403 do not')
  })

  it('is a date-time when there are times of day', () => {
    expect(proposeOne(times(10, (index) => `${iso(index)} 10:30`)).column).toMatchObject({
      type: 'datetime',
      dateOrder: null,
    })
  })

  it('needs 95 % of the filled cells', () => {
    const cells = (misfits: number): Cell[] => times(100, (index) => (index < misfits ? `n/a ${index}` : index))
    expect(proposeOne(cells(5)).column.type).toBe('integer')
    expect(proposeOne(cells(5)).evidence).toContain('whole number, 95 of 100 fit; rows 2, 3, 4 and 2 more do not')
    expect(proposeOne(cells(6)).column.type).toBe('text')
  })

  it('is a date in the order that the days above 12 prove', () => {
    const dates = ['03/04/2025', '25/03/2025', '12/01/2025']
    const { column, evidence } = proposeOne(dates)
    expect(column).toMatchObject({ type: 'date', dateOrder: 'dmy' })
    expect(evidence).toContain('dates in text, read as day/month/year')
    expect(proposeOne(['03/04/2025', '03/25/2025']).column).toMatchObject({ type: 'date', dateOrder: 'mdy' })
  })

  it('says that the order is not sure when no day is above 12', () => {
    const { column, evidence } = proposeOne(['03/04/2025', '05/06/2025'])
    expect(column).toMatchObject({ type: 'date', dateOrder: null })
    expect(evidence.slice(1, 4)).toEqual([
      "no day above 12 in 2 dates, so day and month can't be told apart: left open, and asked with the first import unless you say it below",
      '03/04/2025 is 3 April 2025 or 4 March 2025',
      '05/06/2025 is 5 June 2025 or 6 May 2025',
    ])
  })

  it('follows the other dates of the file when the order is not sure', () => {
    const [since, until] = propose(
      ['Since', 'Until'],
      [
        ['03/04/2025', '03/25/2025'],
        ['05/06/2025', '06/30/2025'],
      ],
    )
    expect(until?.column.dateOrder).toBe('mdy')
    expect(since?.column.dateOrder).toBe('mdy')
    expect(since?.evidence.join()).toContain('set to month/day/year like the other dates of the file, please check')
  })

  it('is a number with the decimal sign that most cells fit', () => {
    expect(proposeOne(['1.000,50', '3,5', '12']).column).toMatchObject({ type: 'number', decimal: 'comma' })
    expect(proposeOne(['1,000.50', '3.5', '12']).column).toMatchObject({ type: 'number', decimal: 'point' })
    expect(proposeOne([1.5, { type: 'number', value: 0.5, text: '50%' }]).column).toMatchObject({ type: 'number' })
  })

  it('follows the other numbers of the file when the decimal sign is not sure', () => {
    const [weight, price] = propose(
      ['Weight', 'Price'],
      [
        ['1,250', '3,50'],
        ['2,125', '12,00'],
      ],
    )
    expect(price?.column).toMatchObject({ type: 'number', decimal: 'comma' })
    expect(weight?.column).toMatchObject({ type: 'number', decimal: 'comma' })
    expect(weight?.evidence.join()).toContain('set to decimal comma like the other numbers of the file, please check')
  })

  it('leaves the decimal sign open when nothing in the file shows it', () => {
    const { column, evidence } = proposeOne(['1.000', '2.500'])
    expect(column).toMatchObject({ type: 'number', decimal: null })
    expect(evidence).toContain('1.000 is 1 with decimal point, 1000 with comma')
    expect(evidence.join()).toContain("can't be told apart in 2 values: left open")
    expect(proposeOne(['1', '2', '3']).column).toMatchObject({ type: 'integer', decimal: null })
  })

  it('takes one exception of ten or more by its row, and says why a column with more of them is text', () => {
    const cells = (misfits: number): Cell[] => times(11, (index) => (index < misfits ? 'n/a' : index))
    expect(proposeOne(cells(1))).toMatchObject({
      column: { type: 'integer' },
      evidence: expect.arrayContaining(['whole number, 10 of 11 fit; row 2 does not']),
    })
    expect(proposeOne(cells(2))).toMatchObject({
      column: { type: 'text' },
      evidence: expect.arrayContaining(['text, as only 9 of 11 cells are numbers; rows 2 and 3 are not']),
    })
    expect(proposeOne(['2025-01-01', '2025-01-02', 'soon']).evidence).toContain(
      'text, as only 2 of 3 cells are dates; row 4 is not',
    )
  })

  it('says what becomes of percent signs and currencies', () => {
    expect(proposeOne(['50%', '12.5 %']).evidence).toContain('percent: 50% is kept as 0.5')
    expect(proposeOne(['€ 5.50', '7.20 EUR']).evidence).toContain(
      'amounts of money: the number is kept, the currency is not',
    )
    expect(proposeOne([{ type: 'number', value: 0.5, text: '50%' }]).evidence.join()).toContain('percent')
  })

  it('stays text for leading zeros and for more than 15 digits', () => {
    expect(proposeOne(['01067', '10115', '20095'])).toMatchObject({
      column: { type: 'text' },
      evidence: ['leading zeros, so it stays text', 'always filled', 'looks unique', expect.stringContaining('key')],
    })
    expect(proposeOne([{ type: 'number', value: 42, text: '00042' }, 4711]).column.type).toBe('text')
    expect(proposeOne(['1234567890123456', '1234567890123457']).evidence).toContain(
      'more than 15 digits, so it stays text',
    )
    expect(proposeOne(['+491512345678', '+391512345678']).column.type).toBe('text')
  })

  it('is yes/no for its words, but not for ones and zeros alone', () => {
    expect(proposeOne(['yes', 'no', 'YES', '1']).column.type).toBe('boolean')
    expect(proposeOne([true, false]).column.type).toBe('boolean')
    expect(proposeOne([1, 0, 1]).column.type).toBe('integer')
  })

  it('is an e-mail or web address', () => {
    expect(proposeOne(['ana@example.org', 'ben@example.org']).column.type).toBe('email')
    expect(proposeOne(['https://example.org', 'http://example.org/a']).column.type).toBe('url')
  })

  it('is a choice for few different texts that come again', () => {
    const cells = [...times(312, () => 'active'), ...times(40, () => 'paused'), ...times(7, () => 'closed'), 'Active']
    const { column, evidence } = proposeOne(cells)
    expect(column).toMatchObject({ type: 'choice', choices: ['active', 'paused', 'closed'] })
    expect(evidence).toContain('only 3 different values: active (313), paused (40), closed (7)')
    expect(proposeOne(times(19, (index) => (index % 2 ? 'a' : 'b'))).column.type).toBe('text')
    expect(proposeOne(times(200, (index) => `value ${index % 13}`)).column.type).toBe('text')
    expect(proposeOne([...times(30, () => 'Ana'), 'Ben', 'Cleo']).column.type).toBe('text')
  })

  it('is text when months have no day, or nothing is filled', () => {
    expect(proposeOne(['Sep-63', 'Feb-64']).column.type).toBe('text')
    expect(proposeOne([null, '  ']).evidence).toEqual(['no values in the file, so it is text'])
  })
})

describe('a proposal', () => {
  it('tells what is filled and unique, and shows the first different values', () => {
    const { evidence, samples } = proposeOne(['b', 'a', 'b', null, 'c', 'd'])
    expect(evidence).toEqual(['text', 'empty in 1 of 6 rows'])
    expect(samples).toEqual(['b', 'a', 'c'])
  })

  it('names blank and repeated headers, and leaves out blank columns and record ids', () => {
    const proposed = propose(
      ['__record_id', 'Price', '', 'price', '', ' Net\nprice '],
      [[1, 2, 3, 4, null, 5, 'stray']],
    )
    expect(proposed.map(({ column }) => column.name)).toEqual(['Price', 'Column C', 'price 2', 'Net price', 'Column G'])
  })

  it('matches the file it came from', () => {
    const headers = ['Price', 'price', 'x'.repeat(150)]
    const shape = aShape(...propose(headers, [[1, 2, 3]]).map(({ column }) => column))
    expect(matchHeaders(headers, shape, { mapping: {} })).toMatchObject({ missing: [], warnings: [] })
  })

  it('has the key where a header says so', () => {
    const rows = times(5, (index): Cell[] => [`Name ${index}`, `S-${index}`, index])
    const keys = (headers: string[]) =>
      propose(headers, rows)
        .filter(({ column }) => column.key)
        .map(({ column }) => column.name)
    expect(keys(['Name', 'SKU', 'Position'])).toEqual(['SKU'])
    expect(keys(['Name', 'Kind', 'itemID'])).toEqual(['itemID'])
    expect(keys(['Name', 'Kind', 'Paid'])).toEqual(['Name'])
    expect(keys(['Name', 'Invoice no.', '#'])).toEqual(['Invoice no.'])
  })

  it('has no key where nothing is unique and always filled', () => {
    const proposed = propose(
      ['ID', 'Name'],
      [
        [1, 'a'],
        [1, 'b'],
        [2, null],
      ],
    )
    expect(proposed.some(({ column }) => column.key)).toBe(false)
  })

  it('says what makes the key', () => {
    const { column, evidence } = proposeOne(['A1', 'A2'], 'SKU')
    expect(column).toMatchObject({ key: true, required: true, unique: false })
    expect(evidence.at(-1)).toBe(
      'proposed as the key: headed like an identifier, always filled and never twice the same',
    )
  })
})
