import { cleanText } from '../spreadsheets/clean-text.ts'
import { decimalText } from './cell-text.ts'
import { compileCheck } from './check-cell.ts'
import type { Checked } from './checked.ts'
import type { Column, Value } from './column.ts'

/**
 * Checks what a person typed into a form field, exactly as a cell of a file is checked. A browser sends the lines of a
 * text area with CR LF; cells hold LF, so a value that was not touched stays the same, also in an export and back.
 */
export function parseInput(text: string, column: Column): Checked {
  return compileCheck(column)(cleanText(text))
}

/**
 * The editable text of a stored value, which `parseInput` reads back as that very value: dates in ISO form, as date
 * inputs want them; numbers with the column's decimal sign, for a text field with inputmode="decimal"; "true" and
 * "false"; '' for no value.
 */
export function valueText(value: Value, column: Column): string {
  if (value === null) return ''
  if (typeof value !== 'number') return String(value)
  const text = decimalText(value)
  return column.decimal === 'comma' ? text.replace('.', ',') : text
}
