import { guessHeaderRow, HEADER_WITHIN, headerTexts } from '../../columns/find-header.ts'
import { ColumnProposer } from '../../columns/propose-columns.ts'
import type { Row } from '../../spreadsheets/cell.ts'
import { firstSheet } from '../../spreadsheets/first-sheet.ts'
import { openSpreadsheet } from '../../spreadsheets/open.ts'
import { type Spreadsheet, SpreadsheetError } from '../../spreadsheets/spreadsheet.ts'
import type { Proposal } from '../messages.ts'
import type { Answer, Task } from '../protocol.ts'

/** Proposes a template's columns from a file that shows what its rows look like. */
export async function propose({ path, name }: Task<'columns.propose'>): Promise<Answer<'columns.propose'>> {
  try {
    const spreadsheet = await openSpreadsheet(path)
    try {
      return { proposal: await proposeFrom(spreadsheet, name) }
    } finally {
      spreadsheet.close()
    }
  } catch (error) {
    if (!(error instanceof SpreadsheetError)) throw error
    return { error: { code: error.code, message: error.message, hint: error.hint } }
  }
}

async function proposeFrom(spreadsheet: Spreadsheet, fileName: string): Promise<Proposal> {
  const sheet = firstSheet(spreadsheet)
  const above: Row[] = []
  let proposer: ColumnProposer | undefined
  let header: Row | undefined
  let rows = 0
  const decide = () => {
    header = above[guessHeaderRow(above)]
    proposer = new ColumnProposer(header === undefined ? [] : headerTexts(header))
    for (const row of above) if (header !== undefined && row.number > header.number) add(row)
  }
  const add = (row: Row) => {
    rows += 1
    proposer?.add(row)
  }
  for await (const batch of spreadsheet.rows(sheet)) {
    for (const row of batch.rows) {
      if (proposer !== undefined) add(row)
      else above.push(row)
      // The header is judged by what stands below it, so some rows are looked at before any is counted.
      if (proposer === undefined && above.length === HEADER_WITHIN) decide()
    }
  }
  if (proposer === undefined) decide()
  return {
    name: templateName(fileName),
    sheet,
    headerRow: header?.number ?? 1,
    rows,
    columns: proposer?.finish() ?? [],
  }
}

/** "stock-november_2025.xlsx" says "Stock november 2025". */
function templateName(fileName: string): string {
  const words = fileName
    .replace(/\.[^.]+$/, '')
    .replace(/[_-]+/g, ' ')
    .trim()
  return (words.charAt(0).toUpperCase() + words.slice(1)).slice(0, 80)
}
