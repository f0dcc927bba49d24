import { cleanText } from '../clean-text.ts'
import { tooLarge } from '../refusals.ts'
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

/** What a byte of text may mean: more than itself, part of a longer character, the end of the text. */
const SPECIAL = 1
const WIDE = 2
const STOP = 4
const MEANING = new Uint8Array(256).fill(WIDE, 0x80)
for (const character of '&_\r\0') MEANING[character.charCodeAt(0)] = SPECIAL
MEANING[LESS] = STOP

/**
 * Reads the text of an element without making anything of it: most texts are a run of bytes, told by `start` and
 * `stop`, and become a string (or are copied as bytes) when they are wanted. A text in several runs, or with a comment
 * or CDATA in it, is put together at once.
 */
export class TextReader {
  start = 0
  stop = 0
  /** Whether the bytes from start to stop stand for themselves, in UTF-8. */
  isPlain = true
  #isWide = false
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
    this.#empty(at)
    this.#joined = undefined
    let runs = ''
    let count = 0
    let depth = 0
    let phonetic = 0
    for (let k = at; ; ) {
      while (k < end && bytes[k] !== LESS) k += 1
      if (k + 1 >= end) return INCOMPLETE
      const next = bytes[k + 1]
      if (next === BANG || next === QUESTION) {
        k = skipMarkup(bytes, k, end)
        if (k === INCOMPLETE) return INCOMPLETE
        continue
      }
      const open = tagEnd(bytes, k, end)
      if (open === INCOMPLETE) return INCOMPLETE
      if (next === SLASH) {
        if (depth === 0) {
          if (count > 1) this.#joined = cleanText(runs)
          return open
        }
        if (depth === phonetic) phonetic = 0
        depth -= 1
        k = open
      } else if (isSelfClosing(bytes, open)) k = open
      else if (isNamed(bytes, k + 1, 't') && phonetic === 0) {
        k = this.#readRun(bytes, open, end)
        if (k === INCOMPLETE) return INCOMPLETE
        count += 1
        // A single text, the usual case, stays bytes.
        if (count > 1) runs += this.#run(bytes)
        else if (!this.#isOnly(bytes, k, end)) runs = this.#run(bytes)
      } else {
        depth += 1
        if (phonetic === 0 && isNamed(bytes, k + 1, 'rPh')) phonetic = depth
        k = open
      }
    }
  }

  /** The text as the person typed it. */
  text(bytes: Buffer): string {
    return this.#joined ?? (this.isPlain ? this.#run(bytes) : cleanText(this.#run(bytes)))
  }

  /** Whether the text is the bytes from `start` to `stop` and nothing else. */
  get isBytes(): boolean {
    return this.#joined === undefined && this.isPlain
  }

  #isOnly(bytes: Buffer, at: number, end: number): boolean {
    return at + 1 < end && bytes[at] === LESS && bytes[at + 1] === SLASH && !isNamed(bytes, at + 2, 'r')
  }

  #run(bytes: Buffer): string {
    if (this.#whole !== undefined) return decodeEscapes(this.#whole)
    const text = this.#isWide ? bytes.utf8Slice(this.start, this.stop) : bytes.latin1Slice(this.start, this.stop)
    return this.isPlain ? text : decodeEscapes(decodeReferences(text))
  }
}
