import type { Cell, Row } from '../spreadsheets/cell.ts'
import { cellText } from './cell-text.ts'
import { claimColumns, type MatchOptions } from './claim-columns.ts'
import type { TemplateShape } from './column.ts'
import { parseDate } from './dates.ts'
import { parseNumber } from './numbers.ts'

/** How many rows from the top may be titles before the header. */
export const HEADER_WITHIN = 50

export type FindHeaderOptions = {
  mapping?: MatchOptions['mapping'] | undefined
  /** The marked columns of one of our own exports: zero-based column index to column id. */
  markedColumns?: Map<number, string> | undefined
}

/** The texts of a row as headers, one per column, '' where there is none. */
export function headerTexts(row: Row): string[] {
  return Array.from(row.cells, (cell) => cellText(cell).replace(/\s+/g, ' ').trim())
}

/**
 * The index, among the first 50 of `rows`, of the one that names most columns of the template; the first of equals.
 * When none names any it is the one that looks like a header. 0 when there are no rows.
 */
export function findHeaderRow(rows: Row[], shape: TemplateShape, options: FindHeaderOptions = {}): number {
  let best = -1
  let bestNamed = 0
  for (const [index, row] of rows.slice(0, HEADER_WITHIN).entries()) {
    const named = namedColumns(row, shape, options)
    if (named > bestNamed) [best, bestNamed] = [index, named]
    // No other can name more.
    if (named === shape.columns.length) break
  }
  return best === -1 ? guessHeaderRow(rows) : best
}

function namedColumns(row: Row, shape: TemplateShape, { mapping = {}, markedColumns }: FindHeaderOptions): number {
  const headers = headerTexts(row)
  const marks = new Map(Array.from(markedColumns ?? []).filter(([index]) => (headers[index] ?? '') !== ''))
  return claimColumns(headers, shape, { mapping, marks }).filter((file) => file.columnId !== null).length
}

/**
 * The index of the row that looks like a header, without a template to compare with: the first, among the first 50,
 * that is about as wide as most rows, holds only texts, none of them twice, and whose texts don't come again below
 * it in their columns. The first row when no row is like that.
 */
export function guessHeaderRow(rows: Row[]): number {
  const first = rows.slice(0, HEADER_WITHIN)
  const widths = first.map((row) => row.cells.findLastIndex(isFilled) + 1)
  const usual = mostCommon(widths)
  const candidates = first.flatMap((row, index): Candidate[] => {
    const filled = row.cells.filter(isFilled).length
    const wideEnough = Math.abs((widths[index] ?? 0) - usual) <= 1 && filled >= usual - 1
    if (!wideEnough || !looksLikeHeader(row) || comesAgain(row, first.slice(index + 1))) return []
    return [{ index, filled, aboveData: rows[index + 1]?.cells.some(isDatum) ?? false }]
  })
  return firstHeader(candidates)?.index ?? 0
}

type Candidate = { index: number; filled: number; aboveData: boolean }

/** The first candidate, unless it is a title with gaps, and a fuller one stands right above data further down. */
function firstHeader([first, ...others]: Candidate[]): Candidate | undefined {
  if (first === undefined || first.aboveData) return first
  return others.find((other) => other.aboveData && other.filled > first.filled) ?? first
}

function isFilled(cell: Cell | undefined): boolean {
  return cellText(cell).trim() !== ''
}

/** The most frequent width; of equally frequent ones the widest, since titles and notes are narrow. */
function mostCommon(widths: number[]): number {
  const counts = new Map<number, number>()
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1)
  const [usual = 0] = Array.from(counts).sort(([a, timesA], [b, timesB]) => timesB - timesA || b - a)[0] ?? []
  return usual
}

function looksLikeHeader(row: Row): boolean {
  const filled = row.cells.filter(isFilled)
  const texts = filled.filter((cell) => typeof cell === 'string').map((text) => text.trim())
  const distinct = new Set(texts.map((text) => text.toLowerCase()))
  return texts.length > 0 && texts.length === filled.length && distinct.size === texts.length && !filled.some(isDatum)
}

/** A number, date or boolean, also in the text of a CSV. A year in text may well be a header. */
export function isDatum(cell: Cell): boolean {
  if (typeof cell !== 'string') return cell !== null
  const text = cell.trim()
  if (/^(?:19|20)\d\d$/.test(text)) return false
  return typeof parseNumber(text, 'point') === 'number' || typeof parseDate(text, 'dmy') === 'string'
}

/** Whether a value of the row stands again below it, in a row that is not just the header printed once more. */
function comesAgain(row: Row, below: Row[]): boolean {
  const texts = headerTexts(row)
  return below.some((other) => {
    const again = texts.filter((text, index) => text !== '' && cellText(other.cells[index]).trim() === text)
    return again.length > 0 && again.length < texts.filter((text) => text !== '').length
  })
}
