import { createHash } from 'node:crypto'
import { utils, write } from 'xlsx'
import type { Random } from './random.ts'

export const TEMPLATE = {
  key: ['SKU'],
  mode: 'update',
  on_problems: 'skip',
  columns: [
    { name: 'SKU', type: 'text', required: true },
    { name: 'Name', type: 'text' },
    { name: 'Price', type: 'number' },
    { name: 'Counted', type: 'date', date_order: 'dmy' },
  ],
}

export type Sheet = { name: string; fileName: string; bytes: Uint8Array<ArrayBuffer>; sha256: string }
export type Row = [sku: string, name: string, price: number, counted: string]
type Format = 'csv' | 'xlsx'
type Shape = { rows: number; format: Format; longTexts?: boolean }

const HEADER = ['SKU', 'Name', 'Price', 'Counted']

const KEYS = 4000

const SHAPES: [Shape, ...Shape[]] = [
  { rows: 20, format: 'csv' },
  { rows: 100, format: 'csv' },
  { rows: 300, format: 'csv' },
  { rows: 1000, format: 'csv' },
  { rows: 1000, format: 'csv' },
  { rows: 3000, format: 'csv' },
  { rows: 12_000, format: 'csv' },
  { rows: 300, format: 'xlsx' },
  { rows: 1000, format: 'xlsx' },
  // So large when packed that the sheet is read in a thread of the job's process.
  { rows: 12_000, format: 'xlsx', longTexts: true },
]

/** Rows that create, change and repeat records of earlier sheets, some of them refused; no two sheets are the same. */
export function makeSheet(random: Random, name: string): Sheet {
  const { rows, format, longTexts = false } = random.pick(SHAPES)
  const first = random.below(KEYS)
  const changed = random.below(3)
  const lines = Array.from({ length: rows }, (_, n): Row => {
    const key = (first + n) % Math.max(KEYS, rows)
    const price = key % 3 === changed ? random.below(1000) : key
    const date = random.chance(0.01) ? '31/02/2024' : '28/02/2024'
    return [String(key).padStart(6, '0'), longTexts ? longText(key) : `Item ${key}`, price, date]
  })
  return sheetOf(name, lines, format)
}

/** The sheet with these rows and one that no other sheet has. */
export function sheetOf(name: string, rows: Row[], format: Format): Sheet {
  const lines = [HEADER, ...rows, [name, 'Only here', 1, '01/01/2024']]
  const bytes = format === 'csv' ? Buffer.from(lines.join('\n')) : workbook(lines)
  return { name, fileName: `${name}.${format}`, bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

function workbook(lines: unknown[][]): Buffer<ArrayBuffer> {
  const book = utils.book_new()
  utils.book_append_sheet(book, utils.aoa_to_sheet(lines), 'Items')
  return write(book, { type: 'buffer', bookType: 'xlsx', compression: true })
}

/** Nothing that a zip could make much smaller. */
function longText(key: number): string {
  const piece = (n: number) => createHash('sha512').update(`${key}/${n}`).digest('base64')
  return `Item ${key} ${piece(1)}${piece(2)}`
}
