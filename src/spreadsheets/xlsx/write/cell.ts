import type { OutType, OutValue } from '../../out-sheet.ts'
import { isoToSerial } from '../../serial-date.ts'
import { STYLES } from './parts.ts'
import { isPlainText, xlsxText } from './xml-text.ts'

/** The longest text a cell may hold (Excel specifications and limits). */
const MAX_TEXT = 32_767

/** The style of a column's cells, those still empty included: what is typed into them later is a text, a date. */
export function styleOf(type: OutType): number {
  if (type === 'date' || type === 'datetime' || type === 'integer') return STYLES[type]
  return type === 'number' || type === 'boolean' ? STYLES.general : STYLES.text
}

/**
 * A cell of a row (ECMA-376 Part 1, 18.3.1.4). A text is always an inline string, never a formula, whatever it begins
 * with. A date that a workbook can't count (before March 1900) is written as text.
 */
export function xlsxCell(reference: string, value: OutValue, type: OutType): string {
  if (typeof value === 'boolean') return `<c r="${reference}" s="${STYLES.general}" t="b"><v>${value ? 1 : 0}</v></c>`
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return xlsxTextCell(reference, String(value), STYLES.text)
    const style = type === 'integer' ? STYLES.integer : STYLES.general
    return `<c r="${reference}" s="${style}"><v>${value}</v></c>`
  }
  if (value === null || value === '') return ''
  if (type === 'date' || type === 'datetime') {
    const serial = isoToSerial(value)
    if (serial !== undefined) return `<c r="${reference}" s="${STYLES[type]}"><v>${serial}</v></c>`
  }
  return xlsxTextCell(reference, value, STYLES.text)
}

export function xlsxTextCell(reference: string, text: string, style: number): string {
  const cell = `<c r="${reference}" s="${style}" t="inlineStr"><is><t`
  if (isPlainText(text) && !isTooLong(text)) return `${cell}>${text}</t></is></c>`
  return `${cell} xml:space="preserve">${xlsxText(isTooLong(text) ? cut(text) : text)}</t></is></c>`
}

export function isTooLong(value: OutValue): boolean {
  return typeof value === 'string' && value.length > MAX_TEXT
}

/** Not through the middle of a character of two code units. */
function cut(text: string): string {
  const end = /[\ud800-\udbff]/.test(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT
  return text.slice(0, end)
}
