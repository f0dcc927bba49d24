import { type ByteSource, openBytes } from '../byte-source.ts'
import type { Cell, Row } from '../cell.ts'
import { noSheet, sheetNotFound, tooLarge } from '../refusals.ts'
import type { Dialect, RowBatch, Spreadsheet } from '../spreadsheet.ts'
import { type AskedDialect, type CsvDialect, DIALECT_WINDOW, detectDialect, NO_QUOTE } from './dialect.ts'
import { encodingOf, type TextEncoding } from './encoding.ts'
import { unescapeFormula } from './formula-escape.ts'
import { OddRows } from './odd-rows.ts'
import { readText } from './read-text.ts'
import { RecordReader } from './record-reader.ts'

/** A text file has one sheet, without a name of its own. */
export const CSV_SHEET = 'Sheet1'

const BATCH_ROWS = 500

/** How a text is read, as far as a person said so; the rest is found. */
export type TextOptions = AskedDialect & { encoding?: string }
export type CsvOptions = TextOptions & { maxCells: number; maxRecord?: number }

/**
 * Opens CSV, TSV and the like (RFC 4180, and what programs make of it). Every cell is a string or null; a line break
 * inside a cell is LF whatever the file wrote; NULs are dropped; the apostrophe by which `writeCsv` keeps a text from
 * being run as a formula is taken off again. A row's number counts records, blank ones too, as a spreadsheet shows them.
 */
export async function openCsv(path: string, options: CsvOptions): Promise<Spreadsheet> {
  const source = await openBytes(path)
  try {
    const encoding = await encodingOf(source, options.encoding)
    const dialect = await readDialect(source, encoding, options)
    const text: CsvText = { source, encoding, dialect, unreadable: new OddRows(), nuls: 0 }
    const empty = await hasNoRows(text, options)
    if (empty) throw noSheet()
    let reader = new RecordReader(dialect)
    return {
      format: 'csv',
      sheets: [{ name: CSV_SHEET, hidden: false, empty }],
      marks: undefined,
      dialect: dialectOf(encoding, dialect),
      rows(sheet) {
        if (sheet !== CSV_SHEET) throw sheetNotFound(sheet, [CSV_SHEET])
        reader = new RecordReader(dialect, options.maxRecord)
        text.unreadable = new OddRows()
        text.nuls = 0
        return readBatches(text, reader, options)
      },
      oddities: () => [...reader.oddities(), ...unreadableBytes(text), ...droppedNuls(text)],
      close: () => void source.close(),
    }
  } catch (error) {
    await source.close()
    throw error
  }
}

function dialectOf({ name }: TextEncoding, { delimiter, quote, escape: escapeSign }: CsvDialect): Dialect {
  return { encoding: name, delimiter, quote: shownQuote(quote), escape: shownQuote(escapeSign) }
}

/** Where nothing encloses cells, there is no sign to show. */
function shownQuote(sign: string): string {
  return sign === NO_QUOTE ? '' : sign
}

type CsvText = { source: ByteSource; encoding: TextEncoding; dialect: CsvDialect; unreadable: OddRows; nuls: number }

function unreadableBytes({ encoding, unreadable }: CsvText): string[] {
  if (unreadable.count === 0) return []
  return [
    `The text is ${encoding.name.toUpperCase()}, but not in ${unreadable.named()}: what can't be read there is �.`,
  ]
}

function droppedNuls({ nuls }: CsvText): string[] {
  if (nuls === 0) return []
  const what = nuls === 1 ? '1 NUL character was' : `${nuls.toLocaleString('en')} NUL characters were`
  return [`${what} dropped from the text, which has no use for them. Was the file copied whole?`]
}

async function readDialect(source: ByteSource, encoding: TextEncoding, asked: AskedDialect): Promise<CsvDialect> {
  let text = ''
  for await (const piece of readText(source, encoding)) {
    text += piece.text
    if (text.length > DIALECT_WINDOW) return detectDialect(text.slice(0, DIALECT_WINDOW), false, asked)
  }
  return detectDialect(text, true, asked)
}

async function hasNoRows(text: CsvText, options: CsvOptions): Promise<boolean> {
  for await (const _ of readBatches(text, new RecordReader(text.dialect, options.maxRecord), options)) return false
  return true
}

async function* readBatches(text: CsvText, reader: RecordReader, options: CsvOptions): AsyncGenerator<RowBatch> {
  let number = 0
  let cells = 0
  for await (const { records, bytesDone } of readRecords(text, reader)) {
    for (let at = 0; at < records.length; at += BATCH_ROWS) {
      const rows: Row[] = []
      for (const record of records.slice(at, at + BATCH_ROWS)) {
        number += 1
        const row = toRow(number, record)
        if (!row) continue
        if (text.encoding.isDamaged && row.cells.some(isUnreadable)) text.unreadable.note(number)
        cells += row.cells.length
        rows.push(row)
      }
      if (cells > options.maxCells) {
        throw tooLarge(`This file has more than ${options.maxCells.toLocaleString('en')} cells.`, 'Split it up.')
      }
      if (rows.length > 0) yield { rows, bytesDone, bytesTotal: text.source.size }
    }
  }
}

async function* readRecords(
  csv: CsvText,
  reader: RecordReader,
): AsyncGenerator<{ records: string[][]; bytesDone: number }> {
  const { source, encoding } = csv
  let { skip } = csv.dialect
  for await (const { text, bytesDone, nuls } of readText(source, encoding)) {
    csv.nuls += nuls
    for (const records of reader.add(skip > 0 ? text.slice(skip) : text)) yield { records, bytesDone }
    skip = 0
  }
  for (const records of reader.end()) yield { records, bytesDone: source.size }
}

function isUnreadable(cell: Cell): boolean {
  return typeof cell === 'string' && cell.includes('\ufffd')
}

function toRow(number: number, record: string[]): Row | undefined {
  // The record is nobody else's, so it becomes the cells: a million rows need no second list each.
  const cells: Cell[] = record
  for (let at = 0; at < record.length; at += 1) {
    const field = record[at] ?? ''
    cells[at] = field === '' ? null : unescapeFormula(field)
  }
  while (cells.length > 0 && cells.at(-1) === null) cells.pop()
  return cells.length > 0 ? { number, cells } : undefined
}
