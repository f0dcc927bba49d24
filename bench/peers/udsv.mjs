import { createReadStream } from 'node:fs'
import { inferSchema, initParser } from 'udsv'

/**
 * The delimiters are given, because its guess from the first block can be wrong for texts with line breaks.
 *
 * @param {{ file: string, onRow: (cells: unknown[]) => void }} input
 */
export async function readCsv({ file, onRow }) {
  let parser
  for await (const text of createReadStream(file, { encoding: 'utf8', highWaterMark: 256 * 1024 })) {
    if (parser === undefined) {
      const schema = inferSchema(text, { col: ',', row: '\n', encl: '"' })
      parser = initParser(schema)
      onRow(schema.cols.map(({ name }) => name))
    }
    parser.chunk(text, parser.stringArrs, onRow)
  }
  parser?.end()
}
