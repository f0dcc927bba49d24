import { createWriteStream, renameSync, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { OutSheet, OutType } from '../src/spreadsheets/out-sheet.ts'
import { writeXlsx } from '../src/spreadsheets/xlsx/write/write-xlsx.ts'
import { DATA_VERSION, type DataFile, type Expected } from './data-files.ts'
import {
  type Cells,
  isRefused,
  isWideDate,
  itemRows,
  VARIANTS,
  type Variant,
  wideHeader,
  wideRows,
} from './item-rows.ts'
import { ITEM_HEADER, ITEMS } from './item-template.ts'
import { isItemDate, type TypedCell, typed } from './stored-items.ts'
import { Tally } from './tally.ts'

/**
 * Makes one file of data and, beside it, what a reader has to find in it: `node bench/make-file.ts FILE '{"kind": …}'`.
 * A process of its own, because some of the writers need much memory.
 */

type Content = {
  name: string
  header: string[]
  types: OutType[]
  isDate: (at: number) => boolean
  rows: () => Iterable<Cells>
}
type WritePeer = (input: { header: string[]; rows: Iterable<TypedCell[]>; out: string; shared: boolean }) => unknown

async function main([file = '', given = '{}']: string[]): Promise<void> {
  const wanted: DataFile = JSON.parse(given)
  const content = contentOf(wanted)
  await WRITERS[wanted.format](content, `${file}.part`)
  writeFileSync(`${file}.json`, JSON.stringify(expect(content, wanted)))
  renameSync(`${file}.part`, file)
}

function contentOf({ content, rows }: DataFile): Content {
  if (content === 'wide') {
    const [, ...cells] = [[], ...wideRows(1)]
    const types = (cells[0] ?? []).map((cell, at) => (isWideDate(at) ? 'date' : cellType(cell)))
    return { name: 'Wide', header: wideHeader(), types, isDate: isWideDate, rows: () => wideRows(rows) }
  }
  const types = ITEMS.columns.map(({ type }) => type)
  return { name: 'Items', header: ITEM_HEADER, types, isDate: isItemDate, rows: () => itemRows(rows, content) }
}

function cellType(cell: Cells[number]): OutType {
  if (typeof cell === 'number') return 'number'
  return typeof cell === 'boolean' ? 'boolean' : 'text'
}

const WRITERS: Record<DataFile['format'], (content: Content, out: string) => Promise<unknown>> = {
  csv: (content, out) => pipeline(Readable.from(csvPieces(content)), createWriteStream(out)),
  inline: ({ name, header, types, rows }, out) => {
    const columns = header.map((title, at) => ({ id: null, header: title, type: types[at] ?? 'text' }))
    const sheet: OutSheet = { name, columns, rows: rows() }
    return writeXlsx(out, sheet)
  },
  shared: (content, out) => writeWithPeer('./peers/exceljs.mjs', 'writeXlsx', content, out),
  xls: (content, out) => writeWithPeer('./peers/sheetjs.mjs', 'writeXls', content, out),
}

async function writeWithPeer(module: string, call: string, content: Content, out: string): Promise<void> {
  const loaded: Record<string, WritePeer | undefined> = await import(new URL(module, import.meta.url).href)
  await loaded[call]?.({ header: content.header, rows: typedRows(content), out, shared: true })
}

function* typedRows({ rows, isDate }: Content): Generator<TypedCell[]> {
  for (const row of rows()) yield typed(row, isDate)
}

const PIECE = 256 * 1024

function* csvPieces({ header, rows }: Content): Generator<string> {
  let piece = csvLine(header)
  for (const row of rows()) {
    piece += csvLine(row)
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  yield piece
}

function csvLine(cells: Cells): string {
  return `${cells.map((cell) => csvField(cell)).join(',')}\n`
}

function csvField(cell: Cells[number]): string {
  const text = String(cell ?? '')
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Rows that the template refuses are in the file, and in no table afterwards. */
function expect(content: Content, { format, content: variant }: DataFile): Expected {
  const read = new Tally()
  const stored = new Tally()
  const storedAsText = new Tally()
  read.add(content.header)
  for (const row of content.rows()) {
    const values = typed(row, content.isDate)
    const texts = row.map((cell) => String(cell ?? ''))
    read.add(format === 'csv' ? texts : values)
    if (isItems(variant) && isRefusedRow(row)) continue
    stored.add(values)
    storedAsText.add(texts)
  }
  const { check } = read
  return {
    version: DATA_VERSION,
    read: check,
    stored: stored.check,
    storedAsText: storedAsText.check,
    rows: stored.rows,
  }
}

function isItems(content: DataFile['content']): content is Variant {
  return VARIANTS.some((variant) => variant === content)
}

function isRefusedRow(row: Cells): boolean {
  return isRefused((Number(row[0]) - 1) / 3)
}

await main(process.argv.slice(2))
