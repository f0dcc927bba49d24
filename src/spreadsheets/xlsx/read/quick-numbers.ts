const MOST = 1e11

/**
 * The text of a number in one of the plainest formats, or undefined when the format or the number is not that plain.
 * A workbook may have a million of these, and reading a format's code for each would take longer than all else. The
 * texts are those of the library that makes all others, its rounding included.
 */
export function quickNumberText(format: string): ((value: number) => string | undefined) | undefined {
  const plain = /^(#,##)?0(?:\.(0{1,6}))?$/.exec(format)
  if (plain === null) return undefined
  const decimals = plain[2]?.length ?? 0
  const isGrouped = plain[1] !== undefined
  if (decimals === 0) return isGrouped ? groupedWhole : whole
  const power = 10 ** decimals
  return (value) => {
    if (!(Math.abs(value) < MOST)) return undefined
    return isGrouped ? groupedFraction(value, decimals, power) : fraction(value, decimals, power)
  }
}

function whole(value: number): string | undefined {
  return Number.isInteger(value) && Math.abs(value) < MOST ? `${value}` : undefined
}

function groupedWhole(value: number): string | undefined {
  if (!(Math.abs(value) < MOST)) return undefined
  return (value < 0 ? '-' : '') + grouped(`${Math.round(Math.abs(value))}`)
}

function fraction(value: number, decimals: number, power: number): string | undefined {
  const text = `${Math.round(value * power) / power}`
  if (text.includes('e')) return undefined
  const point = text.indexOf('.')
  if (point < 0) return `${text}.${'0'.repeat(decimals)}`
  return text.padEnd(point + 1 + decimals, '0')
}

function groupedFraction(value: number, decimals: number, power: number): string {
  if (value < 0) return `-${groupedFraction(-value, decimals, power)}`
  const integer = Math.floor(value)
  const rest = Math.round((value - integer) * power)
  const carried = rest === power
  const digits = `${carried ? 0 : rest}`.padStart(decimals, '0')
  return `${grouped(`${integer + (carried ? 1 : 0)}`)}.${digits}`
}

/** "1,234,567" */
function grouped(digits: string): string {
  let at = digits.length % 3 || 3
  let text = digits.slice(0, at)
  for (; at < digits.length; at += 3) text += `,${digits.slice(at, at + 3)}`
  return text
}
