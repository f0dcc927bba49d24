import { describe, expect, it } from 'vitest'
import { compileCheck } from '../../src/columns/check-cell.ts'
import { isMisfit } from '../../src/columns/checked.ts'
import type { Cell } from '../../src/spreadsheets/cell.ts'
import { aColumn } from './columns.ts'

const check = compileCheck(aColumn('choice', { name: 'Status', choices: ['active', 'On hold', 'Café', '1', '007'] }))

function message(cell: Cell, ...choices: string[]): string {
  const outcome = compileCheck(aColumn('choice', { name: 'Status', choices }))(cell)
  return isMisfit(outcome) ? outcome.message : `took ${outcome}`
}

describe('a choice', () => {
  it('is taken as written, or ignoring case, spaces and accents, and gets its spelling from the template', () => {
    expect(
      ['active', 'ACTIVE', ' Active ', 'on  hold', 'onhold', 'cafe', 'CAFÉ', 'Cafe\u0301'].map((cell) => check(cell)),
    ).toEqual(['active', 'active', 'active', 'On hold', 'On hold', 'Café', 'Café', 'Café'])
  })

  it('may be a number, by what the person sees or by its value', () => {
    expect(check(1)).toBe('1')
    expect(check({ type: 'number', value: 7, text: '007' })).toBe('007')
    expect(check({ type: 'number', value: 1, text: '1.00' })).toBe('1')
  })

  it('is suggested when it is nearly right, with the list', () => {
    expect(message('actve', 'active', 'paused', 'closed')).toBe(
      "Status: 'actve' is not in the list. Did you mean 'active'? Allowed: active, paused, closed.",
    )
  })

  it('is not suggested when nothing is near', () => {
    expect(message('zzz', 'active', 'paused')).toBe("Status: 'zzz' is not in the list. Allowed: active, paused.")
    expect(message('up', 'no')).toBe("Status: 'up' is not in the list. Allowed: no.")
  })

  it('comes from a list that is cut after ten', () => {
    const letters = 'abcdefghijklm'.split('').map((letter) => letter.repeat(3))
    expect(message('nnn', ...letters)).toBe(
      "Status: 'nnn' is not in the list. Allowed: aaa, bbb, ccc, ddd, eee, fff, ggg, hhh, iii, jjj and 3 more.",
    )
  })

  it('must be written exactly where only case tells two apart', () => {
    expect(message('M', 'm', 'M')).toBe('took M')
    expect(message('m', 'm', 'M')).toBe('took m')
    expect(message('Mm', 'MM', 'mm')).toContain('is not in the list')
  })
})
