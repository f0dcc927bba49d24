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
  const fields = literalLine(line, width, dialect)
  if (fields === undefined) return undefined
  const areRows = behind.every((each) => {
    const { data, errors } = parse(each)
    return each === '' || (errors.length === 0 && data[0]?.length === width)
  })
  return areRows ? fields : undefined
}

/** A line as a record whose quotation marks are part of its cells, but for whole pairs, if it then has so many fields. */
export function literalLine(line: string, width: number, { delimiter, quote }: CsvDialect): string[] | undefined {
  const fields = line.split(delimiter)
  return fields.length === width ? fields.map((field) => withoutPair(field, quote)) : undefined
}

/** Whether a field has line breaks, and the record cut at them would be rows of so many fields. */
export function holdsRows(record: string[], width: number, dialect: CsvDialect): boolean {
  if (width < 2) return false
  // Rows are hardly shorter, even if most of their cells have one letter. So most fields need not be looked into.
  const shortest = 2 * width - 1
  for (let at = 0; at < record.length; at += 1) {
    const field = record[at] ?? ''
    if (field.length < shortest || !field.includes('\n') || !field.includes(dialect.delimiter)) continue
    if (isCutIntoRows(record, at, width, dialect)) return true
  }
  return false
}

function isCutIntoRows(record: string[], at: number, width: number, { delimiter }: CsvDialect): boolean {
  const fieldsIn = (line: string) => line.split(delimiter).length
  const [first = '', ...behind] = (record[at] ?? '').split('\n')
  const last = behind.pop() ?? ''
  // The first line may have more: its cell may have been in quotes before one of them lost its pair.
  if (at + fieldsIn(first) < width || fieldsIn(last) + record.length - 1 - at !== width) return false
  if (behind.some((line) => line !== '' && fieldsIn(line) !== width)) return false
  // A delimiter before a blank is one of prose, as in "Springfield, IL".
  return ![...behind, last].some((line) => line.includes(`${delimiter} `))
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
