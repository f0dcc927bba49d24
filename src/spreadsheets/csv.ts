import Papa from 'papaparse'
import { type ByteSource, openBytes } from './byte-source.ts'
import type { Cell, Row } from './cell.ts'
import { type CsvDialect, DIALECT_WINDOW, detectDialect } from './csv-dialect.ts'
import { encodingOf, type TextEncoding } from './encoding.ts'
import { unescapeFormula } from './formula-escape.ts'
import { damaged, noSheet, sheetNotFound, tooLarge } from './refusals.ts'
import type { RowBatch, Spreadsheet } from './spreadsheet.ts'

/** A text file has one sheet, without a name of its own. */
export const CSV_SHEET = 'Sheet1'

const BATCH_ROWS = 500
const MAX_RECORD = 32 * 1024 * 1024

export type CsvOptions = { maxCells: number; maxRecord?: number }

/**
 * Opens CSV, TSV and the like (RFC 4180, and what programs make of it). Every cell is a string or null; a line break
 * inside a cell is LF whatever the file wrote; NULs are dropped; the apostrophe by which `writeCsv` keeps a text from
 * being run as a formula is taken off again. A row's number counts records, blank ones too, as a spreadsheet shows them.
 */
export async function openCsv(path: string, options: CsvOptions): Promise<Spreadsheet> {
  const source = await openBytes(path)
  try {
    const encoding = await encodingOf(source)
    const dialect = await readDialect(source, encoding)
    const empty = await hasNoRows(source, encoding, dialect, options)
    if (empty) throw noSheet()
    return {
      format: 'csv',
      sheets: [{ name: CSV_SHEET, hidden: false, empty }],
      marks: undefined,
      dialect: { encoding: encoding.name, delimiter: dialect.delimiter, quote: '"' },
      rows(sheet) {
        if (sheet !== CSV_SHEET) throw sheetNotFound(sheet, [CSV_SHEET])
        return readBatches(source, encoding, dialect, options)
      },
      close: () => void source.close(),
    }
  } catch (error) {
    await source.close()
    throw error
  }
}

async function readDialect(source: ByteSource, encoding: TextEncoding): Promise<CsvDialect> {
  for await (const { text, bytesDone } of readText(source, encoding)) {
    return detectDialect(text.slice(0, DIALECT_WINDOW), bytesDone === source.size && text.length <= DIALECT_WINDOW)
  }
  return detectDialect('', true)
}

async function hasNoRows(source: ByteSource, encoding: TextEncoding, dialect: CsvDialect, options: CsvOptions) {
  for await (const _ of readBatches(source, encoding, dialect, options)) return false
  return true
}

async function* readBatches(
  source: ByteSource,
  encoding: TextEncoding,
  dialect: CsvDialect,
  options: CsvOptions,
): AsyncGenerator<RowBatch> {
  let number = 0
  let cells = 0
  for await (const { records, bytesDone } of readRecords(source, encoding, dialect, options)) {
    for (let at = 0; at < records.length; at += BATCH_ROWS) {
      const rows: Row[] = []
      for (const record of records.slice(at, at + BATCH_ROWS)) {
        number += 1
        const row = toRow(number, record)
        if (!row) continue
        cells += row.cells.length
        rows.push(row)
      }
      if (cells > options.maxCells) {
        throw tooLarge(`This file has more than ${options.maxCells.toLocaleString('en')} cells.`, 'Split it up.')
      }
      if (rows.length > 0) yield { rows, bytesDone, bytesTotal: source.size }
    }
  }
}

function toRow(number: number, record: string[]): Row | undefined {
  const cells: Cell[] = record.map((field) => (field === '' ? null : unescapeFormula(field)))
  while (cells.length > 0 && cells.at(-1) === null) cells.pop()
  return cells.length > 0 ? { number, cells } : undefined
}

/** Papa's parser at its low level: it is given text, and says how far it has used it up. */
type LowLevelParser = { parse(text: string, base: number, keepLast: boolean): Papa.ParseResult<string[]> }

async function* readRecords(
  source: ByteSource,
  encoding: TextEncoding,
  dialect: CsvDialect,
  options: CsvOptions,
): AsyncGenerator<{ records: string[][]; bytesDone: number }> {
  const parser: LowLevelParser = new Papa.Parser({ delimiter: dialect.delimiter, newline: '\n' })
  const maxRecord = options.maxRecord ?? MAX_RECORD
  let rest = ''
  let skip = dialect.skip
  let done = 0
  // A record that does not end is not parsed again until the text has doubled, so a long one costs no square of time.
  let enough = 0
  for await (const { text, bytesDone } of readText(source, encoding)) {
    rest += skip > 0 ? text.slice(skip) : text
    skip = 0
    if (rest.length < enough) continue
    const { data, errors, meta } = parser.parse(rest, 0, true)
    refuseStrayQuotes(data, errors, done)
    rest = rest.slice(meta.cursor)
    enough = data.length > 0 ? 0 : rest.length * 2
    done += data.length
    if (rest.length > maxRecord) throw longRecord(done + 1, maxRecord)
    if (data.length > 0) yield { records: data, bytesDone }
  }
  if (rest === '') return
  const { data, errors } = parser.parse(rest, 0, false)
  refuseStrayQuotes(data, errors, done)
  yield { records: data, bytesDone: source.size }
}

/**
 * A quote that is never closed, or one in the middle of a quoted cell that went on over a line end, has swallowed the
 * rows that follow. Better no row than rows that are gone unseen.
 */
function refuseStrayQuotes(records: string[][], errors: Papa.ParseError[], done: number): void {
  for (const { code, row = 0 } of errors) {
    const record = records[row]
    if (code === 'MissingQuotes') {
      throw damaged(`A quotation mark that opens in row ${done + row + 1} is never closed.`)
    }
    if (code === 'InvalidQuotes' && record?.some((field) => field.includes('\n'))) {
      throw damaged(`A quotation mark in row ${done + row + 1} is out of place, so that rows run into each other.`)
    }
  }
}

function longRecord(row: number, limit: number) {
  return tooLarge(
    `Row ${row} is longer than ${Math.round(limit / 1024 / 1024)} MB; perhaps a quotation mark is never closed.`,
    'Look at that row, or save the file as XLSX.',
  )
}

/** The text piece by piece, line ends as LF, without NULs. `bytesDone` counts the bytes of the file behind it. */
async function* readText(
  source: ByteSource,
  encoding: TextEncoding,
): AsyncGenerator<{ text: string; bytesDone: number }> {
  const decoder = new TextDecoder(encoding.name, { ignoreBOM: true })
  let bytesDone = encoding.markLength
  let held = ''
  for await (const piece of source.stream(encoding.markLength, source.size)) {
    bytesDone += piece.length
    const text = held + decoder.decode(piece, { stream: true })
    // A CR at the end may be half of a CR LF.
    held = text.endsWith('\r') ? '\r' : ''
    yield { text: clean(held ? text.slice(0, -1) : text), bytesDone }
  }
  yield { text: clean(held + decoder.decode()), bytesDone }
}

function clean(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  return lines.includes('\0') ? lines.replaceAll('\0', '') : lines
}
