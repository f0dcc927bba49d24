import { readFileSync, writeFileSync } from 'node:fs'
import { read, utils, write } from 'xlsx'

const READING = { type: 'buffer', dense: true, cellDates: true, cellFormula: false, cellHTML: false, cellText: false }

/** @param {{ file: string, onRow: (cells: unknown[]) => void }} input */
export function readXlsx({ file, onRow }) {
  const workbook = read(readFileSync(file), { ...READING, UTC: true })
  const sheet = workbook.Sheets[workbook.SheetNames[0]]
  for (const row of utils.sheet_to_json(sheet, { header: 1, raw: true, defval: null, UTC: true })) onRow(row)
}

export const readXls = readXlsx

/** @param {{ header: string[], rows: Iterable<unknown[]>, out: string }} input */
export function writeXlsx(input) {
  writeWorkbook(input, { bookType: 'xlsx', compression: true })
}

/** @param {{ header: string[], rows: Iterable<unknown[]>, out: string }} input */
export function writeXls(input) {
  writeWorkbook(input, { bookType: 'biff8' })
}

function writeWorkbook({ header, rows, out }, options) {
  const sheet = utils.aoa_to_sheet([header], { dense: true })
  const data = sheet['!data']
  for (const row of rows) data.push(row.map(toCell))
  sheet['!ref'] = utils.encode_range({ s: { r: 0, c: 0 }, e: { r: data.length - 1, c: header.length - 1 } })
  writeFileSync(out, write(utils.book_new(sheet, 'Items'), { type: 'buffer', ...options }))
}

const EPOCH = Date.UTC(1899, 11, 30)

function toCell(value) {
  if (value === null) return undefined
  if (typeof value === 'string') return { t: 's', v: value }
  if (typeof value === 'boolean') return { t: 'b', v: value }
  if (typeof value === 'number') return { t: 'n', v: value }
  const days = (value.getTime() - EPOCH) / 86_400_000
  return { t: 'n', v: days, z: Number.isInteger(days) ? 'yyyy-mm-dd' : 'yyyy-mm-dd hh:mm:ss' }
}
