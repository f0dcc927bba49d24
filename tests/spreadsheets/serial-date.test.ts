import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isoToSerial, serialToDate, serialToTime } from '../../src/spreadsheets/serial-date.ts'

describe('serials', () => {
  it('go to dates and back, to the second', () => {
    const seconds = fc.integer({ min: 61 * 86_400, max: 2_958_466 * 86_400 - 1 })
    fc.assert(
      fc.property(seconds, (total) => {
        const found = serialToDate(total / 86_400, false)
        return found !== undefined && Math.round((isoToSerial(`${found.date}T${found.time}`) ?? 0) * 86_400) === total
      }),
    )
  })

  it('of the 1904 system are 1,462 days behind', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_900_000 }), (day) => {
        expect(serialToDate(day, true)).toEqual(serialToDate(day + 1462, false))
      }),
    )
  })

  it('are not made of what is no date, or before March 1900', () => {
    for (const text of [
      '2023-02-29',
      '2024-13-01',
      '1900-02-28',
      '2024-01-01T24:00:00',
      '2024-01-01 10:00',
      'soon',
      '',
    ]) {
      expect(isoToSerial(text), text).toBeUndefined()
    }
    expect(isoToSerial('1900-03-01')).toBe(61)
  })

  it('of less than a day are a time', () => {
    expect(serialToTime(0.75)).toBe('18:00:00')
  })
})

it('dates are the same in every time zone', () => {
  const read = (zone: string) =>
    execFileSync(process.execPath, [join(import.meta.dirname, 'print-dates.ts')], {
      encoding: 'utf8',
      env: { ...process.env, TZ: zone },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  const utc = read('UTC')
  expect(utc).toContain('1947-01-08')
  expect(utc).toContain('2016-10-20')
  expect(read('Pacific/Kiritimati')).toBe(utc)
  expect(read('America/St_Johns')).toBe(utc)
})
