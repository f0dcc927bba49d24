import type { Cell } from '../spreadsheets/cell.ts'

/** Excel keeps and shows at most 15 significant digits; what doubles carry beyond that is noise of arithmetic. */
const SHOWN_DIGITS = 15

/**
 * What the person sees in the cell. A General number is written out in full, without exponent; a fraction is cut to the
 * 15 digits that a spreadsheet shows, so that 0.1 + 0.2 reads "0.3". An empty cell is ''.
 */
export function cellText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'string') return cell
  if (typeof cell === 'number') return generalText(cell)
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE'
  if (cell.type === 'number') return cell.text.trim() === '' ? generalText(cell.value) : cell.text
  if (cell.type === 'date') return cell.text.trim() === '' ? cell.value : cell.text
  return cell.code
}

/** The shortest decimal that reads back as this very number, without exponent: 1e21 is "1000000000000000000000". */
export function decimalText(value: number): string {
  const text = String(value === 0 ? 0 : value)
  const exponentAt = text.indexOf('e')
  return exponentAt === -1 ? text : withoutExponent(text.slice(0, exponentAt), Number(text.slice(exponentAt + 1)))
}

function generalText(value: number): string {
  const text = decimalText(value)
  if (text.length <= SHOWN_DIGITS + 1 || !Number.isFinite(value) || Number.isInteger(value)) return text
  return decimalText(Number(value.toPrecision(SHOWN_DIGITS)))
}

function withoutExponent(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = mantissa.slice(sign.length).split('.')
  const digits = whole + fraction
  const point = whole.length + exponent
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length)
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}
