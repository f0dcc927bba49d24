import type { Database } from 'better-sqlite3'
import { sheetOf } from './staged-sheets.ts'
import { stagingMeta } from './staging.ts'

/** A refused row: its cells as the person sees them in the file, and all that is wrong with it. */
export type RefusedRow = { sheet: string; row: number; cells: string[]; message: string }

export type RefusedRows = {
  /** The headers of the file, from its first column on; '' where there is none. */
  header: string[]
  rows: IterableIterator<RefusedRow>
}

/** The refused rows of an import in the order and layout of the file, so that they can be written as a file to repair. */
export function refusedRows(staging: Database): RefusedRows {
  return { header: JSON.parse(stagingMeta(staging, 'header') ?? '[]'), rows: iterate(staging) }
}

function* iterate(staging: Database): Generator<RefusedRow> {
  const rows = staging
    .prepare<[], { sheet: string; row: number; cells: string; message: string | null }>(
      `SELECT ${sheetOf('f.n')} AS sheet, f.row, f.cells,
         (SELECT group_concat(p.message, ' ' ORDER BY p.id) FROM problems p WHERE p.n = f.n) AS message
       FROM refused f ORDER BY f.n`,
    )
    .iterate()
  for (const { sheet, row, cells, message } of rows) {
    // An earlier comparison may have refused it, and the latest may not.
    if (message !== null) yield { sheet, row, cells: JSON.parse(cells), message }
  }
}
