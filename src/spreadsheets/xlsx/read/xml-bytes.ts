import { damaged } from '../../refusals.ts'
import { parseIndex } from './number-bytes.ts'

/**
 * XML looked at as bytes (UTF-8, in which every byte below 0x80 is itself). Every function is given where the known
 * bytes end and answers -1 when it would have to see further: the caller then waits for more and asks again.
 */
export const LESS = 0x3c
export const GREATER = 0x3e
export const SLASH = 0x2f
export const BANG = 0x21
export const QUESTION = 0x3f
export const EQUALS = 0x3d
export const COLON = 0x3a
export const DOUBLE_QUOTE = 0x22
export const SINGLE_QUOTE = 0x27

/** Up to this every byte is blank: XML has no other control characters. */
const BLANK = 0x20

export const INCOMPLETE = -1

/** Just behind the ">" of the tag that begins at `at`. A ">" inside an attribute's value is not its end. */
export function tagEnd(bytes: Buffer, at: number, end: number): number {
  let quote = 0
  for (let k = at + 1; k < end; k += 1) {
    const byte = bytes[k]
    if (quote !== 0) {
      if (byte === quote) quote = 0
    } else if (byte === GREATER) return k + 1
    else if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) quote = byte
  }
  return INCOMPLETE
}

/** Whether the tag that ends at `tagEnd` has no content: `<c/>`. */
export function isSelfClosing(bytes: Buffer, tagEnd: number): boolean {
  return bytes[tagEnd - 2] === SLASH
}

/**
 * Whether the element's name is `name`, whatever its prefix (`<c`, `<x:c`); `from` is its first byte. Namespaces are not
 * resolved: the transitional and the strict one (ECMA-376 Part 1 and Part 4, annex A) use the same names for the same
 * things, and what else stands among the cells is in extension lists, which are passed over.
 */
export function isNamed(bytes: Buffer, from: number, name: string): boolean {
  const start =
    bytes[from] === name.charCodeAt(0) && isNameEnd(bytes[from + name.length]) ? from : localStart(bytes, from)
  for (let k = 0; k < name.length; k += 1) if (bytes[start + k] !== name.charCodeAt(k)) return false
  return isNameEnd(bytes[start + name.length])
}

function localStart(bytes: Buffer, from: number): number {
  for (let k = from; !isNameEnd(bytes[k]); k += 1) if (bytes[k] === COLON) return k + 1
  return from
}

export function isNameEnd(byte: number | undefined): boolean {
  return byte === undefined || byte <= 0x20 || byte === GREATER || byte === SLASH
}

/** Behind the name that begins at `from`. */
export function nameEnd(bytes: Buffer, from: number): number {
  let k = from
  while (!isNameEnd(bytes[k])) k += 1
  return k
}

/** The value of a tag's attribute that is named by one letter, when it is a whole number; else -1. */
export function attributeIndex(bytes: Buffer, from: number, open: number, letter: number): number {
  for (let k = from; k < open; k += 1) {
    if ((bytes[k] ?? 0) > BLANK) continue
    while (k < open && (bytes[k] ?? 0) <= BLANK) k += 1
    const name = k
    while (k < open && bytes[k] !== EQUALS) k += 1
    const isLetter = bytes[name] === letter && (k === name + 1 || (bytes[name + 1] ?? 0) <= BLANK)
    while (k < open && bytes[k] !== DOUBLE_QUOTE && bytes[k] !== SINGLE_QUOTE) k += 1
    const quote = bytes[k]
    const start = k + 1
    k = start
    while (k < open && bytes[k] !== quote) k += 1
    if (isLetter) return parseIndex(bytes, start, k)
  }
  return -1
}

/** Behind the end tag of the element whose start tag ends at `at`, whatever is in it. */
export function skipElement(bytes: Buffer, at: number, end: number): number {
  let depth = 1
  for (let k = at; ; ) {
    while (k < end && bytes[k] !== LESS) k += 1
    if (k + 1 >= end) return INCOMPLETE
    const next = bytes[k + 1]
    const isMarkup = next === BANG || next === QUESTION
    const open = isMarkup ? skipMarkup(bytes, k, end) : tagEnd(bytes, k, end)
    if (open === INCOMPLETE) return INCOMPLETE
    if (next === SLASH) depth -= 1
    else if (!isMarkup && !isSelfClosing(bytes, open)) depth += 1
    if (depth === 0) return open
    k = open
  }
}

/**
 * Behind a comment, a processing instruction or a CDATA section at `at`. Anything else that begins with "<!" declares
 * something, which no part of a package may (ECMA-376 Part 2, 8.1.4) and only attacks do, so it is refused at once.
 */
export function skipMarkup(bytes: Buffer, at: number, end: number): number {
  if (bytes[at + 1] === QUESTION) return behind(bytes, '?>', at + 2, end)
  if (end - at < CDATA.length) {
    const seen = bytes.toString('latin1', at, end)
    if (COMMENT.startsWith(seen) || CDATA.startsWith(seen)) return INCOMPLETE
  }
  if (isAt(bytes, COMMENT, at, end)) return behind(bytes, '-->', at + COMMENT.length, end)
  if (isAt(bytes, CDATA, at, end)) return behind(bytes, ']]>', at + CDATA.length, end)
  throw declaresEntities()
}

const COMMENT = '<!--'
export const CDATA = '<![CDATA['

export function isAt(bytes: Buffer, token: string, at: number, end: number): boolean {
  if (end - at < token.length) return false
  for (let k = 0; k < token.length; k += 1) if (bytes[at + k] !== token.charCodeAt(k)) return false
  return true
}

function behind(bytes: Buffer, token: string, from: number, end: number): number {
  const at = bytes.indexOf(token, from, 'latin1')
  return at < 0 || at + token.length > end ? INCOMPLETE : at + token.length
}

export function declaresEntities() {
  return damaged('This workbook declares XML entities, which a workbook never does and attacks do.')
}

/** Refuses UTF-16, which the standard allows and no program writes, before it is taken for an empty part. */
export function refuseUtf16(head: Buffer): void {
  const [first, second] = head
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  if (isMarked || first === 0 || second === 0) {
    throw damaged('A part of this workbook is in an encoding that no spreadsheet program writes.')
  }
}
