import { damaged } from '../../refusals.ts'
import {
  BANG,
  CDATA,
  INCOMPLETE,
  isAt,
  isSelfClosing,
  LESS,
  QUESTION,
  refuseUtf16,
  SLASH,
  skipMarkup,
  tagEnd,
} from './xml-bytes.ts'
import { decodeReferences } from './xstring.ts'

/**
 * Goes through the tags of a part that is held whole: workbook, relationships, styles. No tree is built, and nothing is
 * decoded that is not asked for. Names are without prefix.
 */
export class XmlCursor {
  name = ''
  isEnd = false
  isSelfClosing = false
  /** Elements that are open around this tag; a start tag's own element is not counted, nor is an end tag's. */
  depth = 0
  readonly #bytes: Buffer
  readonly #part: string
  #start = 0
  #end = 0
  #textFrom = 0
  #inside = 0

  constructor(bytes: Buffer, part: string) {
    refuseUtf16(bytes)
    this.#bytes = bytes
    this.#part = part
  }

  /** Moves to the next tag. False behind the last; throws when the part stops before its root element does. */
  next(): boolean {
    const bytes = this.#bytes
    this.#textFrom = this.#end
    for (let at = this.#end; ; ) {
      at = bytes.indexOf(LESS, at)
      if (at < 0) return this.#finish()
      const next = bytes[at + 1]
      const isMarkup = next === BANG || next === QUESTION
      const end = isMarkup ? skipMarkup(bytes, at, bytes.length) : tagEnd(bytes, at, bytes.length)
      if (end === INCOMPLETE) throw this.#cutOff()
      if (!isMarkup) {
        this.#take(at, end)
        return true
      }
      at = end
    }
  }

  isStart(name: string): boolean {
    return !this.isEnd && this.name === name
  }

  /** `name` is without prefix, unless one is given: `r:id` is then found under any prefix, and `id` is not. */
  attribute(name: string): string | undefined {
    return this.attributes().get(name)
  }

  attributes(): Map<string, string> {
    return readAttributes(this.#bytes.toString('utf8', this.#start, this.#end))
  }

  /** The text between the tag before and this one. */
  text(): string {
    let text = ''
    for (let at = this.#textFrom; at < this.#start; ) {
      const markup = this.#bytes.indexOf(LESS, at)
      text += decodeReferences(this.#bytes.toString('utf8', at, markup))
      if (markup >= this.#start) break
      at = skipMarkup(this.#bytes, markup, this.#start)
      if (isAt(this.#bytes, CDATA, markup, at)) text += this.#bytes.toString('utf8', markup + CDATA.length, at - 3)
    }
    return text
  }

  #take(start: number, end: number): void {
    this.#start = start
    this.#end = end
    this.isEnd = this.#bytes[start + 1] === SLASH
    this.isSelfClosing = !this.isEnd && isSelfClosing(this.#bytes, end)
    this.name = tagName(this.#bytes, start + (this.isEnd ? 2 : 1), end)
    if (this.isEnd) this.#inside -= 1
    this.depth = this.#inside
    if (!this.isEnd && !this.isSelfClosing) this.#inside += 1
  }

  #finish(): false {
    if (this.#inside !== 0 || this.#end === 0) throw this.#cutOff()
    return false
  }

  #cutOff() {
    return damaged(`The part "${this.#part}" of this workbook is cut off.`)
  }
}

function tagName(bytes: Buffer, from: number, end: number): string {
  const [name = ''] = /^[^\s/>]*/.exec(bytes.toString('utf8', from, Math.min(end, from + MAX_NAME))) ?? []
  return name.slice(name.indexOf(':') + 1)
}

const MAX_NAME = 200

/** By hand, since an expression that tries every place would take the square of a long tag's time. */
function readAttributes(tag: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (let at = tag.search(/\s/); at > 0; ) {
    const equals = tag.indexOf('=', at)
    const quoteAt = equals + 1 + (/^\s*/.exec(tag.slice(equals + 1, equals + 9))?.[0].length ?? 0)
    const quote = tag[quoteAt]
    if (equals < 0 || (quote !== '"' && quote !== "'")) break
    const close = tag.indexOf(quote, quoteAt + 1)
    if (close < 0) break
    attributes.set(tag.slice(at, equals).trim(), decodeReferences(tag.slice(quoteAt + 1, close)))
    at = close + 1
  }
  return attributes
}
