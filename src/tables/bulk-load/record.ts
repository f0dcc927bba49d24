import type { SqlValue } from '../sql-columns.ts'

/** The most bytes of a varint. */
export const LONGEST_VARINT = 9
/** Longer texts are encoded by Node: a loop takes less than the call up to here. */
const SHORT_TEXT = 64
const FIRST_ROOM = 4 * 1024

/** The codes of SQLite's record format (https://sqlite.org/fileformat2.html#record_format). */
const TYPE = {
  null: 0,
  int8: 1,
  int16: 2,
  int24: 3,
  int32: 4,
  int48: 5,
  int64: 6,
  double: 7,
  zero: 8,
  one: 9,
  text: 13,
}

/** One row after the other in SQLite's record format. */
export class RecordEncoder {
  /** The bytes of the last record from 0 to the `length` that `encode` gave; they are overwritten by the next. */
  bytes: Buffer = Buffer.allocUnsafe(FIRST_ROOM)
  #body: Buffer = Buffer.allocUnsafe(FIRST_ROOM)
  #types = new Float64Array(0)

  /** @returns the length of the record in bytes */
  encode(values: readonly SqlValue[]): number {
    if (this.#types.length < values.length) this.#types = new Float64Array(values.length)
    let at = 0
    let headerLength = 0
    for (let column = 0; column < values.length; column += 1) {
      const value = values[column] ?? null
      let type = TYPE.null
      if (typeof value === 'string') {
        if (this.#body.length - at < value.length * 3) this.#body = grown(this.#body, at + value.length * 3)
        const end = writeText(this.#body, at, value)
        type = TYPE.text + 2 * (end - at)
        at = end
      } else if (value !== null) {
        if (this.#body.length - at < 8) this.#body = grown(this.#body, at + 8)
        type = typeOf(value)
        at = writeNumber(this.#body, at, type, value)
      }
      this.#types[column] = type
      headerLength += varintLength(type)
    }
    // The header tells its own length, which may make it longer.
    headerLength += varintLength(headerLength + 1)
    if (this.bytes.length < headerLength + at) this.bytes = grown(this.bytes, headerLength + at)
    let written = writeVarint(this.bytes, 0, headerLength)
    for (let column = 0; column < values.length; column += 1) {
      written = writeVarint(this.bytes, written, this.#types[column] ?? 0)
    }
    this.#body.copy(this.bytes, written, 0, at)
    return written + at
  }
}

function grown(bytes: Buffer, atLeast: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(atLeast, bytes.length * 2))
  bytes.copy(larger)
  return larger
}

/** A whole number is stored as such also in a REAL column, as SQLite does it. */
function typeOf(value: number): number {
  if (!Number.isSafeInteger(value)) return TYPE.double
  if (value === 0) return TYPE.zero
  if (value === 1) return TYPE.one
  const size = value < 0 ? -value - 1 : value
  if (size < 0x80) return TYPE.int8
  if (size < 0x8000) return TYPE.int16
  if (size < 0x800000) return TYPE.int24
  if (size < 0x80000000) return TYPE.int32
  return size < 0x800000000000 ? TYPE.int48 : TYPE.int64
}

function writeNumber(bytes: Buffer, at: number, type: number, value: number): number {
  if (type === TYPE.double) return bytes.writeDoubleBE(value, at)
  if (type === TYPE.int8) return bytes.writeInt8(value, at)
  if (type === TYPE.int16) return bytes.writeInt16BE(value, at)
  if (type === TYPE.int24) return bytes.writeIntBE(value, at, 3)
  if (type === TYPE.int32) return bytes.writeInt32BE(value, at)
  if (type === TYPE.int48) return bytes.writeIntBE(value, at, 6)
  return type === TYPE.int64 ? bytes.writeBigInt64BE(BigInt(value), at) : at
}

/** As UTF-8; half of a surrogate pair becomes U+FFFD. */
function writeText(bytes: Buffer, from: number, text: string): number {
  const { length } = text
  if (length > SHORT_TEXT) return from + bytes.write(text, from)
  for (let at = 0; at < length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit > 0x7f) return from + at + bytes.write(at === 0 ? text : text.slice(at), from + at)
    bytes[from + at] = unit
  }
  return from + length
}

/** SQLite's varint: seven bits in each byte, the highest first. For safe integers from 0 on, which need eight at most. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  if (value < 0x80) {
    bytes[at] = value
    return at + 1
  }
  const end = at + varintLength(value)
  let rest = value
  for (let place = end - 1; place >= at; place -= 1) {
    bytes[place] = (rest % 0x80) | (place === end - 1 ? 0 : 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return end
}

export function varintLength(value: number): number {
  let length = 1
  for (let rest = value; rest >= 0x80; rest /= 0x80) length += 1
  return length
}
