import { randomBytes } from 'node:crypto'

/** A random id of 128 bits in lower-case letters and digits: safe in URLs and as a file name anywhere. */
export function newId(): string {
  return BigInt(`0x${randomBytes(16).toString('hex')}`)
    .toString(36)
    .padStart(25, '0')
}

/** An id for a column: short, because it is the name of an SQL column and a defined name in exports. */
export function newColumnId(): string {
  return `c${newId().slice(-7)}`
}
