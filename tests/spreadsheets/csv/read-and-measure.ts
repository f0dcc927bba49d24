import { peakMemoryMb } from '../../../bench/peak-memory.ts'
import { openSpreadsheet } from '../../../src/spreadsheets/open.ts'
import { SpreadsheetError } from '../../../src/spreadsheets/spreadsheet.ts'

/** Reads a file in a process of its own and prints what came of it, and the most memory that took. */
let rows = 0
let code: string | undefined
try {
  const spreadsheet = await openSpreadsheet(process.argv[2] ?? '')
  for await (const batch of spreadsheet.rows(spreadsheet.sheets[0]?.name ?? '')) rows += batch.rows.length
  spreadsheet.close()
} catch (error) {
  if (!(error instanceof SpreadsheetError)) throw error
  code = error.code
}
console.log(JSON.stringify({ rows, code, megabytes: peakMemoryMb() }))
