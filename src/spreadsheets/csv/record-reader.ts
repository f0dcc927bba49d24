import Papa from 'papaparse'
import { damaged, tooLarge } from '../refusals.ts'
import type { CsvDialect } from './dialect.ts'
import { OddRows } from './odd-rows.ts'
import { holdsRows, literalFields, literalLine } from './quotes.ts'

/**
 * How much is parsed at a time: the records of a piece are all in memory at once, and with what is left of the piece
 * before it is no string for which V8 would have to ask the system for memory; see `read-text.ts`.
 */
const PIECE = 16 * 1024
/** A record that is longer than a piece and has more delimiters than this is no row of a table. */
const MAX_FIELDS = 100_000
/** A file with more stray quotation marks is not merely mistyped here and there. */
const MOST_UNPAIRED = 100
const MAX_RECORD = 32 * 1024 * 1024

/** Papa's parser at its low level: it is given text, and says how far it has used it up. */
type LowLevelParser = { parse(text: string, base: number, keepLast: boolean): Papa.ParseResult<string[]> }

/**
 * Turns a text that comes in pieces into records. Memory is bounded by `maxRecord` whatever the text: a record that
 * does not end is refused. A quotation mark without its pair would swallow the rows behind it; where the line that has
 * it and the lines behind are rows by themselves, it is read as part of its cell, and told by `oddities`. Else the text
 * is refused: better no row than rows that are gone unseen. What can't be told from a table that is meant so is read as
 * it stands, and told.
 */
export class RecordReader {
  readonly #dialect: CsvDialect
  readonly #maxRecord: number
  readonly #parser: LowLevelParser
  readonly #unpaired = new OddRows()
  readonly #shifted = new OddRows()
  readonly #holdRows = new OddRows()
  #rest = ''
  #isEnd = false
  /** The length from which on a record that did not end is tried again: doubling it costs no square of time. */
  #needed = PIECE
  #done = 0
  #width = 0

  constructor(dialect: CsvDialect, maxRecord = MAX_RECORD) {
    this.#dialect = dialect
    this.#maxRecord = maxRecord
    this.#parser = parserOf(dialect)
  }

  oddities(): string[] {
    const found: [rows: OddRows, sentence: (named: string) => string][] = [
      [
        this.#unpaired,
        (rows) => `A quotation mark has no pair in ${rows}; it was read as part of the text. Look there.`,
      ],
      [
        this.#shifted,
        (rows) =>
          `A quotation mark is out of place in ${rows}, with another number of cells than the rows around it. Look there: ` +
          'cells may be under the wrong headers.',
      ],
      [
        this.#holdRows,
        (rows) =>
          `A cell in ${rows} holds lines that look like rows of their own. Look there: if they are rows, take out the ` +
          'quotation mark before them, or double it.',
      ],
    ]
    return found.filter(([rows]) => rows.count > 0).map(([rows, sentence]) => sentence(rows.named()))
  }

  /** The records that are whole now; the last of the text is only known when there is more, or `end` is called. */
  *add(text: string): Generator<string[][]> {
    this.#rest += text
    while (this.#rest.length >= this.#needed) yield* this.#parse(this.#rest.slice(0, this.#needed), true)
  }

  *end(): Generator<string[][]> {
    this.#isEnd = true
    while (this.#rest !== '') {
      const isLast = this.#rest.length <= this.#needed
      yield* this.#parse(isLast ? this.#rest : this.#rest.slice(0, this.#needed), !isLast)
    }
  }

  *#parse(text: string, keepLast: boolean): Generator<string[][]> {
    const { data, errors, meta } = this.#parser.parse(text, 0, keepLast)
    const runaway = findRunaway(data, errors)
    const good = runaway === undefined ? data : data.slice(0, runaway)
    if (runaway === undefined) this.#rest = keepLast ? this.#rest.slice(meta.cursor) : ''
    else if (runaway > 0) this.#rest = this.#rest.slice(lengthOf(text, this.#dialect, runaway))
    this.#mendWithin(text, good, errors)
    this.#noteSwallowed(good)
    this.#done += good.length
    this.#width = widthOf(good) ?? this.#width
    if (good.length > 0) yield good
    if (runaway !== undefined) yield [this.#readLiterally(() => outOfPlace(errors, this.#done + 1))]
    else if (good.length === 0 && keepLast) return yield* this.#wait(text)
    this.#needed = PIECE
  }

  /** A stray quote within one line makes one cell of two, or two of one: then the line is read literally if that fits. */
  #mendWithin(text: string, records: string[][], errors: Papa.ParseError[]): void {
    let width = this.#widthBefore(records)
    let done = 0
    for (const { row = 0, index = 0 } of errors) {
      if (row < done || row >= records.length) continue
      width = widthOf(records.slice(done, row)) ?? width
      done = row + 1
      if (width === 0 || records[row]?.length === width) continue
      const line = text.slice(text.lastIndexOf('\n', index) + 1, endOfLine(text, index))
      const literal = literalLine(line, width, this.#dialect)
      if (literal) records[row] = literal
      const noted = literal ? this.#unpaired : this.#shifted
      noted.note(this.#done + row + 1)
    }
  }

  /** A stray quote that a later one closes has made one cell of the rows between, which also a cell of lines may be. */
  #noteSwallowed(records: string[][]): void {
    let width = this.#widthBefore(records)
    for (let row = 0; row < records.length; row += 1) {
      const record = records[row] ?? []
      if (holdsRows(record, width, this.#dialect)) this.#holdRows.note(this.#done + row + 1)
      if (record.length > 1) width = record.length
    }
  }

  /** How many fields the row before these has; the first of the text has none before it, and the one behind counts. */
  #widthBefore(records: string[][]): number {
    return this.#width || (widthOf(records.slice(1, 2)) ?? 0)
  }

  /** The text holds no whole record. It is tried again when there is twice as much of it, up to a limit. */
  *#wait(text: string): Generator<string[][]> {
    const isTooLong = text.length * 2 > this.#maxRecord && text.length >= Math.min(PIECE, this.#maxRecord)
    const isTooWide = hasMoreThan(text, this.#dialect.delimiter, MAX_FIELDS)
    if (!isTooLong && !isTooWide) {
      this.#needed = text.length * 2
      return
    }
    yield [this.#readLiterally(() => (isTooWide ? wideRecord(this.#done + 1) : this.#longRecord()))]
    this.#needed = PIECE
  }

  /** The first line of the rest as a record whose quotation marks are part of its cells, or else the refusal. */
  #readLiterally(refusal: () => Error): string[] {
    const end = this.#rest.indexOf('\n')
    const isWhole = end !== -1 || this.#isEnd
    const lines = { text: this.#rest, width: this.#width, dialect: this.#dialect }
    const record = isWhole ? literalFields(lines, (line) => this.#parser.parse(line, 0, false)) : undefined
    if (record === undefined || this.#unpaired.count >= MOST_UNPAIRED) throw refusal()
    this.#rest = end === -1 ? '' : this.#rest.slice(end + 1)
    this.#done += 1
    this.#unpaired.note(this.#done)
    return record
  }

  #longRecord() {
    const limit = Math.round(this.#maxRecord / 1024 / 1024)
    return tooLarge(
      `Row ${this.#done + 1} is longer than ${limit} MB; perhaps a quotation mark is never closed.`,
      'Look at that row, or save the file as XLSX.',
    )
  }
}

function parserOf(dialect: CsvDialect, preview = 0): LowLevelParser {
  const { delimiter, quote: quoteChar, escape: escapeChar } = dialect
  return new Papa.Parser({ delimiter, quoteChar, escapeChar, newline: '\n', preview })
}

/** How long the text of the first `count` records is. */
function lengthOf(text: string, dialect: CsvDialect, count: number): number {
  return parserOf(dialect, count).parse(text, 0, false).meta.cursor
}

/**
 * The first record that is not one: a quote that is never closed, or one in the middle of a quoted cell that went on
 * over a line end, has swallowed the rows that follow. (One within its line harms no other.)
 */
function findRunaway(records: string[][], errors: Papa.ParseError[]): number | undefined {
  return errors.find(
    ({ code, row = 0 }) =>
      code === 'MissingQuotes' ||
      (code === 'InvalidQuotes' && records[row]?.some((field) => field.includes('\n')) === true),
  )?.row
}

/** How many fields the last row has; a title of one field is none. */
function widthOf(records: string[][]): number | undefined {
  return records.findLast((record) => record.length > 1)?.length
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end
}

function outOfPlace(errors: Papa.ParseError[], row: number): Error {
  const isOpen = errors.some(({ code }) => code === 'MissingQuotes')
  const message = isOpen
    ? `A quotation mark that opens in row ${row} is never closed.`
    : `A quotation mark in row ${row} is out of place, so that rows run into each other.`
  return damaged(
    message,
    'Look at that row and mend it; or read the file again and say that its quotes are part of the text.',
  )
}

function wideRecord(row: number) {
  return tooLarge(
    `Row ${row} has more than ${MAX_FIELDS.toLocaleString('en')} cells, or a quotation mark in it is never closed.`,
    'Look at that row: no table is that wide.',
  )
}

function hasMoreThan(text: string, part: string, most: number): boolean {
  let found = 0
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) {
    found += 1
    if (found > most) return true
  }
  return false
}
