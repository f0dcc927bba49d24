import { cleanText } from '../../clean-text.ts'
import { tooLarge } from '../../refusals.ts'
import { XLSX_LIMITS } from './limits.ts'
import {
  BANG,
  CDATA,
  GREATER,
  INCOMPLETE,
  isAt,
  isNamed,
  isSelfClosing,
  LESS,
  QUESTION,
  SLASH,
  skipMarkup,
  tagEnd,
} from './xml-bytes.ts'
import { decodeEscapes, decodeReferences } from './xstring.ts'

const LETTER_T = 0x74
const SPACE = 0x20

/** What a byte of text may mean: more than itself, part of a longer character, the end of the text. */
const SPECIAL = 1
const WIDE = 2
const STOP = 4
const MEANING = new Uint8Array(256).fill(WIDE, 0x80)
for (const character of '&_\r\0') MEANING[character.charCodeAt(0)] = SPECIAL
MEANING[LESS] = STOP

/**
 * Reads the text of an element without making anything of it: most texts are a run of bytes, told by `start` and
 * `stop`, and become a string (or are copied as bytes) only when they are wanted. A text of several runs is put together
 * at once.
 */
export class TextReader {
  start = 0
  stop = 0
  /** Bit set of what is between start and stop. */
  #meaning = 0
  /** A run that is not one piece of bytes, with its references decoded. */
  #pieces: string | undefined
  /** All runs of a text that has several. */
  #joined: string | undefined

  /** The content of `<v>` or `<t>`; `at` is behind its tag. Answers where its end tag ends. */
  readText(bytes: Buffer, at: number, end: number): number {
    this.#joined = undefined
    return this.#readRun(bytes, at, end)
  }

  /**
   * The content of `<is>` or `<si>` (ECMA-376 Part 1, 18.4.8 CT_Rst): one `<t>`, or runs `<r>` with one each. Texts in
   * `<rPh>` (18.4.6) say how to pronounce the others and are left out.
   */
  readRich(bytes: Buffer, at: number, end: number): number {
    const only = this.#readOnly(bytes, at, end)
    return only === INCOMPLETE ? this.#readRuns(bytes, at, end) : only
  }

  /** The usual case, `<is><t>text</t></is>`, without a look at what else there might be; else incomplete. */
  #readOnly(bytes: Buffer, at: number, end: number): number {
    if (bytes[at] !== LESS || bytes[at + 1] !== LETTER_T) return INCOMPLETE
    let k = at + 2
    // No attribute of <t> has a ">" in it: there is only xml:space. A "/" would be an empty text.
    while (k < end && bytes[k] !== GREATER && bytes[k] !== SLASH) k += 1
    if (bytes[k] !== GREATER || (k > at + 2 && bytes[at + 2] !== SPACE)) return INCOMPLETE
    this.#joined = undefined
    k = this.#readRun(bytes, k + 1, end)
    if (k === INCOMPLETE || k + 4 >= end || bytes[k] !== LESS || bytes[k + 1] !== SLASH) return INCOMPLETE
    return bytes[k + 4] === GREATER ? k + 5 : INCOMPLETE
  }

  #readRuns(bytes: Buffer, at: number, end: number): number {
    this.clear()
    let runs = ''
    let count = 0
    let depth = 0
    let phonetic = 0
    for (let k = at; ; ) {
      while (k < end && bytes[k] !== LESS) k += 1
      if (k + 1 >= end) return INCOMPLETE
      const next = bytes[k + 1]
      const open = next === BANG || next === QUESTION ? skipMarkup(bytes, k, end) : tagEnd(bytes, k, end)
      if (open === INCOMPLETE) return INCOMPLETE
      if (next === SLASH) {
        if (depth === 0) {
          if (count > 1) this.#joined = checkLength(cleanText(runs + this.#run(bytes)))
          return open
        }
        if (depth === phonetic) phonetic = 0
        depth -= 1
      } else if (next !== BANG && next !== QUESTION && !isSelfClosing(bytes, open)) {
        if (phonetic === 0 && isNamed(bytes, k + 1, 't')) {
          if (count > 0) runs += this.#run(bytes)
          count += 1
          k = this.#readRun(bytes, open, end)
          if (k === INCOMPLETE) return INCOMPLETE
          continue
        }
        depth += 1
        if (phonetic === 0 && isNamed(bytes, k + 1, 'rPh')) phonetic = depth
      }
      k = open
    }
  }

  clear(): void {
    this.start = 0
    this.stop = 0
    this.#meaning = 0
    this.#pieces = undefined
    this.#joined = undefined
  }

  /** Whether the text is the bytes from `start` to `stop` as they are, in UTF-8. */
  get isPlain(): boolean {
    return (this.#meaning & SPECIAL) === 0 && this.#pieces === undefined && this.#joined === undefined
  }

  /** Whether, besides, all of these bytes are ASCII. */
  get isAscii(): boolean {
    return this.#meaning === 0 && this.isPlain
  }

  /** The text as the person typed it. */
  text(bytes: Buffer): string {
    if (this.#joined !== undefined) return this.#joined
    return this.isPlain ? this.#run(bytes) : cleanText(this.#run(bytes))
  }

  #readRun(bytes: Buffer, at: number, end: number): number {
    this.#pieces = undefined
    let meaning = 0
    for (let k = at; k < end; k += 1) {
      const found = MEANING[bytes[k] ?? 0] ?? 0
      if (found !== STOP) {
        meaning |= found
        continue
      }
      if (bytes[k + 1] !== SLASH || k + 1 >= end) return this.#readPieces(bytes, at, end)
      if (k - at > XLSX_LIMITS.maxTextBytes) throw tooLong()
      this.start = at
      this.stop = k
      this.#meaning = meaning
      return tagEnd(bytes, k, end)
    }
    return INCOMPLETE
  }

  /** A text with a comment, an instruction or CDATA in it. What is in CDATA is not looked at for references. */
  #readPieces(bytes: Buffer, at: number, end: number): number {
    let text = ''
    for (let k = at; ; ) {
      const from = k
      while (k < end && bytes[k] !== LESS) k += 1
      if (k + 1 >= end) return INCOMPLETE
      text += decodeReferences(bytes.toString('utf8', from, k))
      const next = bytes[k + 1]
      const isMarkup = next === BANG || next === QUESTION
      const open = isMarkup ? skipMarkup(bytes, k, end) : tagEnd(bytes, k, end)
      if (open === INCOMPLETE) return INCOMPLETE
      if (next === SLASH) {
        this.#pieces = checkLength(text)
        return open
      }
      if (isAt(bytes, CDATA, k, end)) text += bytes.toString('utf8', k + CDATA.length, open - 3)
      k = open
    }
  }

  #run(bytes: Buffer): string {
    if (this.#pieces !== undefined) return decodeEscapes(this.#pieces)
    const isWide = (this.#meaning & WIDE) !== 0
    const text = isWide
      ? bytes.toString('utf8', this.start, this.stop)
      : bytes.toString('latin1', this.start, this.stop)
    return (this.#meaning & SPECIAL) === 0 ? text : decodeEscapes(decodeReferences(text))
  }
}

function checkLength(text: string): string {
  if (text.length > XLSX_LIMITS.maxTextBytes) throw tooLong()
  return text
}

function tooLong() {
  return tooLarge(
    'A cell of this workbook has a text of more than 1 MB; spreadsheet programs hold 32,767 characters.',
    'Shorten it, or save the file as CSV.',
  )
}
