import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ownPath } from '../../src/web/own-path.ts'

describe('the way back after signing in', () => {
  it.each(['/templates', '/jobs?status=failed', '/templates/x/records?q=%2F%2Fevil#row', '/a//b'])(
    'may be %s',
    (path) => {
      expect(ownPath(path)).toBe(path)
    },
  )

  it.each([
    undefined,
    '',
    'templates',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '\\\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/..//evil.example',
    '/./\\evil.example',
  ])('is never %j', (path) => {
    expect(ownPath(path)).toBe('/templates')
  })

  it('never leads to another server', () => {
    const piece = fc.constantFrom('/', '\\', '\t', '\n', '.', '..', '@', ':', '?', '#', 'evil.example', 'http:', ' ')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const base = 'https://sheets.example.org'
        expect(new URL(ownPath(pieces.join('')), base).origin).toBe(base)
      }),
    )
  })
})
