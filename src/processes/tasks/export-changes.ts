import type { Database } from 'better-sqlite3'
import { decimalSign, type TemplateShape, type Value } from '../../columns/column.ts'
import type { OutColumn } from '../../spreadsheets/out-sheet.ts'
import { CHANGE_KINDS, type ChangeKind, iterateJobChanges, type RecordDiff } from '../../tables/job-changes.ts'
import { type EntryKind, findLedgerEntry } from '../../tables/ledger.ts'

/** What the writers are given of an export of changes; `total` is how many rows there will be. */
export type ChangesSheet = { columns: OutColumn[]; rows: Iterable<Value[]>; total: number }

const DONE: Record<ChangeKind, string> = { created: 'created', updated: 'changed', deleted: 'deleted' }
const PUT_BACK: Record<ChangeKind, string> = { created: 'brought back', updated: 'put back', deleted: 'removed' }
const WORDS: Record<EntryKind, typeof DONE> = { import: DONE, edit: DONE, undo: PUT_BACK }

/** One row for each record that a job wrote: what was done, in which columns, and every value on both sides. */
export function changesSheet(db: Database, shape: TemplateShape, jobId: string): ChangesSheet {
  const entry = findLedgerEntry(db, jobId)
  const columns: OutColumn[] = [
    { id: null, header: 'Change', type: 'text', width: 14 },
    { id: null, header: 'Record', type: 'integer' },
    { id: null, header: 'Changed columns', type: 'text', width: 30 },
    ...shape.columns.flatMap((column) =>
      ['before', 'after'].map((side) => ({
        id: null,
        header: `${column.name} ${side}`,
        type: column.type,
        decimal: decimalSign(column),
      })),
    ),
  ]
  if (entry === undefined) return { columns, rows: [], total: 0 }
  const { created, updated, deleted } = entry.counts
  return {
    columns,
    rows: changeRows(db, shape, { jobId, words: WORDS[entry.kind] }),
    total: created + updated + deleted,
  }
}

function* changeRows(
  db: Database,
  shape: TemplateShape,
  { jobId, words }: { jobId: string; words: Record<ChangeKind, string> },
): Generator<Value[]> {
  for (const kind of CHANGE_KINDS) {
    for (const diff of iterateJobChanges(db, shape, { jobId, kind, limit: -1, after: 0 })) {
      yield [words[kind], diff.recordId, changedNames(shape, diff), ...bothSides(shape, diff)]
    }
  }
}

function changedNames({ columns }: TemplateShape, { before, after }: RecordDiff): string | null {
  if (before === null || after === null) return null
  return columns
    .filter(({ id }) => before[id] !== after[id])
    .map(({ name }) => name)
    .join(', ')
}

function bothSides({ columns }: TemplateShape, { before, after }: RecordDiff): Value[] {
  return columns.flatMap(({ id }) => [before?.[id] ?? null, after?.[id] ?? null])
}
