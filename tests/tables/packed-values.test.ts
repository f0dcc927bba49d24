import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packValues, unpackValues } from '../../src/tables/packed-values.ts'

const VALUE = fc.oneof(fc.string({ unit: 'binary' }), fc.double({ noNaN: true }), fc.constant(null), fc.constant(''))

test('values come out of a package as they went in', () => {
  fc.assert(
    fc.property(fc.array(VALUE), (values) => {
      expect(unpackValues(packValues(values))).toEqual(values)
    }),
  )
})
