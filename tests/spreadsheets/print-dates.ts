import { join } from 'node:path'
import { openSpreadsheet } from '../../src/spreadsheets/open.ts'

/** A program that prints the dates of some fixtures, to be run in another time zone. */
for (const name of [
  'deaths.xlsx',
  'dates-1904.xlsx',
  'example1.xls',
  'issues.ods',
  'dataset.xlsb',
  'many-kinds.xlsx',
]) {
  const spreadsheet = await openSpreadsheet(join(import.meta.dirname, '..', 'fixtures', name))
  for (const sheet of spreadsheet.sheets) {
    for await (const { rows } of spreadsheet.rows(sheet.name)) {
      const dates = rows.flatMap((row) => row.cells).filter((cell) => typeof cell === 'object' && cell?.type === 'date')
      for (const cell of dates) console.log(JSON.stringify(cell))
    }
  }
  spreadsheet.close()
}
