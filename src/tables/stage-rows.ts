import { setImmediate } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import { cellText } from '../columns/cell-text.ts'
import type { TemplateShape, Value } from '../columns/column.ts'
import type { SecondTable, SecondTableWatch } from '../columns/second-table.ts'
import { MOST_TOTALS, TotalsWatch } from '../columns/totals.ts'
import type { Row } from '../spreadsheets/cell.ts'
import { type CheckedRow, compileRowCheck } from './check-rows.ts'
import type { FoundTable } from './find-table.ts'
import type { Progress } from './progress.ts'
import type { Reading } from './reading.ts'
import { StagingWriter } from './staging-writer.ts'
import { atMost } from './steady-clock.ts'

/** What looks at every row, to say at the end what it saw. */
export type Watch = { note(row: Row): void; warnings(): string[] }

export type StageOptions = {
  shape: TemplateShape
  staging: Database
  reading: Pick<Reading, 'totals' | 'oneTable'>
  watches: Watch[]
  secondTable: SecondTableWatch
  /** Called about four times a second. */
  onProgress?: ((progress: Progress) => void) | undefined
}

/** What was staged; `rows`, `bad` and `groups` are the same as in `ReadSummary`. */
export type Staged = {
  rows: number
  bad: number
  groups: number | null
  /** The rows at the end that look like totals. */
  totals: Row[]
  /** What stands below the table and was not read. */
  below: SecondTable | null
}

const PROGRESS_PER_SECOND = 4
/** Above this many groups they are no longer counted: they would not help a person, and cost memory. */
const MOST_GROUPS = 100_000

type Tally = { rows: number; bad: number; groups: Map<Value, number> | null }

/** Checks every row below the header and keeps the outcome in an empty staging file. */
export async function stageRows(table: FoundTable, options: StageOptions): Promise<Staged> {
  const { shape, staging, reading, watches, secondTable, onProgress } = options
  const writer = new StagingWriter(
    staging,
    table.columns.map(({ column }) => column),
  )
  const groupAt = table.columns.findIndex(({ column }) => column.id === shape.groupColumnId)
  const tally: Tally = { rows: 0, bad: 0, groups: groupAt === -1 ? null : new Map() }
  const totals = new TotalsWatch(table.columns, shape)
  const check = compileRowCheck(table, shape)
  const stage = (held: Held) => {
    totals.add(held.checked.values)
    stageRow(held, { writer, tally, groupAt })
  }
  // The last rows are held back: only when no more come is it known that they are the last.
  let tail: Held[] = []
  const isDue = atMost(PROGRESS_PER_SECOND)
  for await (const { rows, bytesDone, bytesTotal } of table.batches) {
    for (const row of rows) {
      secondTable.note(row)
      if (secondTable.found !== null && !reading.oneTable) continue
      for (const watch of watches) watch.note(row)
      const checked = check(row)
      if (checked === undefined) continue
      tail.push({ row, checked })
      const first = tail.length > MOST_TOTALS ? tail.shift() : undefined
      if (first !== undefined) stage(first)
    }
    if (isDue()) onProgress?.(progress(tally, bytesTotal > 0 ? Math.min(1, bytesDone / bytesTotal) : null))
    // The batches may come without any waiting; messages and signs of life still have to get through.
    await setImmediate()
  }
  const below = reading.oneTable ? null : secondTable.found
  if (below !== null) tail = tail.filter(({ row }) => row.number < below.headerRow)
  const ends = takeTotals(tail, totals)
  for (const held of reading.totals === 'leave_out' ? ends.before : tail) stage(held)
  writer.finish(tally.groups?.values() ?? [])
  onProgress?.(progress(tally, 1))
  const { rows, bad, groups } = tally
  return { rows, bad, groups: groups?.size ?? null, totals: ends.totals.map(({ row }) => row), below }
}

type Held = { row: Row; checked: CheckedRow }

/** Parts the last rows into those of the table and those of totals, from the end up to the first that is none. */
function takeTotals(tail: Held[], watch: TotalsWatch): { before: Held[]; totals: Held[] } {
  for (const [at, { checked }] of tail.entries()) {
    const rest = tail.slice(at)
    const areTotals = rest.every(
      (held) => held.checked.recordId === null && watch.isTotal(held.row, held.checked.values),
    )
    if (areTotals) return { before: tail.slice(0, at), totals: rest }
    watch.add(checked.values)
  }
  return { before: tail, totals: [] }
}

type Staging = { writer: StagingWriter; tally: Tally; groupAt: number }

function stageRow({ row, checked }: Held, { writer, tally, groupAt }: Staging): void {
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
