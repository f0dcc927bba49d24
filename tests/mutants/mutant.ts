import { readFileSync } from 'node:fs'
import path from 'node:path'
import { seeded } from '../../bench/example-rows.ts'

/** A damaged copy of a real file, the same whenever its seed is the same. */
export type Mutant = { seed: number; file: string; what: string; bytes: Buffer }

const FIXTURES = path.resolve(import.meta.dirname, '../fixtures')

export const WORKBOOKS = [
  ...[
    'many-kinds.xlsx',
    'example1.xls',
    'bibelbund.ods',
    'dataset.xlsb',
    'port-lineup.xlsx',
    'type-me.xls',
    'issues.ods',
  ],
  ...['simple.xlsm', 'biff5.xls', 'deaths.xlsx', 'hidden-sheets.xlsx', 'merged.xlsx', 'dates-1904.xlsx'],
] as const
const TEXTS = ['avengers.csv', 'utf16le.csv', 'multiline-quotes.csv', 'semicolon.csv'] as const
const ALL_FILES: readonly string[] = [...WORKBOOKS, ...TEXTS]

export const KINDS = { damaged: damagedWorkbook, scrambled: scrambledFile } as const
export type Kind = keyof typeof KINDS

const CUTS = 99
const BLOCKS = [16, 64, 256, 512]

export function fixture(file: string): Buffer {
  return readFileSync(path.join(FIXTURES, file))
}

export function formatOf(file: string): string {
  return path.extname(file).slice(1).toUpperCase()
}

/**
 * A workbook as a broken download, a broken stick or a broken cable leaves it: cut off, with a flipped bit, or with a
 * stretch of zeros. The first seeds are the cuts at each percent of each file, the others are flips and zeros in turn.
 */
export function damagedWorkbook(seed: number): Mutant {
  const file = WORKBOOKS[seed % WORKBOOKS.length] ?? WORKBOOKS[0]
  const nth = Math.floor(seed / WORKBOOKS.length)
  const good = fixture(file)
  if (nth < CUTS) {
    const bytes = good.subarray(0, Math.floor((good.length * (nth + 1)) / 100))
    return { seed, file, what: `cut at ${nth + 1} %`, bytes }
  }
  const below = integers(seed)
  return { seed, file, ...(nth % 2 === 0 ? flipBit(good, below) : zeroBlock(good, below)) }
}

/** Any file, also a text, with several kinds of damage at once: what nobody would send by chance. */
export function scrambledFile(seed: number): Mutant {
  const file = ALL_FILES[seed % ALL_FILES.length] ?? WORKBOOKS[0]
  const below = integers(seed)
  let bytes = fixture(file)
  const done: string[] = []
  for (let left = 1 + below(4); left > 0; left -= 1) {
    const change = [flipBit, zeroBlock, setByte, repeatStretch, dropStretch][below(5)] ?? flipBit
    const changed = change(bytes, below)
    bytes = changed.bytes
    done.push(changed.what)
  }
  return { seed, file, what: done.join(', '), bytes }
}

type Below = (limit: number) => number
type Changed = { what: string; bytes: Buffer }

function integers(seed: number): Below {
  const random = seeded(seed)
  return (limit) => Math.floor(random() * limit)
}

function flipBit(good: Buffer, below: Below): Changed {
  const bytes = Buffer.from(good)
  const at = below(bytes.length)
  const bit = below(8)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
  return { what: `bit ${bit} of byte ${at} flipped`, bytes }
}

function zeroBlock(good: Buffer, below: Below): Changed {
  const bytes = Buffer.from(good)
  const length = Math.min(BLOCKS[below(BLOCKS.length)] ?? 16, bytes.length)
  const from = below(bytes.length - length + 1)
  bytes.fill(0, from, from + length)
  return { what: `${length} bytes from ${from} zeroed`, bytes }
}

function setByte(good: Buffer, below: Below): Changed {
  const bytes = Buffer.from(good)
  const at = below(bytes.length)
  const value = [0x00, 0x7f, 0x80, 0xff, 0x22, 0x3c][below(6)] ?? 0
  bytes[at] = value
  return { what: `byte ${at} set to ${value}`, bytes }
}

function repeatStretch(good: Buffer, below: Below): Changed {
  const { from, to } = stretch(good, below)
  const bytes = Buffer.concat([good.subarray(0, to), good.subarray(from)])
  return { what: `bytes ${from} to ${to} twice`, bytes }
}

function dropStretch(good: Buffer, below: Below): Changed {
  const { from, to } = stretch(good, below)
  return { what: `bytes ${from} to ${to} left out`, bytes: Buffer.concat([good.subarray(0, from), good.subarray(to)]) }
}

function stretch(good: Buffer, below: Below): { from: number; to: number } {
  const from = below(good.length)
  return { from, to: Math.min(good.length, from + 1 + below(400)) }
}
