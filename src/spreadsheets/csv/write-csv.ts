import { cleanText } from '../clean-text.ts'
import {
  allColumns,
  type OutColumn,
  type OutSheet,
  type OutValue,
  ROWS_PER_NOTICE,
  type Written,
} from '../out-sheet.ts'
import { writeFileWhole } from '../output-file.ts'
import { DELIMITERS } from './dialect.ts'
import { escapeFormula } from './formula-escape.ts'

const MARK = '\ufeff'
const LINE_END = '\r\n'
/** Characters that go out at once; a string of more than 128 KB costs V8 a call to the system. */
const PIECE = 16 * 1024

/** Whatever could end a field, or be taken for the delimiter, is quoted; so is the blank that programs like to trim. */
const NEEDS_QUOTES = new RegExp(`["\\r\\n${DELIMITERS.join('')}]|::|^\\s|\\s$`)
/** Beginnings by which a file would be taken for something else: `sep=;`, a web page, JSON. */
const MISLEADS = /^(sep=|[<{[]|MIME-)/i

/**
 * Writes CSV as RFC 4180 has it, in UTF-8 with a byte order mark, by which Excel knows the encoding. A text that a
 * spreadsheet program would run as a formula gets an apostrophe in front (see formula-escape.ts), which our reader
 * takes off. Numbers have the column's decimal sign and no grouping, booleans are true and false.
 */
export async function writeCsv(
  path: string,
  sheet: OutSheet,
  options: { delimiter?: ',' | ';' } = {},
): Promise<Written> {
  const { delimiter = ',' } = options
  const columns = allColumns(sheet)
  let rows = 0
  const bytes = await writeFileWhole(path, async (file) => {
    let piece = MARK + headerLine(columns, delimiter)
    for (const row of sheet.rows) {
      piece += line(row, columns, delimiter)
      rows += 1
      if (rows % ROWS_PER_NOTICE === 0) sheet.onRow?.(rows)
      if (piece.length < PIECE) continue
      await file.write(Buffer.from(piece))
      piece = ''
    }
    await file.write(Buffer.from(piece))
    sheet.onRow?.(rows)
  })
  return { rows, bytes, cutTexts: 0 }
}

function headerLine(columns: OutColumn[], delimiter: string): string {
  return columns.map(({ header }) => textField(header)).join(delimiter) + LINE_END
}

function line(row: OutValue[], columns: OutColumn[], delimiter: string): string {
  return columns.map((column, index) => field(row[index] ?? null, column)).join(delimiter) + LINE_END
}

function field(value: OutValue, column: OutColumn): string {
  if (value === null) return ''
  if (typeof value === 'string') return textField(value)
  const text = String(value)
  return typeof value === 'number' && column.decimal === 'comma' ? quote(text.replace('.', ',')) : text
}

function textField(value: string): string {
  return quote(escapeFormula(cleanText(value)))
}

function quote(text: string): string {
  return NEEDS_QUOTES.test(text) || MISLEADS.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
