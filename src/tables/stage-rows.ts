import { setImmediate } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import { cellText } from '../columns/cell-text.ts'
import type { TemplateShape, Value } from '../columns/column.ts'
import type { Row } from '../spreadsheets/cell.ts'
import { compileRowCheck } from './check-rows.ts'
import type { FoundTable } from './find-table.ts'
import type { Progress } from './progress.ts'
import { StagingWriter } from './staging-writer.ts'
import { atMost } from './steady-clock.ts'

/** What looks at every row, to say at the end what it saw. */
export type Watch = { note(row: Row): void; warnings(): string[] }

export type StageOptions = {
  shape: TemplateShape
  staging: Database
  watches: Watch[]
  /** Called about four times a second. */
  onProgress?: ((progress: Progress) => void) | undefined
}

/** What was staged; the same as in `ReadSummary`. */
export type Staged = { rows: number; bad: number; groups: number | null }

const PROGRESS_PER_SECOND = 4
/** Above this many groups they are no longer counted: they would not help a person, and cost memory. */
const MOST_GROUPS = 100_000

type Tally = { rows: number; bad: number; groups: Map<Value, number> | null }

/** Checks every row below the header and keeps the outcome in an empty staging file. */
export async function stageRows(
  table: FoundTable,
  { shape, staging, watches, onProgress }: StageOptions,
): Promise<Staged> {
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
