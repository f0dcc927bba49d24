import type { Cell } from '../../cell.ts'
import { damaged } from '../../refusals.ts'
import { parseIndex, parseNumber } from './number-bytes.ts'
import type { TextReader } from './text-reader.ts'

/** Where values come from that are not in the sheet itself. */
export type CellSource = {
  sharedString(index: number): string
  /** A number in a style (the cell's `s`). */
  number(value: number, style: number): Cell
  /** An ISO 8601 date in a style. */
  isoDate(text: string, style: number): Cell
}

/** Cell types (ECMA-376 Part 1, 18.18.11 ST_CellType) by what is done with them. */
export const CELL_TYPES = { number: 0, shared: 1, text: 2, boolean: 3, error: 4, date: 5 } as const

const BY_LETTER: (number | undefined)[] = []
for (const [letter, type] of [
  ['n', CELL_TYPES.number],
  ['s', CELL_TYPES.shared],
  ['b', CELL_TYPES.boolean],
  ['e', CELL_TYPES.error],
  ['d', CELL_TYPES.date],
] as const) {
  BY_LETTER[letter.charCodeAt(0)] = type
}

/** The type that a cell's `t` names; `str`, `inlineStr` and what nobody knows are texts. */
export function cellType(bytes: Buffer, start: number, stop: number): number {
  const known = stop - start === 1 ? BY_LETTER[bytes[start] ?? 0] : undefined
  return known ?? CELL_TYPES.text
}

/** What the content of a cell's `<v>` or `<is>`, as `text` has read it, is worth; null when it is nothing. */
export function cellValue(bytes: Buffer, text: TextReader, type: number, style: number, source: CellSource): Cell {
  if (type === CELL_TYPES.number && text.isPlain) {
    if (text.start === text.stop) return null
    return source.number(parseNumber(bytes, text.start, text.stop), style)
  }
  if (type === CELL_TYPES.shared && text.isPlain) {
    if (text.start === text.stop) return null
    return sharedText(parseIndex(bytes, text.start, text.stop), source)
  }
  const content = text.text(bytes)
  if (content === '' || type === CELL_TYPES.text) return content || null
  return rareValue(content.trim(), type, style, source)
}

/** What is no number and no text, and rare enough to be made of a string. */
function rareValue(content: string, type: number, style: number, source: CellSource): Cell {
  if (type === CELL_TYPES.boolean) return content === '1' || content.toLowerCase() === 'true'
  if (type === CELL_TYPES.error) return { type: 'error', code: content.startsWith('#') ? content : '#VALUE!' }
  if (type === CELL_TYPES.date) return source.isoDate(content, style)
  const bytes = Buffer.from(content)
  if (type === CELL_TYPES.shared) return sharedText(parseIndex(bytes, 0, bytes.length), source)
  return source.number(parseNumber(bytes, 0, bytes.length), style)
}

function sharedText(index: number, source: CellSource): Cell {
  if (index < 0) throw damaged('A cell of this workbook refers to a shared text by something that is no number.')
  return source.sharedString(index) || null
}
