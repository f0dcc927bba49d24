import type { ByteSource } from '../byte-source.ts'
import { LEGACY_ENCODINGS } from './text-encodings.ts'

/** How much is looked at, from the first byte beyond ASCII on. */
const REGION = 1024 * 1024
/** And how much before it, to have its line from the start. */
const BEFORE = 4096
/** How much of that goes to the detector: its answer does not get better with more. */
const SAMPLE = 64 * 1024
/** Below this confidence the detector has seen a few letters only (measured with one to five names in ten languages). */
const THIN = 0.03

/** Bytes that are no UTF-8 among at least so many characters beyond ASCII that are, are damage and no other encoding. */
const SOUND_SHARE = 20

/**
 * The encoding of a text that is not wholly UTF-8, by what its bytes beyond ASCII most likely spell. Only lines that have such
 * bytes are judged, for a table is mostly digits and separators; Windows-1252 when nothing speaks for another.
 * A text that is UTF-8 but for a few damaged characters stays UTF-8.
 * @returns a name that TextDecoder takes
 */
export async function legacyEncodingOf(source: ByteSource, start: number): Promise<string> {
  const first = await firstBeyondAscii(source, start)
  const sample = linesBeyondAscii(await source.read(Math.max(start, first - BEFORE), REGION))
  if (isDamagedUtf8(sample)) return 'utf-8'
  // The detector's models take a tenth of a second to load, which files in UTF-8 need not pay.
  const { detectAll } = await import('jschardet')
  const detectEncodings = LEGACY_ENCODINGS.flatMap(([, names]) => names)
  for (const label of likeliest(detectAll(sample, { detectEncodings, minimumThreshold: 0 }))) {
    const text = readableText(sample, label)
    if (text) return LEGACY_ENCODINGS.find(([each]) => readableText(sample, each) === text)?.[0] ?? label
  }
  return 'windows-1252'
}

function isDamagedUtf8(sample: Buffer): boolean {
  const text = new TextDecoder().decode(sample, { stream: true })
  const damaged = text.split('\ufffd').length - 1
  const beyond = text.match(/[^\0-\x7f\ufffd]/gu)?.length ?? 0
  return beyond >= damaged * SOUND_SHARE && beyond > 0
}

/** Best first. Of a few letters little can be told; then the most widespread encoding has the benefit of the doubt. */
function likeliest(found: { encoding: string | null; confidence: number }[]): string[] {
  const labels = found.flatMap(({ encoding }) => labelOf(encoding) ?? [])
  const best = found[0]?.confidence ?? 0
  const western = found.find(({ encoding }) => labelOf(encoding) === 'windows-1252')
  const isWestern = western !== undefined && best < THIN && western.confidence >= best / 2
  return isWestern ? ['windows-1252', ...labels] : labels
}

async function firstBeyondAscii(source: ByteSource, start: number): Promise<number> {
  let offset = start
  for await (const piece of source.stream(start, source.size)) {
    const at = piece.findIndex((byte) => byte > 0x7f)
    if (at !== -1) return offset + at
    offset += piece.length
  }
  return start
}

/** In every encoding looked for, LF and CR are no part of another character. */
function linesBeyondAscii(region: Buffer): Buffer {
  const lines: Buffer[] = []
  let length = 0
  let from = 0
  while (from < region.length && length < SAMPLE) {
    const found = region.subarray(from).findIndex((byte) => byte === 0x0a || byte === 0x0d)
    const end = found === -1 ? region.length : from + found + 1
    const line = region.subarray(from, Math.min(end, from + SAMPLE))
    if (line.some((byte) => byte > 0x7f)) {
      lines.push(line)
      length += line.length
    }
    from = end
  }
  return Buffer.concat(lines)
}

/** The detector answers with names of its own, in several spellings ("iso8859-15", "MacRoman", "SHIFT_JIS"). */
function labelOf(found: string | null): string | undefined {
  const plain = squeezed(found ?? '')
  return LEGACY_ENCODINGS.find(([label, names]) => [label, ...names].some((each) => squeezed(each) === plain))?.[0]
}

function squeezed(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** The text, when every byte is one of the encoding's and none becomes a control character (U+0080 to U+009F). */
function readableText(bytes: Buffer, label: string): string | undefined {
  try {
    // As a stream, for the last character may be cut off.
    const text = new TextDecoder(label, { fatal: true }).decode(bytes, { stream: true })
    return /[\u0080-\u0084\u0086-\u009f\ufffd\ue000-\uf8ff]/.test(text) ? undefined : text
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
