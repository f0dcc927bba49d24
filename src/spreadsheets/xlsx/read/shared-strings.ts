import { damaged, tooLarge } from '../../refusals.ts'
import { ByteWindow } from './byte-window.ts'
import { XLSX_LIMITS } from './limits.ts'
import type { RowPacker } from './packed-rows.ts'
import { TextReader } from './text-reader.ts'
import { TextStore } from './text-store.ts'
import { BANG, INCOMPLETE, isNamed, isSelfClosing, LESS, QUESTION, SLASH, skipMarkup, tagEnd } from './xml-bytes.ts'

/** Texts of a usual workbook; of a larger one the rest is in a file. */
const MEMORY_BYTES = 16 * 1024 * 1024
const KNOWN = 1 << 14
const MAX_KNOWN_BYTES = 128

/**
 * The texts that cells share (ECMA-376 Part 1, 18.4), as UTF-8 bytes one after the other, with the place where each ends
 * in one array of numbers. A million distinct texts are thus no million strings, and neither their bytes: what is more
 * than 16 MB is in a file. ASCII goes as bytes to the cell that asks for it; of the others a string is made, and short
 * ones that were asked for last are remembered, since a column of a few choices asks for them again and again.
 */
export class SharedStrings {
  readonly #texts: TextStore
  #ends = new Uint32Array(1 << 12)
  #count = 0
  readonly #known: string[] = new Array(KNOWN).fill('')
  readonly #knownIndex = new Int32Array(KNOWN).fill(-1)

  /** The file is made beside `path`. */
  constructor(path: string) {
    this.#texts = new TextStore(path, MEMORY_BYTES)
  }

  get count(): number {
    return this.#count
  }

  /** Adds the bytes of `source` from `start` to `stop`, which are UTF-8. */
  add(source: Buffer, start: number, stop: number): void {
    if (this.#texts.size + stop - start > XLSX_LIMITS.maxStringsKept) throw tooManyTexts()
    this.#texts.add(source, start, stop)
    if (this.#count === this.#ends.length) this.#growEnds()
    this.#ends[this.#count] = this.#texts.size
    this.#count += 1
  }

  /** Packs the text at an index that a cell names. False when that is empty. */
  packInto(pack: RowPacker, column: number, index: number): boolean {
    if (!Number.isInteger(index) || index < 0 || index >= this.#count) throw this.#missing(index)
    const start = index === 0 ? 0 : (this.#ends[index - 1] ?? 0)
    const stop = this.#ends[index] ?? 0
    if (start === stop) return false
    const bytes = this.#texts.bytes(start, stop)
    if (bytes !== undefined && isAscii(bytes, this.#texts.at, this.#texts.at + stop - start)) {
      pack.addAscii(column, bytes, this.#texts.at, this.#texts.at + stop - start)
    } else pack.addText(column, this.#text(index, start, stop))
    return true
  }

  #text(index: number, start: number, stop: number): string {
    const slot = index & (KNOWN - 1)
    if (this.#knownIndex[slot] === index) return this.#known[slot] ?? ''
    const text = this.#texts.text(start, stop)
    if (stop - start <= MAX_KNOWN_BYTES) {
      this.#known[slot] = text
      this.#knownIndex[slot] = index
    }
    return text
  }

  close(): void {
    this.#texts.close()
  }

  #growEnds(): void {
    const larger = new Uint32Array(this.#ends.length * 2)
    larger.set(this.#ends)
    this.#ends = larger
  }

  #missing(index: number) {
    return damaged(
      `A cell of this workbook refers to its shared text ${(index + 1).toLocaleString('en')}, and there are only ${this.#count.toLocaleString('en')}.`,
    )
  }
}

function isAscii(bytes: Buffer, start: number, stop: number): boolean {
  let seen = 0
  for (let k = start; k < stop; k += 1) seen |= bytes[k] ?? 0
  return seen < 0x80
}

function tooManyTexts() {
  const mb = XLSX_LIMITS.maxStringsKept / 1024 / 1024
  return tooLarge(`The texts of this workbook take more than ${mb.toLocaleString('en')} MB.`)
}

/** Reads the shared strings part from its pieces into `strings`. Throws when it stops before its end. */
export async function readSharedStrings(pieces: AsyncIterable<Buffer>, strings: SharedStrings): Promise<void> {
  const scanner = new StringsScanner(strings)
  for await (const piece of pieces) scanner.push(piece)
  scanner.finish()
}

/** Finds the `<si>` of a shared strings part, whichever way the part is cut into pieces. */
export class StringsScanner {
  readonly #window = new ByteWindow()
  readonly #reader = new TextReader()
  readonly #strings: SharedStrings
  #isOpen = false
  #isDone = false

  constructor(strings: SharedStrings) {
    this.#strings = strings
  }

  push(piece: Buffer): void {
    if (this.#window.push(piece)) this.#window.used(this.#scan(this.#window))
  }

  finish(): void {
    this.#window.used(this.#scan(this.#window))
    if (!this.#isDone) throw damaged('The shared texts of this workbook are cut off.')
  }

  /** Answers how far the bytes are used up. */
  #scan({ bytes, at: start, end }: ByteWindow): number {
    for (let at = start; ; ) {
      while (at < end && bytes[at] !== LESS) at += 1
      if (at + 1 >= end) return at
      const next = bytes[at + 1]
      const isMarkup = next === BANG || next === QUESTION
      const open = isMarkup ? skipMarkup(bytes, at, end) : tagEnd(bytes, at, end)
      if (open === INCOMPLETE) return at
      if (!isMarkup && isNamed(bytes, at + 1, 'si')) {
        const close = this.#readString(bytes, open, end)
        if (close === INCOMPLETE) return at
        at = close
        continue
      }
      if (!isMarkup) this.#structure(bytes, at, open)
      at = open
    }
  }

  #readString(bytes: Buffer, open: number, end: number): number {
    const reader = this.#reader
    reader.clear()
    const close = isSelfClosing(bytes, open) ? open : reader.readRich(bytes, open, end)
    if (close === INCOMPLETE) return INCOMPLETE
    if (reader.isPlain) this.#strings.add(bytes, reader.start, reader.stop)
    else {
      const text = Buffer.from(reader.text(bytes))
      this.#strings.add(text, 0, text.length)
    }
    return close
  }

  #structure(bytes: Buffer, at: number, open: number): void {
    if (bytes[at + 1] === SLASH) {
      if (isNamed(bytes, at + 2, 'sst')) this.#isDone = this.#isOpen
    } else if (isNamed(bytes, at + 1, 'sst')) {
      this.#isOpen = true
      this.#isDone = isSelfClosing(bytes, open)
    } else if (!this.#isOpen) throw damaged('The part with the shared texts of this workbook holds something else.')
  }
}
