import { closeSync, createReadStream, openSync, writeSync } from 'node:fs'
import Papa from 'papaparse'

/** @param {{ file: string, onRow: (cells: unknown[]) => void }} input */
export async function readCsv({ file, onRow }) {
  const stream = createReadStream(file, { encoding: 'utf8', highWaterMark: 256 * 1024 })
  await new Promise((resolve, reject) => {
    Papa.parse(stream, {
      skipEmptyLines: true,
      chunk: ({ data }) => {
        for (const row of data) onRow(row)
      },
      complete: resolve,
      error: reject,
    })
  })
}

const AT_ONCE = 2000

/** @param {{ header: string[], rows: Iterable<unknown[]>, out: string }} input */
export function writeCsv({ header, rows, out }) {
  const file = openSync(out, 'w')
  let part = [header]
  const flush = () => {
    if (part.length > 0) writeSync(file, `${Papa.unparse(part)}\r\n`)
    part = []
  }
  for (const row of rows) if (part.push(row) === AT_ONCE) flush()
  flush()
  closeSync(file)
}
