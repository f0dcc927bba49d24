import type { SqlValue } from './sql-columns.ts'

/**
 * Values in three pieces, in which they go to another thread in a third of the time that it takes to copy them one by
 * one. `texts` is all texts one after the other; `kinds` says of each value what it is, and `numbers` has its number,
 * which of a text is its length in UTF-16 units.
 */
export type PackedValues = { texts: string; kinds: Uint8Array<ArrayBuffer>; numbers: Float64Array<ArrayBuffer> }

const KIND = { null: 0, number: 1, text: 2 } as const

export function packValues(values: readonly SqlValue[]): PackedValues {
  const kinds = new Uint8Array(values.length)
  const numbers = new Float64Array(values.length)
  const texts: string[] = []
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at]
    if (typeof value === 'string') {
      kinds[at] = KIND.text
      numbers[at] = value.length
      texts.push(value)
    } else if (typeof value === 'number') {
      kinds[at] = KIND.number
      numbers[at] = value
    }
  }
  return { texts: texts.join(''), kinds, numbers }
}

export function unpackValues({ texts, kinds, numbers }: PackedValues): SqlValue[] {
  const values: SqlValue[] = []
  let from = 0
  for (let at = 0; at < kinds.length; at += 1) {
    const number = numbers[at] ?? 0
    if (kinds[at] === KIND.text) {
      values.push(texts.slice(from, from + number))
      from += number
    } else values.push(kinds[at] === KIND.number ? number : null)
  }
  return values
}
