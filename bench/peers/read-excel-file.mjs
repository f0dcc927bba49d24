import { readSheet } from 'read-excel-file/node'

/** @param {{ file: string, onRow: (cells: unknown[]) => void }} input */
export async function readXlsx({ file, onRow }) {
  for (const row of await readSheet(file)) onRow(row)
}
