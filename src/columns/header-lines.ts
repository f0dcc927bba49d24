import type { Row } from '../spreadsheets/cell.ts'
import { claimColumns } from './claim-columns.ts'
import type { TemplateShape } from './column.ts'
import { type FindHeaderOptions, headerTexts, isDatum } from './find-header.ts'

/** A header of one line or two, as one text per column. */
export type HeaderLines = {
  texts: string[]
  /** The number of its last line; the rows of the table are below it. */
  lastRow: number
  /** Sentences about lines that were joined or left out. */
  warnings: string[]
}

/**
 * The header whose line is `rows[at]`. Where a name is told in two lines, such as "Price" above "net" and "gross", they
 * are joined; that is taken when it names more columns of the template than the line alone.
 */
export function headerLines(
  rows: Row[],
  at: number,
  { shape, options }: { shape: TemplateShape; options: FindHeaderOptions },
): HeaderLines | undefined {
  const line = rows[at]
  if (line === undefined) return undefined
  const alone = { texts: headerTexts(line), lastRow: line.number, warnings: unusedAbove(rows[at - 1], line) }
  const joined = [
    [rows[at - 1], line],
    [line, rows[at + 1]],
  ].flatMap(([upper, lower]) => joinLines(upper, lower) ?? [])
  const named = ({ texts }: HeaderLines) => countNamed(texts, shape, options)
  return joined.reduce<HeaderLines>((best, other) => (named(other) > named(best) ? other : best), alone)
}

/**
 * The same without a template to compare with. Two lines are joined where neither names the columns alone: the upper has
 * gaps, below names that stand over several columns, which the lower fills; the lower has gaps, or a name twice, and
 * stands above data. Notes that stand above a whole header are not part of it.
 */
export function proposedHeaderLines(rows: Row[], at: number): HeaderLines | undefined {
  const line = rows[at]
  if (line === undefined) return undefined
  const joined = [at - 1, at].find((upper) => isGroupedHeader(rows, upper))
  const lines = joined === undefined ? undefined : joinLines(rows[joined], rows[joined + 1])
  return lines ?? { texts: headerTexts(line), lastRow: line.number, warnings: unusedAbove(rows[at - 1], line) }
}

function isGroupedHeader(rows: Row[], at: number): boolean {
  const [upper, lower, data] = [rows[at], rows[at + 1], rows[at + 2]]
  if (upper === undefined || lower === undefined) return false
  const [above, below] = [headerTexts(upper), headerTexts(lower)]
  const named = above.filter((text) => text !== '').length
  // One name alone is a title.
  if (named < 2) return false
  const detailed = below.some((text, index) => text !== '' && (above[index] ?? '') === '')
  const names = below.filter((text) => text !== '')
  const whole = above.every((text, index) => text === '' || (below[index] ?? '') !== '')
  if (whole && new Set(names).size === names.length) return false
  return detailed && below.some((text, index) => text !== '' && isDatum(data?.cells[index] ?? null))
}

function countNamed(texts: string[], shape: TemplateShape, { mapping = {}, markedColumns }: FindHeaderOptions): number {
  return claimColumns(texts, shape, { mapping, marks: markedColumns }).filter((file) => file.columnId !== null).length
}

function joinLines(upper: Row | undefined, lower: Row | undefined): HeaderLines | undefined {
  if (upper === undefined || lower === undefined || !areNeighbours(upper, lower)) return undefined
  const [above, below] = [headerTexts(upper), headerTexts(lower)]
  const texts: string[] = []
  let group = ''
  for (let index = 0; index < Math.max(above.length, below.length); index += 1) {
    const [own = '', detail = ''] = [above[index], below[index]]
    // A name that stands over several columns is in the first of them only.
    if (own !== '' || detail === '') group = own
    texts.push([group, detail].filter((text) => text !== '').join(' '))
  }
  const example = texts.find((_, index) => (above[index] ?? '') !== '' && (below[index] ?? '') !== '')
  if (example === undefined) return undefined
  const warning = `The header is in two lines, rows ${upper.number} and ${lower.number}; they were joined, as in '${example}'.`
  return { texts, lastRow: lower.number, warnings: [warning] }
}

function areNeighbours(upper: Row, lower: Row): boolean {
  return upper.number + 1 === lower.number && ![...upper.cells, ...lower.cells].some(isDatum)
}

/** Several names right above the header are more than a title. */
function unusedAbove(upper: Row | undefined, line: Row): string[] {
  if (upper === undefined || !areNeighbours(upper, line)) return []
  const names = headerTexts(upper).filter((text) => text !== '')
  if (names.length < 2) return []
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ' …' : '')
  return [`The header is row ${line.number}; row ${upper.number} above it (${shown}) was not used.`]
}
