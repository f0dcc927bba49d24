import { cellText } from '../columns/cell-text.ts'
import { compileCheck } from '../columns/check-cell.ts'
import { isMisfit, type Misfit } from '../columns/checked.ts'
import { type Column, keyColumns, type TemplateShape, type Value } from '../columns/column.ts'
import { type Cell, columnLetters, type Row } from '../spreadsheets/cell.ts'
import type { FoundTable } from './find-table.ts'
import type { StagedProblem } from './staging-writer.ts'

/** A row as checked. `values` are in the order of the table's columns; what fails its check is null there. */
export type CheckedRow = { recordId: number | null; values: Value[]; problems: Omit<StagedProblem, 'n'>[] }

type Check = ReturnType<typeof compileCheck>
type CheckedColumn = { index: number; column: Column; check: Check; checkWithId: Check }

/** Stands for an id that can't be read; no record ever has it. */
const UNREADABLE_ID = -1

/**
 * Compiles the check of a whole row; `undefined` for one that is empty in every column that is read. The key must be
 * filled, except where the row says by its record id which record it is: whether that is known, the comparison tells.
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
    if (columns.every(({ index }) => isBlank(row.cells[index]))) return undefined
    const recordId = table.recordIdIndex === null ? null : readRecordId(row.cells[table.recordIdIndex])
    const checked: CheckedRow = { recordId, values: [], problems: [] }
    for (const { index, column, check, checkWithId } of columns) {
      const value = recordId === null ? check(row.cells[index]) : checkWithId(row.cells[index])
      if (isMisfit(value)) checked.problems.push(problem(row, { index, column }, value))
      checked.values.push(isMisfit(value) ? null : value)
    }
    if (recordId !== null) return checked
    for (const { column, check } of absentKey) {
      const value = check(null)
      if (isMisfit(value)) checked.problems.push(problem(row, { index: null, column }, value))
    }
    return checked
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
): CheckedRow['problems'][number] {
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
