import { decimalText } from './cell-text.ts'
import type { DecimalSign } from './column.ts'
import { LEADING_CURRENCY, TRAILING_CURRENCY } from './currencies.ts'

/**
 * Why a text is not a number. `other_decimal`: it would be one with the other decimal sign. `too_precise`: it has more
 * digits than a number can hold. `too_big`: no number is that large. `too_fine`: none but zero is that near to zero.
 */
export const NUMBER_FAULTS = ['not_number', 'other_decimal', 'too_precise', 'too_big', 'too_fine'] as const
export type NumberFault = (typeof NUMBER_FAULTS)[number]

/** The texts that nearly every cell holds, read without looking further. Fifteen digits are always exact. */
const SIMPLE = { point: /^-?\d{1,15}(?:\.\d{1,15})?$/, comma: /^-?\d{1,15}(?:,\d{1,15})?$/ }
const PLAIN = { point: /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,4})?$/i, comma: /^(?:\d+,?\d*|,\d+)(?:e[+-]?\d{1,4})?$/i }
/** Groups of exactly three digits after a first group of one to three that does not start with 0, with one kind of separator. */
const GROUPED = {
  point: /^[1-9]\d{0,2}(?:(?:,\d{3})+|(?: \d{3})+|(?:'\d{3})+)(?:\.\d+)?$/,
  comma: /^[1-9]\d{0,2}(?:(?:\.\d{3})+|(?: \d{3})+|(?:'\d{3})+)(?:,\d+)?$/,
}
const SEPARATORS = { point: /[, ']/g, comma: /[. ']/g }
/** No text of this length holds more than the 15 digits that are always exact, once separators are gone. */
const EXACT_LENGTH = 16
/** The longest decimal of any number has 309 digits before or some 325 after the point. */
const LONGEST = 400

/**
 * Reads a number as people write it: thousands separators (comma or point, space, apostrophe), a currency on either
 * side, percent ("50%" is 0.5), a sign before or after, accounting parentheses for negative amounts, exponents.
 * `text` is trimmed. "0,435" with a decimal point is a fault, not 435.
 */
export function parseNumber(text: string, decimal: DecimalSign): number | NumberFault {
  const plain = plainNumber(text, decimal === 'comma' ? COMMA : POINT)
  if (plain >= 0) return plain
  if (SIMPLE[decimal].test(text)) return Number(decimal === 'comma' ? text.replace(',', '.') : text) + 0
  if (text.length <= EXACT_LENGTH && GROUPED[decimal].test(text)) return Number(plainDigits(text, decimal))
  if (text.length > LONGEST || !/\d/.test(text)) return 'not_number'
  const amount = bareAmount(text)
  const number = readAmount(amount, decimal)
  if (number !== 'not_number') return number
  const other = readAmount(amount, decimal === 'point' ? 'comma' : 'point')
  return typeof other === 'number' ? 'other_decimal' : 'not_number'
}

const POINT = 46
const COMMA = 44
const ZERO = 48
const POWERS = Array.from({ length: 16 }, (_, power) => 10 ** power)

/**
 * Digits with at most one decimal sign, up to 15 in all, read without a regular expression; -1 for every other text.
 * Both the digits and the power of ten are exact, so that one division rounds right.
 */
function plainNumber(text: string, sign: number): number {
  if (text.length > 16) return -1
  let digits = 0
  let count = 0
  let point = -1
  for (let k = 0; k < text.length; k += 1) {
    const code = text.charCodeAt(k)
    const digit = code - ZERO
    if (digit >= 0 && digit <= 9) {
      digits = digits * 10 + digit
      count += 1
    } else if (code === sign && point === -1 && k > 0) point = k
    else return -1
  }
  const decimals = point === -1 ? 0 : text.length - 1 - point
  if (count === 0 || count > 15 || (point !== -1 && decimals === 0)) return -1
  return decimals === 0 ? digits : digits / (POWERS[decimals] ?? 1)
}

type Amount = { digits: string; negative: boolean; percent: boolean; signed: boolean; unit: boolean }

function readAmount(amount: Amount, decimal: DecimalSign): number | NumberFault {
  const plain = plainDigits(amount.digits, decimal)
  if (plain === '') return 'not_number'
  const hasExponent = plain.includes('e')
  // Moving the point in the text is exact, dividing by 100 is not: 1.1 / 100 is 0.011000000000000001.
  const size = !amount.percent ? Number(plain) : hasExponent ? Number(plain) / 100 : Number(`${plain}e-2`)
  if (!Number.isFinite(size)) return 'too_big'
  if (size === 0 && /^[^e]*[1-9]/.test(plain)) return 'too_fine'
  if (size > Number.MAX_SAFE_INTEGER && !hasExponent && !keepsDigits(plain, size)) return 'too_precise'
  return (amount.negative ? -size : size) + 0
}

/** The digits as JavaScript writes them, or '' when they are not a number with this decimal sign. */
function plainDigits(digits: string, decimal: DecimalSign): string {
  const grouped = GROUPED[decimal].test(digits)
  if (!grouped && !PLAIN[decimal].test(digits)) return ''
  const ungrouped = grouped ? digits.replace(SEPARATORS[decimal], '') : digits
  return ungrouped.replace(',', '.').toLowerCase()
}

function keepsDigits(plain: string, size: number): boolean {
  const [whole = ''] = plain.split('.')
  return whole.replace(/^0+/, '') === decimalText(size)
}

/** Takes off what stands around the digits, each thing once, in whatever order it was put there: "-€ 5", "(5 €)", "5- €". */
function bareAmount(text: string): Amount {
  const amount = { digits: withUsualSigns(text), negative: false, percent: false, signed: false, unit: false }
  while (takeSign(amount) || takeUnit(amount)) amount.digits = amount.digits.trim()
  return amount
}

function takeSign(amount: Amount): boolean {
  const { digits, signed } = amount
  const around = signed ? null : /^\((.*)\)$|^[-+](.*)$|^(.*)[-+]$/.exec(digits)
  if (around === null) return false
  amount.signed = true
  amount.negative = !digits.startsWith('+') && !digits.endsWith('+')
  amount.digits = around[1] ?? around[2] ?? around[3] ?? ''
  return true
}

function takeUnit(amount: Amount): boolean {
  if (amount.unit) return false
  const rest = amount.digits.replace(/^%|%$/, '')
  amount.percent = rest !== amount.digits
  const bare = amount.percent ? rest : rest.replace(LEADING_CURRENCY, '')
  const digits = bare === amount.digits ? bare.replace(TRAILING_CURRENCY, '') : bare
  amount.unit = digits !== amount.digits
  amount.digits = digits
  return amount.unit
}

/** One kind of minus, apostrophe, space and digit, and no dash in place of cents ("5.–", "1000,-"). */
function withUsualSigns(text: string): string {
  return text
    .replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\u2010-\u2015\u2212\uFE63]/g, '-')
    .replace(/[\u2018\u2019\u02BC\u00B4\u0060\u2032]/g, "'")
    .replace(/\s/g, ' ')
    .replace(/(\d)[.,]-{1,2}(?=\D*$)/, '$1')
    .trim()
}
