import { createWriteStream, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { streamCsvRows, writeCsvStream } from 'hucre/csv'
import { streamXlsxRows, writeXlsxStream } from 'hucre/xlsx'

/** @param {{ file: string, onRow: (cells: unknown[]) => void }} input */
export async function readXlsx({ file, onRow }) {
  for await (const { values } of streamXlsxRows(readFileSync(file), { maxCells: 1e9 })) onRow(values)
}

/** @param {{ file: string, onRow: (cells: unknown[]) => void }} input */
export function readCsv({ file, onRow }) {
  for (const row of streamCsvRows(readFileSync(file, 'utf8'))) onRow(row)
}

/** @param {{ header: string[], rows: Iterable<unknown[]>, out: string }} input */
export async function writeXlsx({ header, rows, out }) {
  const columns = header.map((name) => ({ header: name, ...DATE_FORMATS[name] }))
  await pipeline(Readable.fromWeb(writeXlsxStream(rows, { name: 'Items', columns })), createWriteStream(out))
}

const DATE_FORMATS = { Created: { numFmt: 'yyyy-mm-dd' }, Updated: { numFmt: 'yyyy-mm-dd hh:mm:ss' } }

/** @param {{ header: string[], rows: Iterable<unknown[]>, out: string }} input */
export async function writeCsv({ header, rows, out }) {
  await pipeline(Readable.fromWeb(writeCsvStream(rows, { headers: header })), createWriteStream(out))
}
