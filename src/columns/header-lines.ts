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
