import { describe, expect, it } from 'vitest'
import { SSF } from 'xlsx'
import { type NumberFormatKind, numberFormatKind } from '../../../../src/spreadsheets/number-format.ts'
import { builtinFormat } from '../../../../src/spreadsheets/xlsx/read/builtin-formats.ts'

/** All that ECMA-376 Part 1, 18.8.30 gives a meaning, and what each makes of a number. */
const KINDS: Record<Exclude<NumberFormatKind, 'general'>, number[]> = {
  number: [
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 37, 38, 39, 40, 41, 42, 43, 44, 48],
    ...[59, 60, 61, 62, 67, 68, 69, 70],
  ],
  date: [14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58, 71, 72, 73, 74, 81],
  time: [18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56, 75, 76, 78, 80],
  datetime: [22, 77],
  elapsed: [46, 79],
}

/** Written with the characters of China, where ours has figures. */
const IN_FIGURES = '56'

describe('a format that is used by its number', () => {
  it('makes of a number what the standard says', () => {
    for (const [kind, ids] of Object.entries(KINDS)) {
      for (const id of ids) expect(numberFormatKind(builtinFormat(id) ?? ''), `${id}`).toBe(kind)
    }
  })

  it('has no meaning when the standard gives it none', () => {
    const known = new Set([...Object.values(KINDS).flat(), 49])
    for (let id = 0; id < 200; id += 1) expect(builtinFormat(id) !== undefined, `${id}`).toBe(known.has(id))
    expect(numberFormatKind(builtinFormat(49) ?? '')).toBe('general')
  })

  it('is the one that the library for the other workbooks has, a date where that has a date', () => {
    const theirs = Object.entries(SSF.get_table()).filter(([id]) => id !== '0')
    expect(theirs.length).toBeGreaterThan(25)
    for (const [id, code] of theirs) {
      const ours = builtinFormat(Number(id)) ?? ''
      if (id !== IN_FIGURES) expect(ours, id).toBe(code)
      expect(['date', 'time', 'datetime', 'elapsed'].includes(numberFormatKind(ours)), id).toBe(SSF.is_date(code))
    }
  })
})
