const ZERO = 0x30
const POINT = 0x2e
const MINUS = 0x2d
const PLUS = 0x2b
const SPACE = 0x20
/** Below this a digit more still leaves a number that a double holds exactly. */
const EXACT = 900_719_925_474_099
const POWERS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))

/**
 * A number as a workbook writes it (XML Schema's double), from its bytes. Up to 15 digits are put together here: both
 * they and the power of ten are exact, so that one division rounds right; all others go the usual way through a string.
 * NaN for what is no number.
 */
export function parseNumber(bytes: Buffer, start: number, stop: number): number {
  const isNegative = bytes[start] === MINUS
  let mantissa = 0
  let decimals = 0
  let point = 0
  let k = isNegative ? start + 1 : start
  const first = k
  for (; k < stop; k += 1) {
    const digit = (bytes[k] ?? 0) - ZERO
    if (digit >= 0 && digit <= 9) {
      if (mantissa >= EXACT) return parseText(bytes, start, stop)
      mantissa = mantissa * 10 + digit
      decimals += point
    } else if (bytes[k] === POINT && point === 0) point = 1
    else return parseText(bytes, start, stop)
  }
  if (k - first === point) return parseText(bytes, start, stop)
  if (decimals > 22) return parseText(bytes, start, stop)
  const value = decimals === 0 ? mantissa : mantissa / (POWERS[decimals] ?? 1)
  return isNegative ? -value : value
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d+)?$/i

function parseText(bytes: Buffer, start: number, stop: number): number {
  const text = bytes.toString('latin1', start, stop).trim()
  return NUMBER.test(text) ? Number(text) : Number.NaN
}

/** A whole number without sign, such as an index or a row's number; -1 for anything else. */
export function parseIndex(bytes: Buffer, start: number, stop: number): number {
  let from = start
  let to = stop
  while (from < to && (bytes[from] ?? 0) <= SPACE) from += 1
  while (to > from && (bytes[to - 1] ?? 0) <= SPACE) to -= 1
  if (bytes[from] === PLUS) from += 1
  if (from === to || to - from > 15) return -1
  let value = 0
  for (let k = from; k < to; k += 1) {
    const digit = (bytes[k] ?? 0) - ZERO
    if (!(digit >= 0 && digit <= 9)) return -1
    value = value * 10 + digit
  }
  return value
}
