import { pipeline, Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import type { ByteSource } from '../byte-source.ts'
import { damaged, encrypted } from '../refusals.ts'
import { SpreadsheetError } from '../spreadsheet.ts'

/** A part of a zip package as its central directory tells it. Sizes are claims until the part has been inflated. */
export type ZipEntry = {
  name: string
  method: number
  encrypted: boolean
  crc: number
  packedSize: number
  size: number
  headerOffset: number
}

const END = 0x06054b50
const END_LENGTH = 22
const LOCATOR_64 = 0x07064b50
const END_64 = 0x06064b50
const CENTRAL = 0x02014b50
const CENTRAL_LENGTH = 46
const LOCAL = 0x04034b50
const LOCAL_LENGTH = 30
const MAX_COMMENT = 0xffff
const MAX_DIRECTORY = 16 * 1024 * 1024
const SMALLEST_PIECE = 16 * 1024
const LARGEST_PIECE = 256 * 1024

const CUT_OFF = 'This file is cut off: the end of the workbook is missing.'

/** The central directory (PKWARE APPNOTE 4.3.12–4.3.16), zip64 included. */
export async function listZip(source: ByteSource): Promise<ZipEntry[]> {
  const { count, offset, length } = await findDirectory(source)
  if (length > MAX_DIRECTORY) throw damaged('This workbook lists far more parts than a workbook has.')
  const directory = await source.read(offset, length)
  if (directory.length < length) throw damaged(CUT_OFF)
  const entries: ZipEntry[] = []
  for (let at = 0; entries.length < count; ) {
    if (at + CENTRAL_LENGTH > length || directory.readUInt32LE(at) !== CENTRAL) {
      throw damaged('The list of parts in this workbook is damaged.')
    }
    const total =
      CENTRAL_LENGTH +
      directory.readUInt16LE(at + 28) +
      directory.readUInt16LE(at + 30) +
      directory.readUInt16LE(at + 32)
    if (at + total > length) throw damaged('The list of parts in this workbook is damaged.')
    entries.push(readEntry(directory.subarray(at, at + total)))
    at += total
  }
  return entries
}

async function findDirectory(source: ByteSource): Promise<{ count: number; offset: number; length: number }> {
  const tailLength = Math.min(source.size, MAX_COMMENT + END_LENGTH)
  const tailOffset = source.size - tailLength
  const tail = await source.read(tailOffset, tailLength)
  for (let at = tail.length - END_LENGTH; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END) continue
    const count = tail.readUInt16LE(at + 10)
    const length = tail.readUInt32LE(at + 12)
    const offset = tail.readUInt32LE(at + 16)
    const found =
      count === 0xffff || length === 0xffffffff || offset === 0xffffffff
        ? await findDirectory64(source, tailOffset + at)
        : { count, offset, length }
    if (found.offset + found.length > tailOffset + at) continue
    return found
  }
  throw damaged(CUT_OFF)
}

async function findDirectory64(
  source: ByteSource,
  endOffset: number,
): Promise<{ count: number; offset: number; length: number }> {
  const locator = await source.read(Math.max(0, endOffset - 20), 20)
  if (locator.length < 20 || locator.readUInt32LE(0) !== LOCATOR_64) throw damaged(CUT_OFF)
  const end = await source.read(Number(locator.readBigUInt64LE(8)), 56)
  if (end.length < 56 || end.readUInt32LE(0) !== END_64) throw damaged(CUT_OFF)
  return {
    count: Number(end.readBigUInt64LE(32)),
    length: Number(end.readBigUInt64LE(40)),
    offset: Number(end.readBigUInt64LE(48)),
  }
}

function readEntry(record: Buffer): ZipEntry {
  const nameEnd = CENTRAL_LENGTH + record.readUInt16LE(28)
  const sizes = sizes64(record, nameEnd, nameEnd + record.readUInt16LE(30))
  return {
    name: record.toString('utf8', CENTRAL_LENGTH, nameEnd),
    method: record.readUInt16LE(10),
    encrypted: (record.readUInt16LE(8) & 1) === 1,
    crc: record.readUInt32LE(16),
    ...sizes,
  }
}

/** A size of 0xFFFFFFFF stands in the zip64 extra field 0x0001, in this order (APPNOTE 4.5.3). */
function sizes64(record: Buffer, start: number, end: number) {
  const sizes = {
    size: record.readUInt32LE(24),
    packedSize: record.readUInt32LE(20),
    headerOffset: record.readUInt32LE(42),
  }
  for (let at = start; at + 4 <= end; at += 4 + record.readUInt16LE(at + 2)) {
    if (record.readUInt16LE(at) !== 1) continue
    const last = Math.min(end, at + 4 + record.readUInt16LE(at + 2))
    let next = at + 4
    for (const key of ['size', 'packedSize', 'headerOffset'] as const) {
      if (sizes[key] !== 0xffffffff || next + 8 > last) continue
      sizes[key] = Number(record.readBigUInt64LE(next))
      next += 8
    }
  }
  return sizes
}

/**
 * The bytes of a part, inflated in pieces. What the headers claim is checked, not trusted: the stream ends in an
 * error when length or CRC-32 differ, at once when there are more bytes than that. So the caller may go by the size that
 * the entry claims.
 */
export async function* readZipPart(source: ByteSource, entry: ZipEntry): AsyncGenerator<Buffer> {
  if (entry.encrypted) throw encrypted()
  const start = await findPackedBytes(source, entry)
  if (start + entry.packedSize > source.size) throw damagedPart(entry)

  let crc = 0
  let size = 0
  try {
    for await (const piece of unpack(source.stream(start, start + entry.packedSize), entry)) {
      crc = crc32(piece, crc)
      size += piece.length
      // So a part can be refused by the size that it claims, before anything is inflated.
      if (size > entry.size) throw damagedPart(entry)
      yield piece
    }
  } catch (error) {
    if (isZlibError(error)) throw damagedPart(entry)
    throw error
  }
  if (crc !== entry.crc || size !== entry.size) throw damagedPart(entry)
}

/** A part's own header stands before its bytes and must name the same part (APPNOTE 4.3.7). */
async function findPackedBytes(source: ByteSource, entry: ZipEntry): Promise<number> {
  const nameLength = Buffer.byteLength(entry.name)
  const header = await source.read(entry.headerOffset, LOCAL_LENGTH + nameLength)
  if (header.length < LOCAL_LENGTH || header.readUInt32LE(0) !== LOCAL) throw damagedPart(entry)
  if (header.toString('utf8', LOCAL_LENGTH) !== entry.name) throw damagedPart(entry)
  return entry.headerOffset + LOCAL_LENGTH + header.readUInt16LE(26) + header.readUInt16LE(28)
}

/** A part as one buffer, for those that are small or have been checked before. */
export async function readWholeZipPart(source: ByteSource, entry: ZipEntry, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of readZipPart(source, entry)) {
    size += piece.length
    if (size > limit) throw damagedPart(entry)
    pieces.push(piece)
  }
  return Buffer.concat(pieces, size)
}

function unpack(packed: AsyncGenerator<Buffer>, entry: ZipEntry): AsyncIterable<Buffer> {
  if (entry.method === 0) return packed
  if (entry.method !== 8) {
    throw new SpreadsheetError(
      'damaged',
      `The part "${entry.name}" of this workbook is compressed in a way no spreadsheet program uses.`,
      'Open it in your spreadsheet program, save it as XLSX and upload it again.',
    )
  }
  // What its header says may be a lie, but a piece that is too small or too large for the part costs little.
  const inflate = createInflateRaw({ chunkSize: Math.min(Math.max(entry.size, SMALLEST_PIECE), LARGEST_PIECE) })
  // An error of either end reaches the reader of the last stream; there is nothing left to do with it here.
  // Few pieces wait ahead of the inflating, so that how far the file is read also says how far its rows are.
  return pipeline(Readable.from(packed, { highWaterMark: 1 }), inflate, () => {})
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
}

function damagedPart(entry: ZipEntry): SpreadsheetError {
  return damaged(`The part "${entry.name}" of this workbook is damaged.`)
}
