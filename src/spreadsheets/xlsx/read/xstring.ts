import { cleanText } from '../../clean-text.ts'

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,8})|#x([0-9a-fA-F]{1,8}));/g
const ESCAPED = /_x([0-9A-Fa-f]{4})_/g
const LAST_CHARACTER = 0x10ffff

/** XML's five entities and character references (XML 1.0, 4.1 and 4.6). Any other is left as it stands, never expanded. */
export function decodeReferences(text: string): string {
  const first = text.indexOf('&')
  if (first < 0) return text
  // One "&amp;" and nothing else is what most texts with a reference have.
  if (text.startsWith('amp;', first + 1) && text.indexOf('&', first + 1) < 0) {
    return `${text.slice(0, first)}&${text.slice(first + 5)}`
  }
  return text.replace(REFERENCE, (_, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? ''
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code <= LAST_CHARACTER ? String.fromCodePoint(code) : '\ufffd'
  })
}

/** What XML can't hold is written _xHHHH_ (ECMA-376 Part 1, 22.9.2.19 ST_Xstring), one UTF-16 code unit each. */
export function decodeEscapes(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

/** The content of a text element as the person typed it. */
export function decodeXstring(text: string): string {
  return cleanText(decodeEscapes(decodeReferences(text)))
}
