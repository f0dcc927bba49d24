import type { ParseResult } from 'papaparse'
import type { CsvDialect } from './dialect.ts'

/** How many of the lines behind a stray quote must be rows by themselves. */
const LINES_BEHIND = 20

/**
 * The first line of `text` as a record of its own, its quotation marks taken for part of the text, where that is safe:
 * it has as many fields as the rows before it, and so has every line behind that the open quote has swallowed. A cell
 * of several lines, whose later lines are no rows, is never cut into pieces by this.
 */
export function literalFields(
  { text, width, dialect }: { text: string; width: number; dialect: CsvDialect },
  parse: (line: string) => ParseResult<string[]>,
): string[] | undefined {
  if (width < 2) return undefined
  const [line = '', ...behind] = firstLines(text, LINES_BEHIND + 1)
  const fields = line.split(dialect.delimiter)
  if (fields.length !== width) return undefined
  const areRows = behind.every((each) => {
    const { data, errors } = parse(each)
    return each === '' || (errors.length === 0 && data[0]?.length === width)
  })
  return areRows ? fields.map((field) => withoutPair(field, dialect.quote)) : undefined
}

/** The first lines that are whole, as far as the text goes. */
function firstLines(text: string, most: number): string[] {
  const lines: string[] = []
  let from = 0
  while (lines.length < most && from < text.length) {
    const end = text.indexOf('\n', from)
    // The last line may be cut off; it is a row of the file all the same when it is the only one.
    if (end === -1 && lines.length > 0) break
    lines.push(text.slice(from, end === -1 ? text.length : end))
    from = end === -1 ? text.length : end + 1
  }
  return lines
}

function withoutPair(field: string, quote: string): string {
  const inner = field.slice(1, -1)
  return field.length > 1 && field.startsWith(quote) && field.endsWith(quote) && !inner.includes(quote) ? inner : field
}
