import type { Database } from 'better-sqlite3'
import type { Column, TemplateShape } from '../columns/column.ts'
import { lastCompared } from './compare.ts'
import { withAttached } from './connection.ts'
import type { ChangeKind, ChangesPage, RecordDiff } from './job-changes.ts'
import { dataVersion } from './ledger.ts'
import { commaNames, type SqlValue, sqlName } from './sql-columns.ts'
import { type StagedSheet, stagedSheets } from './staged-sheets.ts'
import { STATE, stagingMeta } from './staging.ts'
import { readValues } from './stored-record.ts'

/** `current` is false when the table has changed since the comparison, so that the import will compare again. */
export type PlannedChanges = { items: RecordDiff[]; current: boolean }

/** What an import in review would do to the records, of one kind: the new ones in the order of the file. */
export function listPlannedChanges(
  { staging, table }: { staging: Database; table: Database },
  shape: TemplateShape,
  { kind, limit, after }: ChangesPage,
): PlannedChanges {
  return withAttached(staging, 't', table, () => {
    const columns = columnsOfFile(staging, shape)
    const rows = staging.prepare<[object], SqlValue[]>(plannedSql(shape, columns)[kind]).raw().all({ limit, after })
    const sheets = stagedSheets(staging)
    const current = lastCompared(staging)?.dataVersion === dataVersion(staging, 't')
    return {
      items: rows.map((row) => ({ ...readPlanned(row, shape, kind), sheet: sheetOfRow(sheets, row, kind) })),
      current,
    }
  })
}

/** Columns that the file does not have are not compared, and stay as they are. */
function columnsOfFile(staging: Database, shape: TemplateShape): ReadonlySet<Column> {
  const present: string[] = JSON.parse(stagingMeta(staging, 'columns') ?? '[]')
  return new Set(shape.columns.filter(({ id }) => present.includes(id)))
}

function plannedSql({ columns }: TemplateShape, inFile: ReadonlySet<Column>): Record<ChangeKind, string> {
  const stored = commaNames(columns, 'q.')
  const nothing = columns.map(() => ', NULL').join('')
  const planned = (otherwise: (column: Column) => string) =>
    columns.map((column) => `, ${inFile.has(column) ? `n.${sqlName(column.id)}` : otherwise(column)}`).join('')
  const page = (order: string) => `${order} > :after ORDER BY ${order} LIMIT :limit`
  return {
    created: `SELECT m.n, NULL, n.row${nothing}${planned(() => 'NULL')}
      FROM matches m CROSS JOIN rows n ON n.n = m.n WHERE m.state = ${STATE.new} AND ${page('m.n')}`,
    updated: `SELECT m.n, q.id, n.row${stored}${planned(({ id }) => `q.${sqlName(id)}`)}
      FROM matches m CROSS JOIN rows n ON n.n = m.n CROSS JOIN t.records q ON q.id = m.record
      WHERE m.state = ${STATE.changed} AND ${page('m.n')}`,
    deleted: `SELECT d.record, q.id, NULL${stored}${nothing}
      FROM deletions d CROSS JOIN t.records q ON q.id = d.record WHERE ${page('d.record')}`,
  }
}

/** Among several sheets a row is only known together with its own. */
function sheetOfRow(sheets: StagedSheet[], [at]: SqlValue[], kind: ChangeKind): string | null {
  if (sheets.length < 2 || kind === 'deleted') return null
  return sheets.find(({ last }) => last >= Number(at))?.name ?? null
}

const FIXED = 3

function readPlanned(row: SqlValue[], { columns }: TemplateShape, kind: ChangeKind): Omit<RecordDiff, 'sheet'> {
  const [at, recordId, line] = row
  return {
    at: Number(at),
    recordId: typeof recordId === 'number' ? recordId : null,
    row: typeof line === 'number' ? line : null,
    before: kind === 'created' ? null : readValues(row, columns, FIXED),
    after: kind === 'deleted' ? null : readValues(row, columns, FIXED + columns.length),
  }
}
