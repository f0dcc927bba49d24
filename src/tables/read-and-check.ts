import { setImmediate } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import { cellText } from '../columns/cell-text.ts'
import type { TemplateShape, Value } from '../columns/column.ts'
import { DamageWatch } from '../columns/damage.ts'
import { SecondTableWatch } from '../columns/second-table.ts'
import type { Row } from '../spreadsheets/cell.ts'
import type { Spreadsheet } from '../spreadsheets/spreadsheet.ts'
import { compileRowCheck } from './check-rows.ts'
import { type FoundTable, findTable } from './find-table.ts'
import type { ImportDetails } from './import-details.ts'
import type { Progress } from './progress.ts'
import type { ReadResult, ReadSummary } from './read-result.ts'
import { columnsAsRead, type Reading } from './reading.ts'
import { endReading, setStagingMeta, stagingMeta } from './staging.ts'
import { StagingWriter } from './staging-writer.ts'
import { atMost } from './steady-clock.ts'

export type ReadOptions = {
  reading: Reading
  spreadsheet: Spreadsheet
  shape: TemplateShape
  staging: Database
  /** Called as soon as it is known how the file was understood. */
  onDetails?: ((details: ImportDetails) => void) | undefined
  /** Called about four times a second. */
  onProgress?: ((progress: Progress) => void) | undefined
}

const PROGRESS_PER_SECOND = 4
/** Above this many groups they are no longer counted: they would not help a person, and cost memory. */
const MOST_GROUPS = 100_000

/**
 * Reads the rows of a file, checks every cell and keeps the outcome in an empty staging file. What is wrong with single
 * rows becomes problems; what is wrong with the file as a whole is the answer `failed`. A damaged file throws
 * `SpreadsheetError` from its reader. Memory stays flat whatever the number of rows.
 */
export async function readAndCheck(options: ReadOptions): Promise<ReadResult> {
  const { spreadsheet, staging, reading } = options
  const shape = columnsAsRead(options.shape, reading)
  const table = await findTable(spreadsheet, shape, reading)
  if ('failed' in table) return table
  options.onDetails?.(table.details)
  const watches = [
    new SecondTableWatch(table.details.headerRow),
    new DamageWatch(table.columns, { isText: spreadsheet.format === 'csv' }),
  ]
  const { rows, bad, groups } = await stageRows(table, watches, { ...options, shape })
  if (rows === 0) {
    const { sheet, headerRow } = table.details
    const message = `There are no rows below the header in row ${headerRow} of sheet '${sheet}'.`
    const hint = 'Check that this is the right file and sheet.'
    return { failed: { code: 'no_rows', message, hint }, details: table.details }
  }
  const details = withWarnings(table.details, [
    ...(spreadsheet.oddities?.() ?? []),
    ...watches.flatMap((watch) => watch.warnings()),
  ])
  if (details !== table.details) options.onDetails?.(details)
  const read: ReadSummary = { details, rows, bad, groups }
  staging.transaction(() => {
    setStagingMeta(staging, 'sheet', table.details.sheet)
    setStagingMeta(staging, 'header', JSON.stringify(table.header))
    setStagingMeta(staging, 'columns', JSON.stringify(table.columns.map(({ column }) => column.id)))
    setStagingMeta(staging, 'summary', JSON.stringify(read))
  })()
  endReading(staging, rows)
  return { read }
}

/** What looks at every row for a warning to give at the end. */
type Watch = { note(row: Row): void; warnings(): string[] }

function withWarnings(details: ImportDetails, warnings: string[]): ImportDetails {
  return warnings.length === 0 ? details : { ...details, warnings: [...details.warnings, ...warnings] }
}

/** The outcome of `readAndCheck` as kept in a staging file that is complete. */
export function readStaged(staging: Database): ReadSummary {
  const summary = stagingMeta(staging, 'summary')
  if (summary === undefined) throw new Error(`${staging.name} was not read to the end`)
  return JSON.parse(summary)
}

type Tally = { rows: number; bad: number; groups: Map<Value, number> | null }

async function stageRows(
  table: FoundTable,
  watches: Watch[],
  { shape, staging, onProgress }: ReadOptions,
): Promise<{ rows: number; bad: number; groups: number | null }> {
  const check = compileRowCheck(table, shape)
  const writer = new StagingWriter(
    staging,
    table.columns.map(({ column }) => column),
  )
  const groupAt = table.columns.findIndex(({ column }) => column.id === shape.groupColumnId)
  const tally: Tally = { rows: 0, bad: 0, groups: groupAt === -1 ? null : new Map() }
  const isDue = atMost(PROGRESS_PER_SECOND)
  for await (const { rows, bytesDone, bytesTotal } of table.batches) {
    for (const row of rows) {
      for (const watch of watches) watch.note(row)
      stageRow(row, { check, writer, tally, groupAt })
    }
    if (isDue()) onProgress?.(progress(tally, bytesTotal > 0 ? Math.min(1, bytesDone / bytesTotal) : null))
    // The batches may come without any waiting; messages and signs of life still have to get through.
    await setImmediate()
  }
  writer.finish(tally.groups?.values() ?? [])
  onProgress?.(progress(tally, 1))
  return { rows: tally.rows, bad: tally.bad, groups: tally.groups?.size ?? null }
}

type Staging = { check: ReturnType<typeof compileRowCheck>; writer: StagingWriter; tally: Tally; groupAt: number }

function stageRow(row: Row, { check, writer, tally, groupAt }: Staging): void {
  const checked = check(row)
  if (checked === undefined) return
  const { recordId, values, problems } = checked
  const n = ++tally.rows
  const bad = problems.length > 0
  writer.add({ n, row: row.number, recordId, bad, values })
  if (bad) {
    tally.bad++
    for (const problem of problems) writer.addProblem({ n, ...problem })
    writer.addRefused({ n, row: row.number, cells: Array.from(row.cells, cellText) })
  }
  if (tally.groups === null) return
  const group = values[groupAt] ?? null
  if (group !== null) tally.groups.set(group, n)
  if (tally.groups.size > MOST_GROUPS) tally.groups = null
}

function progress({ rows, bad, groups }: Tally, fraction: number | null): Progress {
  const counts = { read: rows, created: 0, updated: 0, unchanged: 0, deleted: 0, skipped: 0, problems: bad }
  return {
    phase: 'reading',
    rowsDone: rows,
    rowsTotal: null,
    fraction,
    groupsDone: groups?.size ?? 0,
    groupsTotal: null,
    counts,
  }
}
