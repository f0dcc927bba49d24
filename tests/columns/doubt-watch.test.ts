import { describe, expect, test } from 'vitest'
import type { Column } from '../../src/columns/column.ts'
import { DoubtWatch } from '../../src/columns/doubt-watch.ts'
import type { Cell } from '../../src/spreadsheets/cell.ts'
import { aColumn } from './columns.ts'

function watch(of: Column, cells: Cell[]): DoubtWatch {
  const doubts = new DoubtWatch([{ index: 1, column: of }])
  for (const [at, cell] of cells.entries()) doubts.note({ number: at + 2, cells: [null, cell] })
  return doubts
}

const anyDay = aColumn('date', { name: 'Counted' })
const price = aColumn('number', { name: 'Price', decimal: null })

describe('dates in text', () => {
  test('without a day above 12 are asked about, with three of them in both readings', () => {
    const cells = ['03/04/2025', '05/06/2025', '03/04/2025', '2025-01-31', '07/08/2025', '01/02/2025']
    const [question, ...others] = watch(anyDay, cells).questions()
    expect(others).toEqual([])
    expect(question).toMatchObject({
      kind: 'date_order',
      column: 'Counted',
      suggested: null,
      sentence:
        "Counted has 5 dates in text, none with a day above 12, so day and month can't be told apart. Which is it?",
      samples: [
        { cell: 'B2', value: '03/04/2025' },
        { cell: 'B3', value: '05/06/2025' },
        { cell: 'B6', value: '07/08/2025' },
      ],
    })
    expect(question?.options.map(({ value, readings }) => [value, ...readings])).toEqual([
      ['dmy', '3 April 2025', '5 June 2025', '7 August 2025'],
      ['mdy', '4 March 2025', '6 May 2025', '8 July 2025'],
      ['none', 'refused', 'refused', 'refused'],
    ])
  })

  test.each([
    ['a day above 12', ['03/04/2025', '31/12/2024'], 'dmy', '1 of them fit'],
    ['a month above 12', ['03/04/2025', '12/31/2024', '12/30/2024'], 'mdy', '2 of them fit'],
    ['both', ['13/04/2025', '04/13/2025'], null, 'no one order fits them all'],
    ['one only', ['31/12/2024'], 'dmy', 'It fits day/month/year only'],
  ])('with %s are suggested an order, never given one', (_what, cells, suggested, words) => {
    const [question] = watch(anyDay, cells).questions()
    expect(question).toMatchObject({ suggested, sentence: expect.stringContaining(words) })
  })

  test('with years of two digits in front can be years first', () => {
    const [question] = watch(anyDay, ['25/04/03', '24/12/31']).questions()
    expect(question?.options.map(({ value }) => value)).toContain('ymd')
  })

  test.each([
    ['ISO dates', anyDay, ['2025-04-03', '2025/04/03', '2025-04-03 10:30']],
    ['real dates', anyDay, [{ type: 'date', value: '2025-04-03', text: '03/04/2025' } as const]],
    ['what is no date', anyDay, ['soon', '31/31/2025', '4', 5]],
    ['the same day and month', anyDay, ['04/04/2025']],
    ['a month in words', anyDay, ['3 April 2025', 'April 3, 2025']],
    ['an order that is known', { ...anyDay, dateOrder: 'dmy' as const }, ['03/04/2025', '31/12/2024']],
    ['an order that is known and not contradicted', { ...anyDay, dateOrder: 'dmy' as const }, ['03/04/2025']],
  ])('%s raise no question', (_what, of, cells) => {
    expect(watch(of, cells).questions()).toEqual([])
  })

  test('with their month in words are asked about where the year may be first or last', () => {
    const [question] = watch(anyDay, ['29-Feb-24', '31-Dec-23']).questions()
    expect(question?.sentence).toBe(
      'Counted has 2 dates in text in which the first or the last number may be the year. Which is it?',
    )
    expect(question?.options.map(({ readings }) => readings[0])).toEqual([
      ...['29 February 2024', '29 February 2024', '24 February 2029', 'refused'],
    ])
  })

  test('that speak against the known order are asked about, since the others would change day and month unseen', () => {
    const dmy = { ...anyDay, dateOrder: 'dmy' as const }
    const [question] = watch(dmy, ['03/04/2025', '12/31/2024']).questions()
    expect(question).toMatchObject({
      suggested: 'mdy',
      sentence: expect.stringContaining('the template says day/month/year'),
    })
    // What fits the known order never was in doubt, wherever it comes.
    expect(watch(dmy, ['03/04/2025', '12/31/2024', '31/12/2024']).questions()).toEqual([])
    // Without any that fits both, the others are mere problems of their rows.
    expect(watch(dmy, ['12/31/2024']).questions()).toEqual([])
  })
})

describe('numbers in text', () => {
  test('that are all of groups of three are asked about', () => {
    const [question] = watch(price, ['1.000', '2.500', '12', '1.000']).questions()
    expect(question).toMatchObject({
      kind: 'decimal',
      suggested: null,
      samples: [
        { cell: 'B2', value: '1.000' },
        { cell: 'B3', value: '2.500' },
      ],
    })
    expect(question?.options).toEqual([
      { value: 'point', label: 'decimal point', readings: ['1', '2.5'] },
      { value: 'comma', label: 'decimal comma', readings: ['1000', '2500'] },
    ])
  })

  test('are decided by the whole column, and the comma is said', () => {
    const comma = watch(price, ['1.000', '2.500', '0,435', '7'])
    expect([comma.questions(), comma.decided()]).toEqual([[], { [price.id]: 'comma' }])
    expect(comma.warnings()).toEqual([
      "Price was read with decimal comma: '0,435' in B4 fits no other sign, and no value needs one.",
    ])
    const point = watch(price, ['1.000', '1.25'])
    expect([point.questions(), point.decided(), point.warnings()]).toEqual([[], { [price.id]: 'point' }, []])
  })

  test('of both kinds in one column are asked about', () => {
    const [question] = watch(price, ['1.25', '0,435']).questions()
    expect(question?.sentence).toContain('with a decimal point and others with a decimal comma')
  })

  test('that speak against the sign of the template are asked about', () => {
    const point = { ...price, decimal: 'point' as const }
    expect(watch(point, ['1.000', '0,435']).questions()).toMatchObject([{ suggested: 'comma' }])
    expect(watch(point, ['1.000', '0,435', '1.5']).questions()).toEqual([])
    expect(watch(point, ['0,435']).questions()).toEqual([])
    expect(watch(point, ['1.000']).questions()).toEqual([])
  })

  test('raise no question as real numbers, or without any sign', () => {
    expect(watch(price, [1, 2.5, '17', 'n/a', 'a.b']).questions()).toEqual([])
  })
})
