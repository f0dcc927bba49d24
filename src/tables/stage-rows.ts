import { setImmediate } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import { cellText } from '../columns/cell-text.ts'
import type { TemplateShape, Value } from '../columns/column.ts'
import type { OwnRows } from '../columns/own-rows.ts'
import { MOST_NOTES, MOST_TOTALS, TotalsWatch } from '../columns/totals.ts'
import type { Row } from '../spreadsheets/cell.ts'
import { type CheckedRow, compileRowCheck } from './check-rows.ts'
import type { FoundTable } from './find-table.ts'
import type { Progress } from './progress.ts'
import type { Reading } from './reading.ts'
import type { SheetEnd } from './staged-sheets.ts'
import { StagingWriter } from './staging-writer.ts'
import { atMost } from './steady-clock.ts'

/** What looks at every row, to say at the end what it saw. */
export type Watch = { note(row: Row): void; warnings(): string[] }

export type SheetOptions = {
  reading: Pick<Reading, 'totals'>
  watches: Watch[]
  ownRows: OwnRows
  /** How many sheets were staged before, and how many there are. */
  place: { at: number; of: number }
}

/** What was staged in all; the same as in `ReadSummary`. */
export type Staged = { rows: number; bad: number; groups: number | null }

const PROGRESS_PER_SECOND = 4
const PAUSES_PER_SECOND = 100
/** Above this many groups they are no longer counted: they would not help a person, and cost memory. */
const MOST_GROUPS = 100_000

type Held = { row: Row; checked: CheckedRow }

/** Checks the rows of one table after the other and keeps the outcome in an empty staging file. */
export class RowStager {
  readonly #shape: TemplateShape
  readonly #writer: StagingWriter
  readonly #onProgress: ((progress: Progress) => void) | undefined
  readonly #isDue = atMost(PROGRESS_PER_SECOND)
  readonly #isPauseDue = atMost(PAUSES_PER_SECOND)
  readonly #groupAt: number
  readonly #sheets: SheetEnd[] = []
  #rows = 0
  #bad = 0
  #groups: Map<Value, number> | null

  /** The tables that follow have the columns of `first`. `onProgress` is called about four times a second. */
  constructor(
    first: Pick<FoundTable, 'columns'>,
    {
      shape,
      staging,
      onProgress,
    }: { shape: TemplateShape; staging: Database; onProgress?: ((progress: Progress) => void) | undefined },
  ) {
    const columns = first.columns.map(({ column }) => column)
    this.#shape = shape
    this.#writer = new StagingWriter(staging, columns)
    this.#onProgress = onProgress
    this.#groupAt = columns.findIndex(({ id }) => id === shape.groupColumnId)
    this.#groups = this.#groupAt === -1 ? null : new Map()
  }

  /**
   * Stages every row of one table. Answers the rows at its end that look like totals, with the notes below them; they are
   * staged unless the reading says otherwise.
   */
  async add(table: FoundTable, { reading, watches, ownRows, place }: SheetOptions): Promise<Row[]> {
    const totals = new TotalsWatch(table.columns, this.#shape)
    const check = compileRowCheck(table, this.#shape)
    // The last rows are held back: only when no more come is it known that they are the last.
    let tail: Held[] = []
    for await (const { rows, bytesDone, bytesTotal } of table.batches) {
      for (const row of rows) {
        if (!ownRows.has(row)) continue
        for (const watch of watches) watch.note(row)
        const checked = check(row)
        if (checked !== undefined) tail.push({ row, checked })
      }
      const certain = Math.max(0, tail.length - MOST_TOTALS - MOST_NOTES)
      for (let at = 0; at < certain; at += 1) {
        const held = tail[at]
        if (held === undefined) continue
        totals.add(held.checked.values)
        this.#stage(held)
      }
      tail = tail.slice(certain)
      if (this.#isDue())
        this.#report(bytesTotal > 0 ? (place.at + Math.min(1, bytesDone / bytesTotal)) / place.of : null)
      // The batches may come without any waiting; messages and signs of life still have to get through.
      if (this.#isPauseDue()) await setImmediate()
    }
    const { below } = ownRows
    if (below !== null) tail = tail.filter(({ row }) => row.number < below.headerRow)
    const ends = takeTotals(tail, totals)
    for (const held of reading.totals === 'leave_out' ? ends.before : tail) this.#stage(held)
    this.#sheets.push({ name: table.details.sheet, last: this.#rows })
    return ends.totals.map(({ row }) => row)
  }

  /** Writes what is left. */
  finish(): Staged {
    this.#writer.finish({ lastRows: this.#groups?.values() ?? [], sheets: this.#sheets })
    this.#report(1)
    return { rows: this.#rows, bad: this.#bad, groups: this.#groups?.size ?? null }
  }

  /** Lets go of the staging file, also when the rows did not come to their end. */
  close(): void {
    this.#writer.close()
  }

  #stage({ row, checked }: Held): void {
    const { recordId, values, problems } = checked
    const n = ++this.#rows
    const bad = problems.length > 0
    this.#writer.add({ n, row: row.number, recordId, bad, values })
    if (bad) {
      this.#bad++
      for (const problem of problems) this.#writer.addProblem({ n, ...problem })
      this.#writer.addRefused({ n, row: row.number, cells: Array.from(row.cells, cellText) })
    }
    if (this.#groups === null) return
    const group = values[this.#groupAt] ?? null
    if (group !== null) this.#groups.set(this.#groups.has(group) ? group : ownCopy(group), n)
    if (this.#groups.size > MOST_GROUPS) this.#groups = null
  }

  #report(fraction: number | null): void {
    const nothing = { created: 0, updated: 0, unchanged: 0, deleted: 0, skipped: 0 }
    this.#onProgress?.({
      phase: 'reading',
      rowsDone: this.#rows,
      rowsTotal: null,
      fraction,
      groupsDone: this.#groups?.size ?? 0,
      groupsTotal: null,
      counts: { ...nothing, read: this.#rows, problems: this.#bad },
    })
  }
}

/** A text of a row is a piece of a longer one, which it would hold for as long as it is kept itself. */
function ownCopy(value: Value): Value {
  return typeof value === 'string' ? Buffer.from(value).toString() : value
}

/** Parts the last rows into those of the table and those of totals with the notes below, up to the first that is neither. */
function takeTotals(tail: Held[], watch: TotalsWatch): { before: Held[]; totals: Held[] } {
  for (const [at, { checked }] of tail.entries()) {
    const rest = tail.slice(at)
    if (areTotals(rest, watch)) return { before: tail.slice(0, at), totals: rest }
    watch.add(checked.values)
  }
  return { before: tail, totals: [] }
}

function areTotals(rows: Held[], watch: TotalsWatch): boolean {
  if (rows.some(({ checked }) => checked.recordId !== null)) return false
  const areSums = rows.map(({ row, checked }) => watch.isTotal(row, checked.values))
  const notes = rows.filter((_, at) => areSums[at] !== true)
  if (areSums[0] !== true || rows.length - notes.length > MOST_TOTALS || notes.length > MOST_NOTES) return false
  return notes.every(({ row }) => watch.isNote(row))
}
