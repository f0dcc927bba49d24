import type { Cell, ErrorCell } from '../spreadsheets/cell.ts'
import { compileBooleanCheck } from './booleans.ts'
import { type Checked, type FilledCheck, type Misfit, shown } from './checked.ts'
import { compileChoiceCheck } from './choices.ts'
import type { Column, ColumnType } from './column.ts'
import { compileDateCheck } from './date-check.ts'
import { compileIntegerCheck, compileNumberCheck } from './number-check.ts'
import { compileEmailCheck, compileTextCheck, compileUrlCheck } from './text-check.ts'

const COMPILERS: Record<ColumnType, (column: Column) => FilledCheck> = {
  text: compileTextCheck,
  number: compileNumberCheck,
  integer: compileIntegerCheck,
  boolean: compileBooleanCheck,
  date: compileDateCheck,
  datetime: compileDateCheck,
  email: compileEmailCheck,
  url: compileUrlCheck,
  choice: compileChoiceCheck,
}

/**
 * Compiles the check of one column, to be called for every cell: it gives the clean value, or a misfit that says what
 * is wrong. It never throws. Text is trimmed; an empty cell is null, or a misfit when the column is required.
 */
export function compileCheck(column: Column): (cell: Cell | undefined) => Checked {
  const check = COMPILERS[column.type](column)
  const empty = column.required ? requiredMisfit(column) : null
  return (cell) => {
    if (cell === null || cell === undefined) return empty
    if (typeof cell === 'string') {
      const text = cell.trim()
      return text === '' ? empty : check(text)
    }
    if (typeof cell !== 'object') return check(cell)
    if (cell.type === 'error') return errorMisfit(column, cell)
    return check(cell)
  }
}

function requiredMisfit(column: Column): Misfit {
  return { code: 'required', message: `${column.name} is empty. This column must be filled.`, value: '' }
}

function errorMisfit(column: Column, cell: ErrorCell): Misfit {
  const code = shown(cell.code)
  return { code: 'cell_error', message: `${column.name}: the cell shows the error ${code}.`, value: code }
}
