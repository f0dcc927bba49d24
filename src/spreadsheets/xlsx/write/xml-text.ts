import { cleanText } from '../../clean-text.ts'

/**
 * A text as XLSX holds it (ECMA-376 Part 1, 22.9.2.19 ST_Xstring): what XML can't hold is written _xHHHH_, and a text
 * that looks like that has its underscore written so, to come back as it was.
 */
export function xlsxText(text: string): string {
  return escapeXml(cleanText(text).replace(UNSAFE, escapeCharacter))
}

/** Nothing in it is written otherwise than it is, and no end of it is white space: most texts, told by one look. */
export function isPlainText(text: string): boolean {
  return PLAIN.test(text) && !text.startsWith(' ') && !text.endsWith(' ')
}

/** All but control characters, the four signs of XML, the underscore, and halves of surrogate pairs. */
const PLAIN = /^[ !#-%'-;=?-^`-~\u00a0-\ud7ff\ue000-\ufffd]*$/

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
const UNSAFE = /[\x01-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g

function escapeCharacter(character: string): string {
  return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
}

/** For names and attributes, where XML's own characters are all there is to escape. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
