import type { Database } from 'better-sqlite3'
import { decimalSign, type TemplateShape } from '../columns/column.ts'
import { DamageWatch } from '../columns/damage.ts'
import { DoubtWatch } from '../columns/doubt-watch.ts'
import { OwnRows } from '../columns/own-rows.ts'
import { RaggedRowsWatch } from '../columns/ragged-rows.ts'
import { type TotalsRow, totalsQuestion, totalsWarning } from '../columns/totals.ts'
import type { Spreadsheet } from '../spreadsheets/spreadsheet.ts'
import { type FoundTable, findTable } from './find-table.ts'
import type { ImportDetails } from './import-details.ts'
import type { Progress } from './progress.ts'
import type { ReadResult, ReadSummary } from './read-result.ts'
import { columnsAsRead, type Reading } from './reading.ts'
import { otherSheets, sameSheets } from './same-sheets.ts'
import { RowStager, type Staged } from './stage-rows.ts'
import { emptyStaging, endReading, setStagingMeta, stagingMeta } from './staging.ts'

export type ReadOptions = {
  spreadsheet: Spreadsheet
  shape: TemplateShape
  staging: Database
  reading: Reading
  /** Called as soon as it is known how the file was understood. */
  onDetails?: ((details: ImportDetails) => void) | undefined
  /** Called about four times a second. */
  onProgress?: ((progress: Progress) => void) | undefined
}

/**
 * Reads the rows of a file, checks every cell and keeps the outcome in an empty staging file. What is wrong with single
 * rows becomes problems; what is wrong with the file as a whole is the answer `failed`. A damaged file throws
 * `SpreadsheetError` from its reader. Memory stays flat whatever the number of rows.
 */
export async function readAndCheck(options: ReadOptions): Promise<ReadResult> {
  const shape = columnsAsRead(options.shape, options.reading)
  const once = await readOnce({ ...options, shape })
  if ('failed' in once) return once
  const asDecided = columnsAsRead(shape, { dateOrders: {}, decimals: once.doubts.decided() })
  const isOtherwise = shape.columns.some((column, at) => {
    const other = asDecided.columns[at]
    return other !== undefined && decimalSign(other) !== decimalSign(column)
  })
  if (!isOtherwise) return finish(once, options)
  // Only the whole column could tell how its numbers are written, and by then they had been read in the usual way.
  emptyStaging(options.staging)
  const again = await readOnce({ ...options, shape: asDecided })
  if ('failed' in again) return again
  return finish({ ...again, warnings: [...once.doubts.warnings(), ...again.warnings] }, options)
}

/** What was read: the first table, which speaks for all, and what was found in the sheets. */
type Read = {
  table: FoundTable
  staged: Staged
  sheets: string[]
  doubts: DoubtWatch
  totals: TotalsRow[]
  /** How many rows repeat the header or stand in second tables, which were not read. */
  leftOut: number
  warnings: string[]
}

async function readOnce(options: ReadOptions): Promise<Read | Extract<ReadResult, { failed: unknown }>> {
  const { spreadsheet, shape, staging, reading, onProgress } = options
  const table = await findTable(spreadsheet, shape, reading)
  if ('failed' in table) return table
  options.onDetails?.(table.details)
  const said = [...Object.keys(reading.dateOrders), ...Object.keys(reading.decimals)]
  const doubts = new DoubtWatch(table.columns, new Set(said))
  const stager = new RowStager(table, { shape, staging, onProgress })
  const read: Read = { table, staged: NOTHING, sheets: [], doubts, totals: [], leftOut: 0, warnings: [] }
  try {
    await addSheets(read, stager, options)
    read.staged = stager.finish()
  } finally {
    stager.close()
  }
  read.warnings.unshift(...(spreadsheet.oddities?.() ?? []))
  if (read.staged.rows > 0) return read
  const { sheet, headerRow } = table.details
  const message = `There are no rows below the header in row ${headerRow} of sheet '${sheet}'.`
  return {
    failed: { code: 'no_rows', message, hint: 'Check that this is the right file and sheet.' },
    details: table.details,
  }
}

const NOTHING: Staged = { rows: 0, bad: 0, groups: null }

async function addSheets(read: Read, stager: RowStager, options: ReadOptions): Promise<void> {
  const { spreadsheet, reading, onDetails } = options
  const { table } = read
  const others = reading.allSheets ? otherSheets(spreadsheet, table.details.sheet) : []
  const of = 1 + others.length
  const tell = (sheet: string, at: number) => of > 1 && onDetails?.({ ...table.details, now: { sheet, at, of } })
  tell(table.details.sheet, 1)
  await addSheet(read, stager, { table, options, place: { at: 0, of } })
  if (others.length === 0) return
  const unlike: string[] = []
  let at = 1
  for await (const { name, table: other } of sameSheets(spreadsheet, table, options)) {
    tell(name, at + 1)
    if (other === null) unlike.push(name)
    else await addSheet(read, stager, { table: other, options, place: { at, of } })
    at += 1
  }
  if (unlike.length > 0) read.warnings.push(unlikeWarning(unlike))
}

function unlikeWarning(names: string[]): string {
  const list = names.map((name) => `'${name}'`).join(', ')
  const [sheets, have] = names.length === 1 ? ['Sheet', 'has'] : ['Sheets', 'have']
  return `${sheets} ${list} ${have} other columns, or the same at other places, and ${names.length === 1 ? 'was' : 'were'} left out.`
}

type Part = { table: FoundTable; options: ReadOptions; place: { at: number; of: number } }

async function addSheet(read: Read, stager: RowStager, { table, options, place }: Part): Promise<void> {
  const { spreadsheet, reading } = options
  const { sheet, headerRow } = table.details
  const isOnly = place.of === 1
  const damage = new DamageWatch(table.columns, { isText: spreadsheet.format === 'csv' })
  const ownRows = new OwnRows({ header: table.header, headerRow }, reading)
  const ragged = new RaggedRowsWatch(table.header.length)
  read.doubts.sheet = isOnly ? null : sheet
  const totals = await stager.add(table, { reading, watches: [read.doubts, damage, ragged], ownRows, place })
  read.sheets.push(sheet)
  read.totals.push(...totals.map((row) => ({ sheet: isOnly ? null : sheet, row })))
  read.leftOut += ownRows.leftOut
  const warnings = [...ownRows.warnings(), ...ragged.warnings(), ...damage.warnings()]
  // What is told of the header of the first sheet is told with its details.
  if (place.at > 0) warnings.unshift(...table.details.warnings)
  read.warnings.push(...warnings.map((warning) => (isOnly ? warning : `Sheet '${sheet}': ${warning}`)))
}

function finish(read: Read, { staging, reading, onDetails }: ReadOptions): { read: ReadSummary } {
  const { table, staged, totals, doubts } = read
  const areLeftOut = reading.totals === 'leave_out'
  const asked = totals.length > 0 && reading.totals === null
  const questions = [...doubts.questions(), ...(asked ? [totalsQuestion(totals, table.columns)] : [])]
  const warnings = [...(areLeftOut ? totalsWarning(totals) : []), ...read.warnings]
  const details: ImportDetails = {
    ...table.details,
    sheetsRead: read.sheets,
    warnings: [...table.details.warnings, ...warnings],
    questions,
    leftOut: (areLeftOut ? totals.length : 0) + read.leftOut,
  }
  if (warnings.length + questions.length > 0 || read.sheets.length > 1) onDetails?.(details)
  const summary: ReadSummary = { details, ...staged }
  staging.transaction(() => {
    setStagingMeta(staging, 'header', JSON.stringify(table.header))
    setStagingMeta(staging, 'columns', JSON.stringify(table.columns.map(({ column }) => column.id)))
    setStagingMeta(staging, 'summary', JSON.stringify(summary))
  })()
  endReading(staging, staged.rows)
  return { read: summary }
}

/** The outcome of `readAndCheck` as kept in a staging file that is complete. */
export function readStaged(staging: Database): ReadSummary {
  const summary = stagingMeta(staging, 'summary')
  if (summary === undefined) throw new Error(`${staging.name} was not read to the end`)
  return JSON.parse(summary)
}
