import type { ByteSource } from '../byte-source.ts'
import type { TextEncoding } from './encoding.ts'

/**
 * How many bytes are decoded at a time. V8 asks the system for the memory of every string of more than 128 KB, which
 * takes longer than decoding it: pieces of 256 KB made reading a file take three times as long.
 */
const PIECE = 16 * 1024

/** The text piece by piece, line ends as LF, without its `nuls`. `bytesDone` counts the bytes of the file behind it. */
export async function* readText(
  source: ByteSource,
  encoding: TextEncoding,
): AsyncGenerator<{ text: string; bytesDone: number; nuls: number }> {
  const decoder = new TextDecoder(encoding.name, { ignoreBOM: true })
  let bytesDone = encoding.markLength
  let held = ''
  for await (const large of source.stream(encoding.markLength, source.size)) {
    for (let at = 0; at < large.length; at += PIECE) {
      const piece = large.subarray(at, at + PIECE)
      bytesDone += piece.length
      const text = held + decoder.decode(piece, { stream: true })
      // A CR at the end may be half of a CR LF.
      held = text.endsWith('\r') ? '\r' : ''
      // Bytes are looked through sooner than characters.
      const nuls = piece.includes(0) ? countNuls(text) : 0
      const lines = withPlainEnds(held ? text.slice(0, -1) : text)
      yield { text: nuls > 0 ? lines.replaceAll('\0', '') : lines, bytesDone, nuls }
    }
  }
  yield { text: withPlainEnds(held + decoder.decode()), bytesDone, nuls: 0 }
}

function countNuls(text: string): number {
  return text.split('\0').length - 1
}

function withPlainEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}
