import { describe, expect, it } from 'vitest'
import { logLine } from '../src/log.ts'

describe('a line of the log', () => {
  it('is one line of JSON whatever is in it', () => {
    const name = 'a\n{"level":"info"}\r\u001b[31m\u007f\u0085\u2028\u202e.xlsx'
    const line = logLine({ event: 'import', name })
    expect(line).toMatch(/^[^\p{Cc}\u2028\u202e]+\n$/u)
    expect(JSON.parse(line)).toEqual({ event: 'import', name })
  })

  it('holds an error whole, with what caused it', () => {
    const cause = Object.assign(new Error('disk'), { code: 'ENOSPC' })
    const { error } = JSON.parse(logLine({ error: new TypeError('could not write', { cause }) }))
    expect(error).toMatchObject({ name: 'TypeError', message: 'could not write', cause: { code: 'ENOSPC' } })
    expect(error.stack).toContain('log.test.ts')
  })
})
