import { decimalText } from './cell-text.ts'
import { type Checked, type FilledCell, type FilledCheck, type Misfit, misfit } from './checked.ts'
import { type Column, decimalSign } from './column.ts'
import { type NumberFault, parseNumber } from './numbers.ts'

export function compileNumberCheck(column: Column): FilledCheck {
  const outside = compileBounds(column)
  return (cell): Checked => {
    const number = readNumber(cell, column)
    if (typeof number !== 'number') return explain(column, cell, number)
    return outside(number, cell) ?? number
  }
}

export function compileIntegerCheck(column: Column): FilledCheck {
  const outside = compileBounds(column)
  return (cell): Checked => {
    const number = readNumber(cell, column)
    if (typeof number !== 'number') return explain(column, cell, number)
    // Arithmetic leaves 2.9999999999999996 where the sheet shows 3.
    const whole = Number.isInteger(number) || typeof cell === 'string' ? number : Number(number.toPrecision(15))
    if (!Number.isInteger(whole)) return misfit(column, 'not_integer', cell, notWhole(number, cell))
    if (!Number.isSafeInteger(whole)) return misfit(column, whole < 0 ? 'too_small' : 'too_large', cell, TOO_LONG)
    return outside(whole, cell) ?? whole
  }
}

const TOO_LONG =
  'has more digits than a number keeps exactly (9,007,199,254,740,991 is the largest). If it is an identifier, make this column a text.'

function readNumber(cell: FilledCell, column: Column): number | NumberFault {
  if (typeof cell === 'string') return parseNumber(cell, decimalSign(column))
  const number = typeof cell === 'object' && cell.type === 'number' ? cell.value : cell
  return typeof number === 'number' && Number.isFinite(number) ? number + 0 : 'not_number'
}

function notWhole(number: number, cell: FilledCell): string {
  const hidden = typeof cell === 'object' && cell.type === 'number' && /^[^.,]*$/.test(cell.text)
  if (hidden) return `is ${decimalText(number)} with its decimals hidden, expected a whole number.`
  return 'is not a whole number, expected for example 1000.'
}

function explain(column: Column, cell: FilledCell, fault: NumberFault): Misfit {
  if (fault === 'too_precise') return misfit(column, 'too_large', cell, TOO_LONG)
  if (fault === 'too_big') return misfit(column, 'too_large', cell, 'is larger than any number can be.')
  if (fault === 'too_fine') return misfit(column, 'too_small', cell, 'is nearer to zero than any number can be.')
  return misfit(
    column,
    'not_number',
    cell,
    fault === 'other_decimal' ? otherDecimal(column, cell) : notNumber(column, cell),
  )
}

function notNumber(column: Column, cell: FilledCell): string {
  if (typeof cell === 'boolean') return 'is a yes/no value, not a number.'
  if (typeof cell === 'object' && cell.type === 'date') return 'is a date or time, not a number.'
  return `is not a number, expected for example ${example(column)}.`
}

function otherDecimal(column: Column, cell: FilledCell): string {
  const decimal = decimalSign(column)
  const other = decimal === 'point' ? 'comma' : 'point'
  const meant = typeof cell === 'string' ? parseNumber(cell, other) : cell
  const written = typeof meant === 'number' ? inDecimal(meant, column) : example(column)
  return `is not a number with decimal ${decimal}, it looks like decimal ${other}. Expected ${written}, or set this column to decimal ${other}.`
}

function example(column: Column): string {
  return column.type === 'integer' ? '1000' : inDecimal(1000.5, column)
}

function inDecimal(number: number, column: Column): string {
  const text = decimalText(number)
  return column.decimal === 'comma' ? text.replace('.', ',') : text
}

/** The check against `min` and `max`; null is within. */
function compileBounds(column: Column): (number: number, cell: FilledCell) => Misfit | null {
  const min = bound(column.min) ?? Number.NEGATIVE_INFINITY
  const max = bound(column.max) ?? Number.POSITIVE_INFINITY
  return (number, cell) => {
    if (number < min) {
      return misfit(column, 'too_small', cell, `is less than ${inDecimal(min, column)}, the smallest allowed.`)
    }
    if (number > max) {
      return misfit(column, 'too_large', cell, `is more than ${inDecimal(max, column)}, the largest allowed.`)
    }
    return null
  }
}

/** A bound as a number; null when there is none. */
export function bound(limit: number | string | null): number | null {
  if (limit === null || limit === '') return null
  const number = Number(limit)
  return Number.isFinite(number) ? number : null
}
