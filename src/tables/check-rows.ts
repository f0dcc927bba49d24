import { cellText } from '../columns/cell-text.ts'
import { compileCheck } from '../columns/check-cell.ts'
import { isMisfit, type Misfit } from '../columns/checked.ts'
import { type Column, keyColumns, type TemplateShape, type Value } from '../columns/column.ts'
import { type Cell, columnLetters, type Row } from '../spreadsheets/cell.ts'
import type { FoundTable } from './find-table.ts'
import type { StagedProblem } from './staging-writer.ts'

/** A row as checked. `values` are in the order of the table's columns; what fails its check is null there. */
export type CheckedRow = { recordId: number | null; values: Value[]; problems: readonly RowProblem[] }
type RowProblem = Omit<StagedProblem, 'n'>

/** Nearly every row has none, and is to allocate nothing for them. */
const NO_PROBLEMS: readonly RowProblem[] = []

type Check = ReturnType<typeof compileCheck>
type CheckedColumn = { index: number; column: Column; check: Check; checkWithId: Check }

/** Stands for an id that can't be read; no record ever has it. */
const UNREADABLE_ID = -1

/**
 * Compiles the check of a whole row; `undefined` for one that is empty in every column that is read and is no record's.
 * The key must be filled, except where the row says by its record id which record it is: whether that is known, the
 * comparison tells.
 */
export function compileRowCheck(table: FoundTable, shape: TemplateShape): (row: Row) => CheckedRow | undefined {
  const key = new Set(keyColumns(shape))
  const columns: CheckedColumn[] = table.columns.map(({ index, column }) => {
    const checkWithId = compileCheck(column)
    return { index, column, check: key.has(column) ? compileFilledCheck(column) : checkWithId, checkWithId }
  })
  const present = new Set(table.columns.map(({ column }) => column))
  const absentKey = keyColumns(shape)
    .filter((column) => !present.has(column))
    .map((column) => ({ column, check: compileFilledCheck(column) }))
  return (row) => {
    const { cells } = row
    const recordId = table.recordIdIndex === null ? null : readRecordId(cells[table.recordIdIndex])
    // Who empties a record still means that record, and must not have it taken for one that is gone from the file.
    const isRecord = recordId !== null && recordId !== UNREADABLE_ID
    if (!isRecord && columns.every(({ index }) => isBlank(cells[index]))) return undefined
    const values: Value[] = new Array(columns.length).fill(null)
    let problems = NO_PROBLEMS
    for (let at = 0; at < columns.length; at += 1) {
      const each = columns[at]
      if (each === undefined) continue
      const value = (recordId === null ? each.check : each.checkWithId)(cells[each.index])
      if (isMisfit(value)) problems = [...problems, problem(row, each, value)]
      else values[at] = value
    }
    if (recordId !== null) return { recordId, values, problems }
    for (const { column, check } of absentKey) {
      const value = check(null)
      if (isMisfit(value)) problems = [...problems, problem(row, { index: null, column }, value)]
    }
    return { recordId, values, problems }
  }
}

/** The check of a column that must be filled whatever the template says of it. */
export function compileFilledCheck(column: Column): Check {
  return compileCheck({ ...column, required: true })
}

function problem(
  row: Row,
  { index, column }: { index: number | null; column: Column },
  { code, message, value }: Misfit,
): RowProblem {
  const cell = index === null ? null : `${columnLetters(index)}${row.number}`
  return { row: row.number, cell, columnId: column.id, code, message, value }
}

function isBlank(cell: Cell | undefined): boolean {
  return cell === null || cell === undefined || (typeof cell === 'string' && cell.trim() === '')
}

/** The id of a record as we export it; null where there is none, so the row stands for itself. */
function readRecordId(cell: Cell | undefined): number | null {
  const text = cellText(cell).trim()
  if (text === '') return null
  return /^\d{1,15}$/.test(text) ? Number(text) : UNREADABLE_ID
}
