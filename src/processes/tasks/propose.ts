import { guessHeaderRow, HEADER_WITHIN } from '../../columns/find-header.ts'
import { type HeaderLines, proposedHeaderLines } from '../../columns/header-lines.ts'
import { ColumnProposer } from '../../columns/propose-columns.ts'
import type { Row } from '../../spreadsheets/cell.ts'
import { firstSheet } from '../../spreadsheets/first-sheet.ts'
import { openSpreadsheet } from '../../spreadsheets/open.ts'
import { type Spreadsheet, SpreadsheetError } from '../../spreadsheets/spreadsheet.ts'
import type { Proposal, ProposalReading } from '../messages.ts'
import type { Answer, Task } from '../protocol.ts'

/** Proposes a template's columns from a file that shows what its rows look like, as asked or as it is found. */
export async function propose({ path, name, asked }: Task<'columns.propose'>): Promise<Answer<'columns.propose'>> {
  try {
    const { encoding, delimiter } = asked
    const text = { ...(encoding !== null && { encoding }), ...(delimiter !== null && { delimiter }) }
    const spreadsheet = await openSpreadsheet(path, text)
    try {
      return { proposal: await proposeFrom(spreadsheet, name, asked) }
    } finally {
      spreadsheet.close()
    }
  } catch (error) {
    if (!(error instanceof SpreadsheetError)) throw error
    return { error: { code: error.code, message: error.message, hint: error.hint } }
  }
}

async function proposeFrom(spreadsheet: Spreadsheet, fileName: string, asked: ProposalReading): Promise<Proposal> {
  const sheet = asked.sheet ?? firstSheet(spreadsheet)
  const above: Row[] = []
  let proposer: ColumnProposer | undefined
  let header: HeaderLines | undefined
  let rows = 0
  const decide = () => {
    header = findHeader(above, sheet, asked.headerRow)
    proposer = new ColumnProposer(header?.texts ?? [])
    for (const row of above) if (header !== undefined && row.number > header.lastRow) add(row)
  }
  const add = (row: Row) => {
    rows += 1
    proposer?.add(row)
  }
  for await (const batch of spreadsheet.rows(sheet)) {
    for (const row of batch.rows) {
      if (proposer !== undefined) add(row)
      else above.push(row)
      // The header is judged by what stands around it, so some rows are looked at before any is counted.
      if (proposer === undefined && isEnough(above, asked.headerRow)) decide()
    }
  }
  if (proposer === undefined) decide()
  return {
    name: templateName(fileName),
    sheet,
    sheets: spreadsheet.sheets,
    isText: spreadsheet.dialect !== undefined,
    headerRow: header?.lastRow ?? 1,
    warnings: header?.warnings ?? [],
    rows,
    columns: proposer?.finish() ?? [],
  }
}

/** Rows up to the header that was asked for, and as many below it as tell whether it has two lines. */
function isEnough(rows: Row[], headerRow: number | null): boolean {
  if (headerRow === null) return rows.length === HEADER_WITHIN
  return (rows.at(-3)?.number ?? 0) >= headerRow
}

function findHeader(rows: Row[], sheet: string, asked: number | null): HeaderLines | undefined {
  if (asked === null) return proposedHeaderLines(rows, guessHeaderRow(rows))
  const at = rows.findIndex((row) => row.number === asked)
  if (at === -1) throw noHeaderRow(sheet, asked)
  return proposedHeaderLines(rows, at)
}

function noHeaderRow(sheet: string, asked: number): SpreadsheetError {
  const message = `Row ${asked} of sheet '${sheet}' is empty or does not exist.`
  return new SpreadsheetError('no_header_row', message, 'Name the row that has the headers; the first row is 1.')
}

/** "stock-november_2025.xlsx" says "Stock november 2025". */
function templateName(fileName: string): string {
  const words = fileName
    .replace(/\.[^.]+$/, '')
    .replace(/[_-]+/g, ' ')
    .trim()
  return (words.charAt(0).toUpperCase() + words.slice(1)).slice(0, 80)
}
