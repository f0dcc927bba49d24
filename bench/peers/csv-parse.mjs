import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'

/** @param {{ file: string, onRow: (cells: unknown[]) => void }} input */
export async function readCsv({ file, onRow }) {
  const parser = createReadStream(file, { highWaterMark: 256 * 1024 }).pipe(parse({ bom: true }))
  for await (const row of parser) onRow(row)
}
