import { damaged, tooLarge } from '../../refusals.ts'
import { ByteWindow } from './byte-window.ts'
import { XLSX_LIMITS } from './limits.ts'
import { TextReader } from './text-reader.ts'
import { BANG, INCOMPLETE, isNamed, isSelfClosing, LESS, QUESTION, SLASH, skipMarkup, tagEnd } from './xml-bytes.ts'

const SLAB_BITS = 17
const SLAB = 1 << SLAB_BITS
const KNOWN = 1 << 14
const MAX_KNOWN_BYTES = 128

/**
 * The texts that cells share (ECMA-376 Part 1, 18.4), as UTF-8 bytes one after the other in slabs of 128 KB, with the
 * place where each ends in one array of numbers. A million distinct texts are thus some hundred buffers outside of the
 * JavaScript heap, about as large as the texts themselves, and not a million strings. A string is made when a cell asks
 * for it, and short ones that were asked for last are remembered, since a column of a few choices asks for them again
 * and again.
 */
export class SharedStrings {
  readonly #slabs: Buffer[] = []
  #ends = new Uint32Array(1 << 12)
  #count = 0
  #size = 0
  readonly #known: string[] = new Array(KNOWN).fill('')
  readonly #knownIndex = new Int32Array(KNOWN).fill(-1)

  get count(): number {
    return this.#count
  }

  /** Adds the bytes of `source` from `start` to `stop`, which are UTF-8. */
  add(source: Buffer, start: number, stop: number): void {
    if (this.#size + stop - start > XLSX_LIMITS.maxStringsKept) throw tooManyTexts()
    for (let from = start; from < stop; ) {
      const at = this.#size & (SLAB - 1)
      if (at === 0) this.#slabs.push(Buffer.allocUnsafeSlow(SLAB))
      const length = Math.min(stop - from, SLAB - at)
      copyBytes(source, from, length, this.#slabs[this.#slabs.length - 1], at)
      this.#size += length
      from += length
    }
    if (this.#count === this.#ends.length) this.#growEnds()
    this.#ends[this.#count] = this.#size
    this.#count += 1
  }

  /** The text at an index that a cell names. */
  get(index: number): string {
    if (!(index >= 0 && index < this.#count)) throw this.#missing(index)
    const slot = index & (KNOWN - 1)
    if (this.#knownIndex[slot] === index) return this.#known[slot] ?? ''
    const start = index === 0 ? 0 : this.#ends[index - 1]
    const stop = this.#ends[index]
    if (start === undefined || stop === undefined) throw this.#missing(index)
    const text = this.#decode(start, stop)
    if (stop - start <= MAX_KNOWN_BYTES) {
      this.#known[slot] = text
      this.#knownIndex[slot] = index
    }
    return text
  }

  #decode(start: number, stop: number): string {
    const slab = this.#slabs[start >>> SLAB_BITS]
    if (stop === start || slab === undefined) return ''
    const from = start & (SLAB - 1)
    if (from + stop - start <= SLAB) return slab.toString('utf8', from, from + stop - start)
    // A text over the border between slabs; it may be longer than one.
    const pieces: Buffer[] = []
    for (let at = start; at < stop; at = ((at >>> SLAB_BITS) + 1) * SLAB) {
      const first = at & (SLAB - 1)
      const piece = this.#slabs[at >>> SLAB_BITS]?.subarray(first, Math.min(SLAB, first + stop - at))
      if (piece) pieces.push(piece)
    }
    return Buffer.concat(pieces).toString('utf8')
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

/** For a few bytes a loop is quicker than a call into the runtime. */
function copyBytes(source: Buffer, from: number, length: number, target: Buffer | undefined, at: number): void {
  if (target === undefined) return
  if (length > 48) source.copy(target, at, from, from + length)
  else for (let k = 0; k < length; k += 1) target[at + k] = source[from + k] ?? 0
}

function tooManyTexts() {
  const mb = XLSX_LIMITS.maxStringsKept / 1024 / 1024
  return tooLarge(`The texts of this workbook take more than ${mb.toLocaleString('en')} MB.`)
}

/** Reads the shared strings part from its pieces. Throws when it stops before its end. */
export async function readSharedStrings(pieces: AsyncIterable<Buffer>): Promise<SharedStrings> {
  const scanner = new StringsScanner()
  for await (const piece of pieces) scanner.push(piece)
  return scanner.finish()
}

/** Finds the `<si>` of a shared strings part, whichever way the part is cut into pieces. */
export class StringsScanner {
  readonly #window = new ByteWindow()
  readonly #reader = new TextReader()
  readonly #strings = new SharedStrings()
  #isOpen = false
  #isDone = false

  push(piece: Buffer): void {
    if (this.#window.push(piece)) this.#window.used(this.#scan(this.#window))
  }

  finish(): SharedStrings {
    this.#window.used(this.#scan(this.#window))
    if (!this.#isDone) throw damaged('The shared texts of this workbook are cut off.')
    return this.#strings
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
