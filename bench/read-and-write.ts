import { writeCsv as writeCsvFile } from '../src/spreadsheets/csv/write-csv.ts'
import { openSpreadsheet } from '../src/spreadsheets/open.ts'
import type { OutSheet, OutValue } from '../src/spreadsheets/out-sheet.ts'
import { writeXlsx as writeXlsxFile } from '../src/spreadsheets/xlsx/write/write-xlsx.ts'
import { ITEMS } from './item-template.ts'

/** Sheetport's reader and writers by themselves, in the form in which the peers stand beside them. */

type Reading = { file: string; onRow: (cells: readonly unknown[]) => void }
type Writing = { rows: Iterable<OutValue[]>; out: string }

export async function readSheet({ file, onRow }: Reading): Promise<void> {
  const spreadsheet = await openSpreadsheet(file, { inThread: true })
  try {
    const [first] = spreadsheet.sheets
    if (first === undefined) throw new Error(`${file} has no sheet`)
    for await (const { rows } of spreadsheet.rows(first.name)) for (const row of rows) onRow(row.cells)
  } finally {
    spreadsheet.close()
  }
}

export async function writeXlsx({ rows, out }: Writing): Promise<void> {
  await writeXlsxFile(out, itemSheet(rows))
}

export async function writeCsv({ rows, out }: Writing): Promise<void> {
  await writeCsvFile(out, itemSheet(rows))
}

function itemSheet(rows: Iterable<OutValue[]>): OutSheet {
  const columns = ITEMS.columns.map(({ id, name, type, decimal }) => ({
    id,
    header: name,
    type,
    decimal: decimal ?? 'point',
  }))
  return { name: ITEMS.name, columns, rows }
}
