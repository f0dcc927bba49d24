import type { ByteSource } from '../byte-source.ts'
import { damaged, encrypted, SAVE_AS_XLSX, tooLarge } from '../refusals.ts'
import { checkOdsPiece, type OdsCheck, startOdsCheck } from './ods-check.ts'
import { XmlPartCheck, type XmlPartFacts } from './xml-part-check.ts'
import { listZip, readZipPart, type ZipEntry } from './zip.ts'

export type ZipLimits = {
  maxParts: number
  maxPartBytes: number
  maxTotalBytes: number
  /** Inflated to packed bytes of one part, asked only once the part has grown past `ratioFrom`. */
  maxRatio: number
  ratioFrom: number
  maxCells: number
}

const MB = 1024 * 1024

export const ZIP_LIMITS: ZipLimits = {
  maxParts: 1000,
  maxPartBytes: 512 * MB,
  maxTotalBytes: 1024 * MB,
  maxRatio: 200,
  ratioFrom: 4 * MB,
  maxCells: 20_000_000,
}

/** A workbook's parts, each inflated once and found whole. Keys of `facts` are part names in lower case. */
export type CheckedZip = { entries: ZipEntry[]; facts: Map<string, XmlPartFacts> }

/**
 * Reads a zip workbook from end to end before any library sees it, in flat memory: a library hands over no rows
 * and no error for a damaged part, and unpacks a bomb as far as memory goes.
 */
export async function checkZip(source: ByteSource, limits: ZipLimits = ZIP_LIMITS): Promise<CheckedZip> {
  const entries = (await listZip(source)).filter((entry) => !entry.name.endsWith('/'))
  checkEntries(entries, limits)
  const facts = new Map<string, XmlPartFacts>()
  const total = entries.reduce((sum, { size }) => sum + size, 0)
  if (total > limits.maxTotalBytes) throw unpacksTooLarge(limits.maxTotalBytes)
  let cells = 0
  for (const entry of entries) {
    const found = await checkPart(source, entry, limits)
    cells += found?.cells ?? 0
    if (cells > limits.maxCells) throw tooManyCells(limits.maxCells)
    if (found) facts.set(partName(entry).toLowerCase(), found)
  }
  return { entries, facts }
}

/** Some programs write the names of parts with backslashes. */
export function partName(entry: ZipEntry): string {
  return entry.name.replaceAll('\\', '/')
}

export function tooManyCells(maxCells: number) {
  return tooLarge(`This workbook has more than ${maxCells.toLocaleString('en')} cells.`)
}

/** Refuses what no program writes: too many parts, names that point outside, parts twice or over each other. */
export function checkEntries(entries: ZipEntry[], limits: Pick<ZipLimits, 'maxParts'>): void {
  if (entries.length > limits.maxParts) {
    throw tooLarge(`This workbook has more than ${limits.maxParts.toLocaleString('en')} parts; a usual one has twenty.`)
  }
  const seen = new Set<string>()
  for (const { name } of entries) {
    if (/^[/\\]|^[A-Za-z]:|\0|(^|[/\\])\.\.([/\\]|$)/.test(name)) {
      throw damaged('A part of this workbook has a name that points outside of it.')
    }
    if (seen.has(name)) throw damaged(`The part "${name}" is in this workbook twice.`)
    seen.add(name)
  }
  checkOverlap(entries)
}

/** Parts that share their bytes are how a small file claims to unpack to petabytes. */
function checkOverlap(entries: ZipEntry[]): void {
  let end = 0
  for (const entry of [...entries].sort((a, b) => a.headerOffset - b.headerOffset)) {
    if (entry.headerOffset < end) throw damaged('The parts of this workbook overlap.')
    end = entry.headerOffset + entry.packedSize
  }
}

/** Refuses a part by what it claims to unpack to; `readZipPart` holds it to that. */
export function checkRatio(entry: ZipEntry, { maxRatio, ratioFrom }: Pick<ZipLimits, 'maxRatio' | 'ratioFrom'>): void {
  if (entry.size > ratioFrom && entry.size > maxRatio * entry.packedSize) {
    throw tooLarge(`The part "${entry.name}" unpacks to more than ${maxRatio} times its size.`)
  }
}

async function checkPart(source: ByteSource, entry: ZipEntry, limits: ZipLimits) {
  const xml = /\.(xml|rels)$/i.test(entry.name) ? new XmlPartCheck(entry.name) : undefined
  const ods: OdsCheck | undefined = entry.name === 'content.xml' ? startOdsCheck(limits.maxCells) : undefined
  const isManifest = entry.name === 'META-INF/manifest.xml'
  if (entry.size > limits.maxPartBytes) throw unpacksTooLarge(limits.maxPartBytes)
  checkRatio(entry, limits)
  for await (const piece of readZipPart(source, entry)) {
    // OpenDocument 1.3 Part 2, 4.6: the manifest says which parts are encrypted; what follows would be noise.
    if (isManifest && piece.includes('encryption-data')) throw encrypted()
    xml?.push(piece)
    if (xml && xml.cells > limits.maxCells) throw tooManyCells(limits.maxCells)
    if (ods) checkOdsPiece(ods, piece)
  }
  return xml?.end()
}

function unpacksTooLarge(bytes: number) {
  return tooLarge(`This workbook unpacks to more than ${Math.round(bytes / MB).toLocaleString('en')} MB.`, SAVE_AS_XLSX)
}
