import { guessHeaderRow, HEADER_WITHIN } from '../../columns/find-header.ts'
import { type HeaderLines, proposedHeaderLines } from '../../columns/header-lines.ts'
import { OwnRows } from '../../columns/own-rows.ts'
import { ColumnProposer } from '../../columns/propose-columns.ts'
import type { Row } from '../../spreadsheets/cell.ts'
import { firstSheet } from '../../spreadsheets/first-sheet.ts'
import { openSpreadsheet } from '../../spreadsheets/open.ts'
import { type Spreadsheet, SpreadsheetError } from '../../spreadsheets/spreadsheet.ts'
import { textAsSaid } from '../../tables/reading.ts'
import type { Proposal, ProposalReading } from '../messages.ts'
import type { Answer, Task } from '../protocol.ts'

/** Proposes a template's columns from a file that shows what its rows look like, as asked or as it is found. */
export async function propose({ path, name, asked }: Task<'columns.propose'>): Promise<Answer<'columns.propose'>> {
  try {
    const spreadsheet = await openSpreadsheet(path, textAsSaid(asked))
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
  let table: TableBelow | undefined
  const decide = () => {
    const header = findHeader(above, sheet, asked.headerRow)
    const decided = new TableBelow(header, asked)
    for (const row of above) if (header !== undefined && row.number > header.lastRow) decided.add(row)
    return decided
  }
  for await (const batch of spreadsheet.rows(sheet)) {
    for (const row of batch.rows) {
      if (table !== undefined) table.add(row)
      else above.push(row)
      // The header is judged by what stands around it, so some rows are looked at before any is counted.
      if (table === undefined && isEnough(above, asked.headerRow)) table = decide()
    }
  }
  const { warnings, ...found } = (table ?? decide()).finish()
  return {
    name: templateName(fileName),
    sheet,
    sheets: spreadsheet.sheets,
    dialect: spreadsheet.dialect ?? null,
    warnings: [...(spreadsheet.oddities?.() ?? []), ...warnings],
    ...found,
  }
}

/** The table below a header, up to a second one. */
class TableBelow {
  readonly #header: HeaderLines | undefined
  readonly #proposer: ColumnProposer
  readonly #ownRows: OwnRows
  /** The last row is held back: when it turns out to be the header of a second table, it is not one of the first. */
  #held: Row | null = null
  #rows = 0

  constructor(header: HeaderLines | undefined, { oneTable }: Pick<ProposalReading, 'oneTable'>) {
    this.#header = header
    this.#proposer = new ColumnProposer(header?.texts ?? [])
    const found = { header: header?.texts ?? [], headerRow: header?.lastRow ?? 0 }
    this.#ownRows = new OwnRows(found, { oneTable: oneTable || header === undefined })
  }

  add(row: Row): void {
    const isOwn = this.#ownRows.has(row)
    if (this.#ownRows.below !== null) this.#held = null
    if (!isOwn) return
    this.#release()
    this.#held = row
  }

  finish(): Pick<Proposal, 'headerRow' | 'warnings' | 'rows' | 'columns'> {
    this.#release()
    return {
      headerRow: this.#header?.lastRow ?? 1,
      warnings: [...(this.#header?.warnings ?? []), ...this.#ownRows.warnings()],
      rows: this.#rows,
      columns: this.#proposer.finish(),
    }
  }

  #release(): void {
    if (this.#held === null) return
    this.#rows += 1
    this.#proposer.add(this.#held)
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
