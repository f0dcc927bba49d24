import type { Database } from 'better-sqlite3'
import { type Column, keyColumns, type Mode, type TemplateShape } from '../columns/column.ts'
import { columnLetters } from '../spreadsheets/cell.ts'
import { readStaged } from './read-and-check.ts'
import { stagingMeta } from './staging.ts'

/** What every step of a comparison works with: the staging file with the table attached as `t`. */
export type Comparing = {
  staging: Database
  shape: TemplateShape
  mode: Mode
  rows: number
  /** How many of them were refused when they were read. */
  bad: number
  /** The columns that the file has; no others are compared or written. */
  columns: Column[]
  key: Column[]
  /** Whether rows can be matched by key: there is one, and the file has all of it. */
  keyInFile: boolean
  /** Whether rows of the file carry record ids. */
  hasIds: boolean
  /** Whether rows say by a record id which record they are. */
  byId: boolean
  tableIsEmpty: boolean
  /** "F" for the column of the file in which a column of the template is; null when it has none. */
  lettersOf(column: Column): string | null
}

export function startComparing(staging: Database, shape: TemplateShape, mode: Mode): Comparing {
  const { rows, bad, details } = readStaged(staging)
  const present: string[] = JSON.parse(stagingMeta(staging, 'columns') ?? '[]')
  const columns = shape.columns.filter(({ id }) => present.includes(id))
  const key = keyColumns(shape)
  const indexOf = new Map(details.headers.map(({ index, columnId }) => [columnId, index]))
  const hasIds = stagingMeta(staging, 'has_ids') === '1'
  return {
    staging,
    shape,
    mode,
    rows,
    bad,
    columns,
    key,
    keyInFile: key.length > 0 && key.every(({ id }) => present.includes(id)),
    hasIds,
    // In a file of which every row is new, an id can only be left over from where the rows were copied.
    byId: hasIds && mode !== 'add',
    tableIsEmpty: staging.prepare('SELECT 1 FROM t.records').get() === undefined,
    lettersOf: ({ id }) => {
      const index = indexOf.get(id)
      return index === undefined ? null : columnLetters(index)
    },
  }
}

/** Calls `work` for consecutive ranges (from, to] of row numbers within the staging. */
export function inSlices(rows: number, size: number, work: (from: number, to: number) => void): void {
  for (let from = 0; from < rows; from += size) work(from, Math.min(rows, from + size))
}
