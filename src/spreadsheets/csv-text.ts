import type { ByteSource } from './byte-source.ts'
import type { TextEncoding } from './encoding.ts'

/** The text piece by piece, line ends as LF, without NULs. `bytesDone` counts the bytes of the file behind it. */
export async function* readText(
  source: ByteSource,
  encoding: TextEncoding,
): AsyncGenerator<{ text: string; bytesDone: number }> {
  const decoder = new TextDecoder(encoding.name, { ignoreBOM: true })
  let bytesDone = encoding.markLength
  let held = ''
  for await (const piece of source.stream(encoding.markLength, source.size)) {
    bytesDone += piece.length
    const text = held + decoder.decode(piece, { stream: true })
    // A CR at the end may be half of a CR LF.
    held = text.endsWith('\r') ? '\r' : ''
    yield { text: clean(held ? text.slice(0, -1) : text), bytesDone }
  }
  yield { text: clean(held + decoder.decode()), bytesDone }
}

function clean(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  return lines.includes('\0') ? lines.replaceAll('\0', '') : lines
}
