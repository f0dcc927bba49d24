import { damaged } from '../../refusals.ts'
import { parseIndex, parseNumber } from './number-bytes.ts'
import type { RowPacker } from './packed-rows.ts'
import type { TextReader } from './text-reader.ts'

/** Where texts come from that are not in the sheet itself. */
export type CellSource = {
  /** Packs the shared text at an index. False when it is empty. */
  packInto(pack: RowPacker, column: number, index: number): boolean
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

/**
 * Packs what the content of a cell's `<v>` or `<is>`, as `text` has read it, is worth. False when it is nothing.
 * It is called for every cell, so no object is made for what it is told.
 */
export function packCell(
  pack: RowPacker,
  source: CellSource,
  bytes: Buffer,
  text: TextReader,
  column: number,
  type: number,
  style: number,
): boolean {
  if (type === CELL_TYPES.number && text.isPlain) {
    if (text.start === text.stop) return false
    pack.addNumber(column, parseNumber(bytes, text.start, text.stop), style)
    return true
  }
  if (type === CELL_TYPES.shared && text.isPlain) {
    return text.start !== text.stop && packShared(pack, source, column, parseIndex(bytes, text.start, text.stop))
  }
  if (type === CELL_TYPES.text && text.isAscii) {
    if (text.start === text.stop) return false
    pack.addAscii(column, bytes, text.start, text.stop)
    return true
  }
  const content = text.text(bytes)
  if (content === '') return false
  if (type !== CELL_TYPES.text) return packRare(pack, source, content.trim(), column, type, style)
  pack.addText(column, content)
  return true
}

/** What is no number and no text, and rare enough to be made of a string. */
function packRare(
  pack: RowPacker,
  source: CellSource,
  content: string,
  column: number,
  type: number,
  style: number,
): boolean {
  if (type === CELL_TYPES.boolean) pack.addBoolean(column, content === '1' || content.toLowerCase() === 'true')
  else if (type === CELL_TYPES.error) pack.addError(column, content.startsWith('#') ? content : '#VALUE!')
  else if (type === CELL_TYPES.date) pack.addIsoDate(column, content, style)
  else {
    const bytes = Buffer.from(content)
    if (type === CELL_TYPES.shared) return packShared(pack, source, column, parseIndex(bytes, 0, bytes.length))
    pack.addNumber(column, parseNumber(bytes, 0, bytes.length), style)
  }
  return true
}

function packShared(pack: RowPacker, source: CellSource, column: number, index: number): boolean {
  if (index < 0) throw damaged('A cell of this workbook refers to a shared text by something that is no number.')
  return source.packInto(pack, column, index)
}
