import type { Database } from 'better-sqlite3'
import { decimalSign, type TemplateShape } from '../columns/column.ts'
import { DamageWatch } from '../columns/damage.ts'
import { DoubtWatch } from '../columns/doubt-watch.ts'
import { SecondTableWatch } from '../columns/second-table.ts'
import { rowsWord, totalsQuestion } from '../columns/totals.ts'
import type { Spreadsheet } from '../spreadsheets/spreadsheet.ts'
import { type FoundTable, findTable } from './find-table.ts'
import type { ImportDetails } from './import-details.ts'
import type { Progress } from './progress.ts'
import type { ReadResult, ReadSummary } from './read-result.ts'
import { columnsAsRead, type Reading } from './reading.ts'
import { type Staged, stageRows } from './stage-rows.ts'
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
  const decided = once.doubts.decided()
  const asDecided = columnsAsRead(shape, { dateOrders: {}, decimals: decided })
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

type Read = { table: FoundTable; staged: Staged; doubts: DoubtWatch; warnings: string[] }

async function readOnce(options: ReadOptions): Promise<Read | Extract<ReadResult, { failed: unknown }>> {
  const { spreadsheet, shape, staging, reading, onProgress } = options
  const table = await findTable(spreadsheet, shape, reading)
  if ('failed' in table) return table
  options.onDetails?.(table.details)
  const said = [...Object.keys(reading.dateOrders), ...Object.keys(reading.decimals)]
  const doubts = new DoubtWatch(table.columns, new Set(said))
  const watches = [doubts, new DamageWatch(table.columns, { isText: spreadsheet.format === 'csv' })]
  const secondTable = new SecondTableWatch(table.details.headerRow, table.header)
  const staged = await stageRows(table, { shape, staging, reading, watches, secondTable, onProgress })
  if (staged.rows === 0) {
    const { sheet, headerRow } = table.details
    const message = `There are no rows below the header in row ${headerRow} of sheet '${sheet}'.`
    const hint = 'Check that this is the right file and sheet.'
    return { failed: { code: 'no_rows', message, hint }, details: table.details }
  }
  const warnings = [
    ...(spreadsheet.oddities?.() ?? []),
    ...(staged.below === null ? [] : secondTable.warnings()),
    ...totalsWarning(staged, reading),
    ...watches.flatMap((watch) => watch.warnings()),
  ]
  return { table, staged, doubts, warnings }
}

function totalsWarning({ totals }: Staged, reading: Reading): string[] {
  if (totals.length === 0 || reading.totals !== 'leave_out') return []
  const what = totals.length === 1 ? 'was left out as a row of totals' : 'were left out as rows of totals'
  return [`${rowsWord(totals.map(({ number }) => number))} ${what}.`]
}

function finish({ table, staged, doubts, warnings }: Read, options: ReadOptions): { read: ReadSummary } {
  const { staging, reading, onDetails } = options
  const { rows, bad, groups, totals, below } = staged
  const asked = totals.length > 0 && reading.totals === null
  const questions = [...doubts.questions(), ...(asked ? [totalsQuestion(totals, table.columns)] : [])]
  const leftOut = (reading.totals === 'leave_out' ? totals.length : 0) + (below?.rows ?? 0)
  const details = { ...table.details, warnings: [...table.details.warnings, ...warnings], questions, leftOut }
  if (warnings.length + questions.length > 0) onDetails?.(details)
  const read: ReadSummary = { details, rows, bad, groups }
  staging.transaction(() => {
    setStagingMeta(staging, 'sheet', details.sheet)
    setStagingMeta(staging, 'header', JSON.stringify(table.header))
    setStagingMeta(staging, 'columns', JSON.stringify(table.columns.map(({ column }) => column.id)))
    setStagingMeta(staging, 'summary', JSON.stringify(read))
  })()
  endReading(staging, rows)
  return { read }
}

/** The outcome of `readAndCheck` as kept in a staging file that is complete. */
export function readStaged(staging: Database): ReadSummary {
  const summary = stagingMeta(staging, 'summary')
  if (summary === undefined) throw new Error(`${staging.name} was not read to the end`)
  return JSON.parse(summary)
}
