import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { crc32, createDeflateRaw } from 'node:zlib'
import { TooLargeToWrite } from '../out-sheet.ts'
import type { OutputFile } from '../output-file.ts'

type Part = { name: Buffer; crc: number; packedSize: number; size: number; headerOffset: number }

const MAX_SIZE = 0xfffffffe
// 1980-01-01, the first day a zip knows: the same rows make the same file.
const DOS_DATE = 0x0021
const UTF8_NAMES = 0x0800
const DEFLATE = 8
const PIECES_AHEAD = 2

/**
 * Writes a zip part by part in flat memory. Sizes and CRC-32 go into each local header afterwards, since not every
 * reader understands data descriptors. Parts over 4 GB are refused: zip64 workbooks are opened by few programs.
 */
export class ZipWriter {
  readonly #file: OutputFile
  readonly #parts: Part[] = []

  constructor(file: OutputFile) {
    this.#file = file
  }

  async add(name: string, content: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
    const part: Part = {
      name: Buffer.from(name),
      crc: 0,
      packedSize: 0,
      size: 0,
      headerOffset: this.#file.position(),
    }
    await this.#file.write(localHeader(part))
    const start = this.#file.position()
    // Read ahead, so that the next pieces are made while zlib packs one on another core.
    const pieces = Readable.from(measure(content, part), { highWaterMark: PIECES_AHEAD })
    await pipeline(pieces, createDeflateRaw({ level: 4, chunkSize: 128 * 1024 }), async (packed) => {
      for await (const piece of packed) await this.#file.write(piece)
    })
    part.packedSize = this.#file.position() - start
    if (this.#file.position() > MAX_SIZE) throw tooLarge()
    await this.#file.patch(localHeader(part), part.headerOffset)
    this.#parts.push(part)
  }

  async finish(): Promise<void> {
    const offset = this.#file.position()
    for (const part of this.#parts) await this.#file.write(centralHeader(part))
    await this.#file.write(endRecord(this.#parts.length, offset, this.#file.position() - offset))
  }
}

async function* measure(content: AsyncIterable<Buffer> | Iterable<Buffer>, part: Part): AsyncGenerator<Buffer> {
  for await (const piece of content) {
    part.crc = crc32(piece, part.crc)
    part.size += piece.length
    if (part.size > MAX_SIZE) throw tooLarge()
    yield piece
    // Pieces that are made without waiting for anything would keep zlib from hearing of the next one.
    await setImmediate()
  }
}

function tooLarge(): TooLargeToWrite {
  return new TooLargeToWrite('The data is too large for an XLSX file: a sheet may have 4 GB.', 'Export it as CSV.')
}

/** PKWARE APPNOTE 4.3.7. */
function localHeader(part: Part): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  writeCommon(header, part, 4)
  return Buffer.concat([header, part.name])
}

/** APPNOTE 4.3.12. */
function centralHeader(part: Part): Buffer {
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(20, 4)
  writeCommon(header, part, 6)
  header.writeUInt32LE(part.headerOffset, 42)
  return Buffer.concat([header, part.name])
}

/** The fields that local and central header share, in the same order. */
function writeCommon(header: Buffer, part: Part, at: number): void {
  header.writeUInt16LE(20, at)
  header.writeUInt16LE(UTF8_NAMES, at + 2)
  header.writeUInt16LE(DEFLATE, at + 4)
  header.writeUInt16LE(DOS_DATE, at + 8)
  header.writeUInt32LE(part.crc, at + 10)
  header.writeUInt32LE(part.packedSize, at + 14)
  header.writeUInt32LE(part.size, at + 18)
  header.writeUInt16LE(part.name.length, at + 22)
}

/** APPNOTE 4.3.16. */
function endRecord(count: number, offset: number, length: number): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(length, 12)
  end.writeUInt32LE(offset, 16)
  return end
}
