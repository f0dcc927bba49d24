import fc from 'fast-check'
import type { ColumnType, Value } from '../../src/columns/column.ts'

const filled = (text: fc.Arbitrary<string>) =>
  text.map((value) => value.replace(/\r\n/g, '\n').trim()).filter((value) => value !== '')
const moments = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 19))
/** What columns of choices offer. */
export const CHOICES = ['active', 'ACTIVE', 'on hold', '1', 'no']

/** Clean values of each type, as stored. */
export const VALUES: Record<ColumnType, fc.Arbitrary<Value>> = {
  text: filled(fc.string({ unit: 'grapheme' })),
  number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  integer: fc.maxSafeInteger().map((number) => number + 0),
  boolean: fc.boolean(),
  date: moments.map((moment) => moment.slice(0, 10)),
  datetime: moments,
  email: fc.tuple(fc.stringMatching(/^[a-z0-9.+-]{1,20}$/), fc.domain()).map((parts) => parts.join('@')),
  url: fc.webUrl({ withFragments: true, withQueryParameters: true }),
  choice: fc.constantFrom(...CHOICES),
}
