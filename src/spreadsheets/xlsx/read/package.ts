import type { ByteSource } from '../../byte-source.ts'
import { damaged, tooLarge } from '../../refusals.ts'
import { listZip, readZipPart, type ZipEntry } from '../../zip/zip.ts'
import { checkEntries, checkRatio, partName } from '../../zip/zip-check.ts'
import { XLSX_LIMITS } from './limits.ts'

const MB = 1024 * 1024

/** The parts of an XLSX by name; none is inflated before it is read, and each is checked while it is. */
export type XlsxPackage = {
  source: ByteSource
  /** Keys are as `partKey` makes them. */
  parts: Map<string, ZipEntry>
}

/** Lists a package and refuses what no program writes: too many parts, names outside of it, parts that overlap. */
export async function openPackage(source: ByteSource): Promise<XlsxPackage> {
  const entries = (await listZip(source)).filter((entry) => !/[/\\]$/.test(entry.name))
  checkEntries(entries, XLSX_LIMITS)
  const parts = new Map<string, ZipEntry>()
  for (const entry of entries) {
    const key = partKey(partName(entry))
    if (parts.has(key)) throw damaged(`The part "${entry.name}" is in this workbook twice.`)
    parts.set(key, entry)
  }
  return { source, parts }
}

/** Part names are the same in any case (ECMA-376 Part 2, 6.2.2.3). */
export function partKey(name: string): string {
  return name.toLowerCase()
}

/**
 * A part in pieces as it is inflated. What it claims to unpack to is judged before, and it is held to that on the way;
 * its CRC-32 is compared at the end. `onPacked` is told how many packed bytes have been taken from the file.
 */
export async function* readPart(
  source: ByteSource,
  entry: ZipEntry,
  { maxBytes, onPacked }: { maxBytes: number; onPacked?: (bytes: number) => void },
): AsyncGenerator<Buffer> {
  if (entry.size > maxBytes) {
    throw tooLarge(
      `The part "${entry.name}" of this workbook unpacks to more than ${Math.round(maxBytes / MB).toLocaleString('en')} MB.`,
    )
  }
  checkRatio(entry, XLSX_LIMITS)
  yield* readZipPart(onPacked ? counting(source, onPacked) : source, entry)
}

/** A part that is small in every workbook, whole. */
export async function readSmallPart({ source }: XlsxPackage, entry: ZipEntry): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of readPart(source, entry, { maxBytes: XLSX_LIMITS.maxSmallPartBytes })) pieces.push(piece)
  return Buffer.concat(pieces)
}

function counting(source: ByteSource, onPacked: (bytes: number) => void): ByteSource {
  async function* stream(start: number, end: number): AsyncGenerator<Buffer> {
    for await (const piece of source.stream(start, end)) {
      onPacked(piece.length)
      yield piece
    }
  }
  return { ...source, stream }
}
