import { isUtf8 as isValid } from 'node:buffer'
import type { ByteSource } from '../byte-source.ts'
import { legacyEncodingOf } from './legacy-encoding.ts'
import { encodingByName } from './text-encodings.ts'

/** `isDamaged` when there are bytes that the encoding does not have, which decode to U+FFFD. */
export type TextEncoding = { name: string; markLength: number; isDamaged?: boolean }

const UTF16_SAMPLE = 64 * 1024

/**
 * The encoding of a text by its first bytes: byte order mark, else UTF-16 by where its NUL bytes stand, else UTF-8.
 * Whether UTF-8 is right only the whole file can tell; see `encodingOf`.
 */
export function detectEncoding(head: Buffer): TextEncoding {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { name: 'utf-8', markLength: 3 }
  if (head[0] === 0xff && head[1] === 0xfe) return { name: 'utf-16le', markLength: 2 }
  if (head[0] === 0xfe && head[1] === 0xff) return { name: 'utf-16be', markLength: 2 }
  return { name: utf16ByNuls(head) ?? 'utf-8', markLength: 0 }
}

/** In UTF-16 the digits, blanks and separators of a table have a NUL, always on the same side. */
function utf16ByNuls(head: Buffer): string | undefined {
  const sample = head.subarray(0, UTF16_SAMPLE)
  let even = 0
  let odd = 0
  for (let at = 0; at < sample.length; at += 1) {
    if (sample[at] !== 0) continue
    if (at % 2 === 0) even += 1
    else odd += 1
  }
  const pairs = sample.length / 2
  if (Math.max(even, odd) < pairs / 20 || Math.min(even, odd) > Math.max(even, odd) / 20) return undefined
  return odd > even ? 'utf-16le' : 'utf-16be'
}

/**
 * The encoding of a whole file: the one that was asked for, else what its bytes say. A text without mark is UTF-8 if
 * every byte of it is valid UTF-8, which another encoding with letters beyond ASCII practically never is.
 */
export async function encodingOf(source: ByteSource, asked?: string): Promise<TextEncoding> {
  const found = detectEncoding(await source.read(0, UTF16_SAMPLE))
  if (asked !== undefined) {
    const name = encodingByName(asked)
    return { name, markLength: name === found.name ? found.markLength : 0 }
  }
  if (found.name !== 'utf-8' || (await isUtf8(source, found.markLength))) return found
  // The mark says so, whatever happened to a byte further down.
  if (found.markLength > 0) return { ...found, isDamaged: true }
  const name = await legacyEncodingOf(source, found.markLength)
  return { name, markLength: found.markLength, isDamaged: name === 'utf-8' }
}

/** Looks at the bytes without decoding them, which takes a tenth of the time. */
async function isUtf8(source: ByteSource, start: number): Promise<boolean> {
  let rest = Buffer.alloc(0)
  for await (const piece of source.stream(start, source.size)) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    const whole = wholeCharacters(bytes)
    if (!isValid(bytes.subarray(0, whole))) return false
    rest = Buffer.from(bytes.subarray(whole))
  }
  return isValid(rest)
}

/** How many bytes there are without a last character that is perhaps cut in two (RFC 3629: it has four bytes at most). */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) return bytes.length - back
  }
  return bytes.length
}
