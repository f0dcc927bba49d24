import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { format, parseStream } from 'fast-csv'

/** @param {{ file: string, onRow: (cells: unknown[]) => void }} input */
export async function readCsv({ file, onRow }) {
  await finished(parseStream(createReadStream(file, { highWaterMark: 256 * 1024 })).on('data', onRow))
}

/** @param {{ header: string[], rows: Iterable<unknown[]>, out: string }} input */
export async function writeCsv({ header, rows, out }) {
  const lines = format({ headers: header })
  const file = lines.pipe(createWriteStream(out))
  for (const row of rows) if (!lines.write(row)) await once(lines, 'drain')
  lines.end()
  await finished(file)
}
