import type { ByteSource } from '../byte-source.ts'
import { damaged } from '../refusals.ts'

/** An OLE2 compound file ([MS-CFB]): the container of XLS, of encrypted workbooks and of old Word files. */
export type CompoundFile = { streams: CompoundStream[]; read(stream: CompoundStream, limit?: number): Promise<Buffer> }
export type CompoundStream = { name: string; start: number; size: number }

const SIGNATURE = Buffer.from('d0cf11e0a1b11ae1', 'hex')
const HEADER_LENGTH = 512
const HEADER_DIFAT = 109
const DIRECTORY_ENTRY = 128
const MINI_SECTOR = 64
const END_OF_CHAIN = 0xfffffffe
const LAST_SECTOR = 0xfffffffa
const STREAM = 2
const ROOT = 5

const CUT_OFF = 'This file is cut off: parts of the workbook are missing.'

export function isCompoundFile(head: Buffer): boolean {
  return head.subarray(0, SIGNATURE.length).equals(SIGNATURE)
}

/** Reads header, FAT and directory. Every chain is followed with its end and the file's end in sight. */
export async function openCompoundFile(source: ByteSource): Promise<CompoundFile> {
  const header = await source.read(0, HEADER_LENGTH)
  if (header.length < HEADER_LENGTH || !isCompoundFile(header)) throw damaged(CUT_OFF)
  const shift = header.readUInt16LE(30)
  if (shift !== 9 && shift !== 12) throw damaged('The header of this workbook is damaged.')
  const sectors = { source, size: 2 ** shift, count: Math.ceil(source.size / 2 ** shift) - 1 }
  const fat = await readFat(sectors, header)
  const directory = await readChain(sectors, chain(fat, header.readUInt32LE(48), sectors.count))
  const entries = readDirectory(directory)
  const root = entries.find((entry) => entry.type === ROOT)
  const cutoff = header.readUInt32LE(56)

  async function read(stream: CompoundStream, limit = stream.size): Promise<Buffer> {
    const wanted = Math.min(stream.size, limit)
    if (stream.size >= cutoff) {
      const numbers = chain(fat, stream.start, sectors.count)
      if (numbers.length * sectors.size < stream.size) throw damaged(CUT_OFF)
      const bytes = await readChain(sectors, numbers.slice(0, Math.ceil(wanted / sectors.size)))
      if (bytes.length < wanted) throw damaged(CUT_OFF)
      return bytes.subarray(0, wanted)
    }
    return readMini(stream, wanted)
  }

  async function readMini(stream: CompoundStream, wanted: number): Promise<Buffer> {
    if (!root) throw damaged(CUT_OFF)
    const miniFat = asNumbers(await readChain(sectors, chain(fat, header.readUInt32LE(60), sectors.count)))
    const mini = await readChain(sectors, chain(fat, root.start, sectors.count))
    const numbers = chain(miniFat, stream.start, Math.ceil(mini.length / MINI_SECTOR))
    const bytes = Buffer.concat(numbers.map((each) => mini.subarray(each * MINI_SECTOR, (each + 1) * MINI_SECTOR)))
    if (bytes.length < wanted) throw damaged(CUT_OFF)
    return bytes.subarray(0, wanted)
  }

  return { streams: entries.filter((entry) => entry.type === STREAM), read }
}

type Sectors = { source: ByteSource; size: number; count: number }

/** The numbers of the FAT's own sectors stand in the header and, for files over 7 MB, in a chain of DIFAT sectors. */
async function readFat(sectors: Sectors, header: Buffer): Promise<Uint32Array> {
  const numbers: number[] = []
  for (let at = 0; at < HEADER_DIFAT; at += 1) numbers.push(header.readUInt32LE(76 + at * 4))
  const seen = new Set<number>()
  for (let next = header.readUInt32LE(68); next <= LAST_SECTOR; ) {
    if (seen.has(next)) throw damaged('The allocation table of this workbook is damaged.')
    seen.add(next)
    const more = asNumbers(await readChain(sectors, [next]))
    numbers.push(...more.subarray(0, -1))
    next = more.at(-1) ?? END_OF_CHAIN
  }
  const used = numbers.filter((each) => each <= LAST_SECTOR).slice(0, header.readUInt32LE(44))
  return asNumbers(await readChain(sectors, used))
}

function chain(fat: Uint32Array, start: number, sectorCount: number): number[] {
  const numbers: number[] = []
  for (let next = start; next <= LAST_SECTOR; next = fat[next] ?? END_OF_CHAIN) {
    if (next >= sectorCount) throw damaged(CUT_OFF)
    if (next >= fat.length || numbers.length > fat.length) {
      throw damaged('The allocation table of this workbook is damaged.')
    }
    numbers.push(next)
  }
  return numbers
}

/** Sectors that follow each other are read at once. The last one of a file may be short. */
async function readChain(sectors: Sectors, numbers: number[]): Promise<Buffer> {
  const runs: Buffer[] = []
  for (let at = 0; at < numbers.length; ) {
    const first = numbers[at] ?? 0
    if (first >= sectors.count) throw damaged(CUT_OFF)
    let length = 1
    while (numbers[at + length] === first + length) length += 1
    runs.push(await sectors.source.read((first + 1) * sectors.size, length * sectors.size))
    at += length
  }
  return Buffer.concat(runs)
}

function asNumbers(bytes: Buffer): Uint32Array {
  const numbers = new Uint32Array(Math.floor(bytes.length / 4))
  for (let at = 0; at < numbers.length; at += 1) numbers[at] = bytes.readUInt32LE(at * 4)
  return numbers
}

function readDirectory(bytes: Buffer): (CompoundStream & { type: number })[] {
  const entries = []
  for (let at = 0; at + DIRECTORY_ENTRY <= bytes.length; at += DIRECTORY_ENTRY) {
    const nameLength = Math.min(64, bytes.readUInt16LE(at + 64))
    entries.push({
      name: bytes.toString('utf16le', at, at + Math.max(0, nameLength - 2)),
      type: bytes[at + 66] ?? 0,
      start: bytes.readUInt32LE(at + 116),
      size: bytes.readUInt32LE(at + 120),
    })
  }
  return entries
}
