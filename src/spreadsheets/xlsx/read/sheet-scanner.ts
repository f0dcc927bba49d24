import { columnLetters } from '../../cell.ts'
import { damaged } from '../../refusals.ts'
import { tooManyCells } from '../../zip/zip-check.ts'
import { ByteWindow } from './byte-window.ts'
import { XLSX_LIMITS } from './limits.ts'
import { parseIndex } from './number-bytes.ts'
import { CELL_TYPES, type CellSource, cellType, packCell } from './pack-cell.ts'
import { type PackedRows, RowPacker } from './packed-rows.ts'
import { TextReader } from './text-reader.ts'
import {
  attributeIndex,
  BANG,
  DOUBLE_QUOTE,
  EQUALS,
  GREATER,
  INCOMPLETE,
  isNamed,
  isNameEnd,
  isSelfClosing,
  LESS,
  nameEnd,
  QUESTION,
  SINGLE_QUOTE,
  SLASH,
  skipElement,
  skipMarkup,
  tagEnd,
} from './xml-bytes.ts'

export type ScanOptions = {
  /** The sheet's name, for sentences. */
  sheet: string
  maxCells: number
}

/** Rows are taken so many at a time, or as many as have so many cells: a row may have 16,384. */
const BATCH_ROWS = 400
const BATCH_CELLS = 8000
/** Empty places before a row's last value are made too, if only as null; so many count as much as one value. */
const PLACES_PER_CELL = 16

/** Where in the sheet's part the scanner is. */
const BEFORE_SHEET = 0
const BEFORE_DATA = 1
const IN_DATA = 2
const IN_ROW = 3
const AFTER_DATA = 4
const AFTER_SHEET = 5

const LETTER_C = 0x63
const LETTER_R = 0x72
const LETTER_S = 0x73
const LETTER_T = 0x74
const LETTER_V = 0x76
const LETTER_A = 0x41
const LETTER_Z = 0x5a
const UPPER = 0xdf
const SPACE = 0x20

/**
 * Makes rows of a worksheet part (ECMA-376 Part 1, 18.3.1.99 and 18.3.1.80 sheetData) while it comes in, in pieces cut
 * anywhere. Give it a piece with `push`, then take full batches with `take` until there is none; after the last piece
 * `finish`, `take` again, and `rest` gives the last rows, or throws when the sheet stopped before its end.
 *
 * It goes over the bytes once and makes nothing but values: no tree, no string for a tag, an attribute or a number.
 * What it has made of the bytes up to `window.at` is in the fields; a tag or a cell that is not all there yet is left
 * alone and looked at again with the next piece. `#readCell` is long on purpose: it sees every byte of every cell, and
 * what it knows has to stay in local variables to be quick.
 */
export class SheetScanner {
  readonly #source: CellSource
  readonly #options: ScanOptions
  readonly #window = new ByteWindow()
  readonly #text = new TextReader()
  #isReady = false
  #where = BEFORE_SHEET
  readonly #pack = new RowPacker()
  /** Up to which column the row has values. */
  #width = 0
  /** The number of the row that is being read, or of the last one. */
  #row = 0
  /** Whether the row or a cell of it told the row's number. */
  #isRowTold = false
  #lastRow = 0
  #lastFilled = 0
  #nextColumn = 0
  /** Elements that are open inside of a row and are no cells: extension lists. */
  #depth = 0
  /** Values of the row so far. */
  #count = 0
  #weight = 0

  constructor(source: CellSource, options: ScanOptions) {
    this.#source = source
    this.#options = options
  }

  push(piece: Buffer): void {
    this.#isReady = this.#window.push(piece)
  }

  /** Says that no piece will follow. */
  finish(): void {
    this.#isReady = true
  }

  /** The next full batch, or undefined when there are not enough rows before the next piece. */
  take(): PackedRows | undefined {
    if (!this.#isReady) return undefined
    this.#isReady = this.#scan()
    if (!this.#isReady) return undefined
    return this.#pack.take()
  }

  /** Whether a row with a value has been seen. */
  get hasRows(): boolean {
    return this.#lastFilled > 0
  }

  /** The rows that made no full batch. */
  rest(): PackedRows {
    if (this.#where !== AFTER_SHEET || this.#window.at < this.#window.end) {
      throw damaged(`The sheet "${this.#options.sheet}" of this workbook is cut off.`)
    }
    return this.#pack.take()
  }

  /** Goes as far as it can. True when a batch is full before the bytes are used up. */
  #scan(): boolean {
    const { bytes, end } = this.#window
    let at = this.#window.at
    for (;;) {
      while (at < end && bytes[at] !== LESS) at += 1
      if (at + 2 >= end) break
      const next = bytes[at + 1]
      if (next === LETTER_C && this.#where === IN_ROW && this.#depth === 0 && isNameEnd(bytes[at + 2])) {
        const close = this.#readCell(bytes, at + 2, end)
        if (close === INCOMPLETE) break
        at = close
        continue
      }
      const isMarkup = next === BANG || next === QUESTION
      const open = isMarkup ? skipMarkup(bytes, at, end) : tagEnd(bytes, at, end)
      if (open === INCOMPLETE) break
      if (!isMarkup && this.#where === IN_ROW && this.#depth === 0 && next !== SLASH && isNamed(bytes, at + 1, 'c')) {
        // The same with a prefix: <x:c>.
        const close = this.#readCell(bytes, nameEnd(bytes, at + 1), end)
        if (close === INCOMPLETE) break
        at = close
        continue
      }
      if (!isMarkup) {
        if (next !== SLASH) this.#openElement(bytes, at, open)
        else if (this.#closeElement(bytes, at)) {
          this.#window.at = open
          return true
        }
      }
      at = open
    }
    this.#window.used(at)
    return false
  }

  #openElement(bytes: Buffer, at: number, open: number): void {
    const isWhole = isSelfClosing(bytes, open)
    if (this.#depth > 0) {
      if (!isWhole) this.#depth += 1
      return
    }
    switch (this.#where) {
      case BEFORE_SHEET:
        if (!isNamed(bytes, at + 1, 'worksheet')) {
          throw damaged(`The part of the sheet "${this.#options.sheet}" holds something else.`)
        }
        this.#where = isWhole ? AFTER_SHEET : BEFORE_DATA
        return
      case BEFORE_DATA:
        if (isNamed(bytes, at + 1, 'sheetData')) this.#where = isWhole ? AFTER_DATA : IN_DATA
        return
      case IN_DATA:
        if (!isNamed(bytes, at + 1, 'row')) throw this.#malformed()
        this.#openRow(bytes, at, open)
        if (isWhole) this.#closeRow()
        else this.#where = IN_ROW
        return
      case IN_ROW:
        if (isNamed(bytes, at + 1, 'row')) throw this.#malformed()
        if (!isWhole) this.#depth = 1
        return
      case AFTER_DATA:
        if (isNamed(bytes, at + 1, 'sheetData')) throw this.#malformed()
        return
      default:
        throw this.#malformed()
    }
  }

  /** True when the end of a row has filled the batch. */
  #closeElement(bytes: Buffer, at: number): boolean {
    if (this.#depth > 0) {
      this.#depth -= 1
      return false
    }
    switch (this.#where) {
      case IN_ROW:
        if (!isNamed(bytes, at + 2, 'row')) throw this.#malformed()
        this.#where = IN_DATA
        this.#closeRow()
        return this.#pack.rowCount >= BATCH_ROWS || this.#pack.cellCount >= BATCH_CELLS
      case IN_DATA:
        if (!isNamed(bytes, at + 2, 'sheetData')) throw this.#malformed()
        this.#where = AFTER_DATA
        return false
      case BEFORE_DATA:
      case AFTER_DATA:
        if (isNamed(bytes, at + 2, 'worksheet')) this.#where = AFTER_SHEET
        return false
      default:
        throw this.#malformed()
    }
  }

  #openRow(bytes: Buffer, at: number, open: number): void {
    const told = attributeIndex(bytes, nameEnd(bytes, at + 1), open, LETTER_R)
    this.#isRowTold = told >= 0
    this.#row = told >= 0 ? told : this.#lastRow + 1
    this.#nextColumn = 0
    this.#checkRow()
  }

  #checkRow(): void {
    if (this.#row < 1 || this.#row > XLSX_LIMITS.maxRows) throw noSuchPlace()
    if (this.#row > this.#lastRow) return
    throw damaged(
      `In the sheet "${this.#options.sheet}" row ${this.#row} comes after row ${this.#lastRow}; the rows are out of order.`,
    )
  }

  #closeRow(): void {
    this.#lastRow = this.#row
    if (this.#count === 0) return
    this.#pack.endRow(this.#row)
    this.#lastFilled = this.#row
    this.#weight += Math.max(this.#count, this.#width / PLACES_PER_CELL)
    this.#count = 0
    this.#width = 0
    if (this.#weight > this.#options.maxCells) throw tooManyCells(this.#options.maxCells)
  }

  /**
   * A cell (18.3.1.4), from behind its name. Answers where it ends. Changes nothing before all of it has been seen.
   */
  #readCell(bytes: Buffer, from: number, end: number): number {
    let column = -1
    let rowTold = -1
    let style = 0
    let type: number = CELL_TYPES.number
    let k = from
    for (;;) {
      let byte = bytes[k] ?? 0
      while (k < end && byte <= SPACE) byte = bytes[++k] ?? 0
      if (k >= end) return INCOMPLETE
      if (byte === GREATER) break
      if (byte === SLASH) {
        if (k + 1 >= end) return INCOMPLETE
        if (bytes[k + 1] !== GREATER) throw this.#malformed()
        this.#place(column, rowTold)
        return k + 2
      }
      const name = byte
      const isLetter = bytes[k + 1] === EQUALS || (bytes[k + 1] ?? 0) <= SPACE
      while (k < end && byte !== EQUALS) {
        if (byte === GREATER || byte === LESS) throw this.#malformed()
        byte = bytes[++k] ?? 0
      }
      byte = bytes[++k] ?? 0
      while (k < end && byte <= SPACE) byte = bytes[++k] ?? 0
      if (k >= end) return INCOMPLETE
      if (byte !== DOUBLE_QUOTE && byte !== SINGLE_QUOTE) throw this.#malformed()
      const start = k + 1
      k = start
      while (k < end && bytes[k] !== byte) k += 1
      if (k >= end) return INCOMPLETE
      if (isLetter) {
        if (name === LETTER_R) {
          column = 0
          let at = start
          for (; at < k; at += 1) {
            const letter = (bytes[at] ?? 0) & UPPER
            if (letter < LETTER_A || letter > LETTER_Z) break
            column = column * 26 + letter - LETTER_A + 1
          }
          column -= 1
          // Some programs write a mere number here, counted from anywhere: that names no cell.
          if (column >= 0) rowTold = parseIndex(bytes, at, k)
        } else if (name === LETTER_S) style = parseIndex(bytes, start, k)
        else if (name === LETTER_T) type = cellType(bytes, start, k)
      }
      k += 1
    }
    k += 1

    let hasValue = false
    for (;;) {
      while (k < end && bytes[k] !== LESS) k += 1
      if (k + 3 >= end) return INCOMPLETE
      const next = bytes[k + 1]
      if (next === LETTER_V && bytes[k + 2] === GREATER) {
        hasValue = true
        k = this.#text.readText(bytes, k + 3, end)
        if (k === INCOMPLETE) return INCOMPLETE
        continue
      }
      if (next === SLASH) {
        k = bytes[k + 3] === GREATER ? k + 4 : tagEnd(bytes, k, end)
        if (k === INCOMPLETE) return INCOMPLETE
        break
      }
      const isMarkup = next === BANG || next === QUESTION
      const open = isMarkup ? skipMarkup(bytes, k, end) : tagEnd(bytes, k, end)
      if (open === INCOMPLETE) return INCOMPLETE
      if (isMarkup || isSelfClosing(bytes, open)) k = open
      else if (isNamed(bytes, k + 1, 'is')) {
        hasValue = true
        type = CELL_TYPES.text
        k = this.#text.readRich(bytes, open, end)
      } else if (isNamed(bytes, k + 1, 'v')) {
        hasValue = true
        k = this.#text.readText(bytes, open, end)
      } else k = skipElement(bytes, open, end)
      if (k === INCOMPLETE) return INCOMPLETE
    }

    const place = this.#place(column, rowTold)
    if (!hasValue || !packCell(this.#pack, this.#source, bytes, this.#text, place, type, style)) return k
    this.#count += 1
    if (place >= this.#width) this.#width = place + 1
    return k
  }

  /** The column of a cell: the one it tells, or the next (18.3.1.4, r). */
  #place(column: number, rowTold: number): number {
    const place = column >= 0 ? column : this.#nextColumn
    if (place >= XLSX_LIMITS.maxColumns) throw noSuchPlace()
    this.#nextColumn = place + 1
    if (rowTold >= 0) {
      if (rowTold !== this.#row) this.#goToRow(rowTold, place)
      this.#isRowTold = true
    }
    return place
  }

  /** A cell may tell the row's number where the row doesn't. Programs differ on which of two to believe, so none is. */
  #goToRow(told: number, place: number): void {
    if (this.#isRowTold) {
      const { sheet } = this.#options
      throw damaged(`In the sheet "${sheet}" the cell ${columnLetters(place)}${told} stands in row ${this.#row}.`)
    }
    this.#row = told
    this.#checkRow()
  }

  #malformed() {
    return damaged(
      `The sheet "${this.#options.sheet}" of this workbook is damaged: after row ${this.#lastRow} it makes no sense.`,
    )
  }
}

function noSuchPlace() {
  return damaged('This workbook has cells at places that no worksheet has.')
}
