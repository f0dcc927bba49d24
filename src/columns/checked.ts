import type { Cell, DateCell, NumberCell } from '../spreadsheets/cell.ts'
import { cellText } from './cell-text.ts'
import type { Column, Value } from './column.ts'
import type { ProblemCode } from './problem.ts'

/** Why a cell is not a clean value of its column: what a `Problem` says, without the address. */
export type Misfit = {
  code: ProblemCode
  /** A whole sentence that names column, value and what was expected. */
  message: string
  /** What the person sees in the cell, cut at `LONGEST_KEPT` characters. */
  value: string
}

/**
 * The outcome of checking a cell: the clean value itself, or a misfit. A value is never an object, so the two can be
 * told apart without a wrapper, and a million good rows allocate nothing.
 */
export type Checked = Value | Misfit

/** A cell that has something in it; text is trimmed and not empty. */
export type FilledCell = string | number | boolean | NumberCell | DateCell
/** The check of one type, compiled for one column. */
export type FilledCheck = (cell: FilledCell) => Checked

const LONGEST_SHOWN = 80
const LONGEST_KEPT = 1000

export function isMisfit(checked: Checked): checked is Misfit {
  return typeof checked === 'object' && checked !== null
}

/** `sentence` is what follows "Column name: 'value' ", with its full stop. */
export function misfit(column: Column, code: ProblemCode, cell: Cell, sentence: string): Misfit {
  const value = cellText(cell).trim()
  return { code, message: `${column.name}: ${quoted(value)} ${sentence}`, value: cut(value, LONGEST_KEPT) }
}

/** The value in quotes, on one line, cut when it is long. */
export function quoted(value: string): string {
  return `'${shown(value)}'`
}

/** The value on one line, cut when it is long. */
export function shown(value: string): string {
  return cut(value.slice(0, LONGEST_SHOWN * 4).replace(/\s+/g, ' '), LONGEST_SHOWN)
}

function cut(text: string, longest: number): string {
  if (text.length <= longest) return text
  return `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
