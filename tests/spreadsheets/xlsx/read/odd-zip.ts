import { crc32, deflateRawSync } from 'node:zlib'

export type OddPart = {
  name: string
  content: string | Uint8Array
  /** Kept as it is instead of deflated. */
  stored?: boolean
  /** Sizes and CRC stand behind the part, as streaming writers do it, and are 0 in front of it. */
  descriptor?: boolean
  /** Sizes and place stand in a zip64 extra field. */
  zip64?: boolean
  /** What the directory claims, when it is to lie. */
  crc?: number
  /** The deflated bytes, when they are to be broken. */
  packed?: Buffer
}

/** A zip written as some programs do and `zipOf` does not (PKWARE APPNOTE 4.3 and 4.5.3). */
export function oddZip(parts: OddPart[], { zip64 = false, comment = '' } = {}): Buffer {
  const pieces: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  const write = (piece: Buffer) => {
    pieces.push(piece)
    offset += piece.length
  }
  for (const part of parts) {
    const content = Buffer.from(part.content)
    const packed = part.packed ?? (part.stored ? content : deflateRawSync(content))
    const fields = { part, crc: part.crc ?? crc32(content), packedSize: packed.length, size: content.length }
    directory.push(central(fields, offset))
    write(local(fields))
    write(packed)
    if (part.descriptor) write(descriptor(fields))
  }
  const start = offset
  for (const record of directory) write(record)
  const length = offset - start
  if (zip64) {
    const place = offset
    write(end64(parts.length, start, length))
    write(locator64(place))
  }
  write(end(parts.length, { start, length, zip64, comment }))
  return Buffer.concat(pieces)
}

type Fields = { part: OddPart; crc: number; packedSize: number; size: number }

function common({ part, crc, packedSize, size }: Fields, isLocal: boolean, extra: number): Buffer {
  const isLater = isLocal && part.descriptor === true
  const bytes = Buffer.alloc(26)
  bytes.writeUInt16LE(part.zip64 ? 45 : 20, 0)
  bytes.writeUInt16LE((part.descriptor ? 8 : 0) | 0x800, 2)
  bytes.writeUInt16LE(part.stored ? 0 : 8, 4)
  bytes.writeUInt32LE(isLater ? 0 : crc, 10)
  bytes.writeUInt32LE(part.zip64 ? 0xffffffff : isLater ? 0 : packedSize, 14)
  bytes.writeUInt32LE(part.zip64 ? 0xffffffff : isLater ? 0 : size, 18)
  bytes.writeUInt16LE(Buffer.byteLength(part.name), 22)
  bytes.writeUInt16LE(extra, 24)
  return bytes
}

function local(fields: Fields): Buffer {
  const extra = fields.part.zip64 ? extra64([fields.size, fields.packedSize]) : Buffer.alloc(0)
  return Buffer.concat([
    signature(0x04034b50),
    common(fields, true, extra.length),
    Buffer.from(fields.part.name),
    extra,
  ])
}

function central(fields: Fields, offset: number): Buffer {
  const { zip64 } = fields.part
  const other = Buffer.from([0x0a, 0, 4, 0, 1, 2, 3, 4])
  const extra = zip64 ? Buffer.concat([other, extra64([fields.size, fields.packedSize, offset])]) : other
  const tail = Buffer.alloc(14)
  tail.writeUInt32LE(zip64 ? 0xffffffff : offset, 10)
  const start = Buffer.concat([signature(0x02014b50), Buffer.from([45, 0]), common(fields, false, extra.length)])
  return Buffer.concat([start, tail, Buffer.from(fields.part.name), extra])
}

function extra64(values: number[]): Buffer {
  const extra = Buffer.alloc(4 + values.length * 8)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(values.length * 8, 2)
  for (const [at, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + at * 8)
  return extra
}

function descriptor({ part, crc, packedSize, size }: Fields): Buffer {
  const bytes = Buffer.alloc(part.zip64 ? 24 : 16)
  bytes.writeUInt32LE(0x08074b50, 0)
  bytes.writeUInt32LE(crc, 4)
  if (part.zip64) {
    bytes.writeBigUInt64LE(BigInt(packedSize), 8)
    bytes.writeBigUInt64LE(BigInt(size), 16)
  } else {
    bytes.writeUInt32LE(packedSize, 8)
    bytes.writeUInt32LE(size, 12)
  }
  return bytes
}

function end64(count: number, start: number, length: number): Buffer {
  const bytes = Buffer.alloc(56)
  bytes.writeUInt32LE(0x06064b50, 0)
  bytes.writeBigUInt64LE(44n, 4)
  bytes.writeBigUInt64LE(BigInt(count), 24)
  bytes.writeBigUInt64LE(BigInt(count), 32)
  bytes.writeBigUInt64LE(BigInt(length), 40)
  bytes.writeBigUInt64LE(BigInt(start), 48)
  return bytes
}

function locator64(place: number): Buffer {
  const bytes = Buffer.alloc(20)
  bytes.writeUInt32LE(0x07064b50, 0)
  bytes.writeBigUInt64LE(BigInt(place), 8)
  bytes.writeUInt32LE(1, 16)
  return bytes
}

function end(
  count: number,
  { start, length, zip64, comment }: { start: number; length: number; zip64: boolean; comment: string },
): Buffer {
  const bytes = Buffer.alloc(22)
  bytes.writeUInt32LE(0x06054b50, 0)
  bytes.writeUInt16LE(zip64 ? 0xffff : count, 8)
  bytes.writeUInt16LE(zip64 ? 0xffff : count, 10)
  bytes.writeUInt32LE(zip64 ? 0xffffffff : length, 12)
  bytes.writeUInt32LE(zip64 ? 0xffffffff : start, 16)
  bytes.writeUInt16LE(comment.length, 20)
  return Buffer.concat([bytes, Buffer.from(comment)])
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value, 0)
  return bytes
}
