import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Database } from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import type { Column, ColumnType, Mode, TemplateShape, Values } from '../../src/columns/column.ts'
import { openSpreadsheet } from '../../src/spreadsheets/open.ts'
import { applyImport } from '../../src/tables/apply.ts'
import { type Comparison, compare } from '../../src/tables/compare.ts'
import { listRecords } from '../../src/tables/list-records.ts'
import { openTable } from '../../src/tables/open-table.ts'
import { readAndCheck } from '../../src/tables/read-and-check.ts'
import type { ReadResult, ReadSummary } from '../../src/tables/read-result.ts'
import { AS_FOUND, type Reading } from '../../src/tables/reading.ts'
import { openStaging } from '../../src/tables/staging.ts'
import type { StoredRecord } from '../../src/tables/stored-record.ts'

export function column(id: string, type: ColumnType, rules: Partial<Column> = {}): Column {
  const name = rules.name ?? id.slice(1)
  return {
    id,
    type,
    required: false,
    unique: false,
    key: false,
    aliases: [],
    choices: [],
    min: null,
    max: null,
    pattern: null,
    dateOrder: null,
    decimal: 'point',
    ...rules,
    name,
  }
}

export const SKU = column('csku0000', 'text', { name: 'SKU', key: true, required: true })
export const NAME = column('cname000', 'text', { name: 'Name' })
export const PRICE = column('cprice00', 'number', { name: 'Price' })
export const EMAIL = column('cemail00', 'email', { name: 'E-mail', unique: true })

export function shapeOf(columns: Column[], more: Partial<TemplateShape> = {}): TemplateShape {
  return { id: 'items', name: 'Items', version: 1, columns, groupColumnId: null, ...more }
}

export const ITEMS = shapeOf([SKU, NAME, PRICE])

/** Opens a table that is closed when the test is over. */
export function tableIn(folder: string, shape: TemplateShape): Database {
  const table = openTable(path.join(folder, 'table.db'), shape)
  onTestFinished(() => void table.close())
  return table
}

let files = 0

export type Staged = { staging: Database; file: string; result: ReadResult }
type Asked = Partial<Reading>

/** Writes the text as a CSV file and reads it into a staging file of its own. */
export async function stageText(
  folder: string,
  shape: TemplateShape,
  text: string,
  asked: Asked = {},
): Promise<Staged> {
  const file = path.join(folder, `file${++files}.csv`)
  writeFileSync(file, text)
  return stageFile(folder, shape, file, asked)
}

export async function stageFile(
  folder: string,
  shape: TemplateShape,
  file: string,
  asked: Asked = {},
): Promise<Staged> {
  const reading = { ...AS_FOUND, ...asked }
  const { staging } = openStaging(path.join(folder, `staging${++files}.db`), { sha256: file, shape, reading })
  onTestFinished(() => void staging.close())
  const spreadsheet = await openSpreadsheet(file)
  try {
    return { staging, file, result: await readAndCheck({ spreadsheet, shape, staging, reading }) }
  } finally {
    spreadsheet.close()
  }
}

/** The summary of a file that could be read. */
export function read({ result }: Staged): ReadSummary {
  if ('failed' in result) throw new Error(result.failed.message)
  return result.read
}

export type Imported = Comparison & { staging: Database; jobId: string }

type Importing = { folder: string; shape: TemplateShape; mode?: Mode }

/** Imports a CSV text from beginning to end, whatever its problems; only good rows go in. */
export async function importText(table: Database, { text, ...importing }: Importing & { text: string }) {
  return importStaged(table, await stageText(importing.folder, importing.shape, text), importing)
}

/** The same for a file. */
export async function importFile(table: Database, { file, ...importing }: Importing & { file: string }) {
  return importStaged(table, await stageFile(importing.folder, importing.shape, file), importing)
}

export function importStaged(
  table: Database,
  staged: Staged,
  { shape, mode = 'update' }: Omit<Importing, 'folder'>,
): Imported {
  read(staged)
  const comparison = compare({ staging: staged.staging, table, shape, mode })
  const jobId = `job${++files}`
  const applied = applyStaged(table, { shape, mode, jobId, staging: staged.staging, plan: comparison.plan })
  if ('changed' in applied) throw new Error('nobody else wrote')
  return { ...comparison, counts: applied.counts, staging: staged.staging, jobId }
}

export function applyStaged(
  table: Database,
  options: { shape: TemplateShape; mode: Mode; jobId: string; staging: Database; plan: string },
) {
  return applyImport({ table, file: 'items.csv', actor: 'Ann', ...options })
}

export function allRecords(table: Database, shape: TemplateShape): StoredRecord[] {
  return listRecords(table, shape, { q: '', columns: {}, sort: null, descending: false, limit: 10_000 }).items
}

/** The values of all records in order, each as a list in the order of the columns. */
export function rowsOf(table: Database, shape: TemplateShape): Values[string][][] {
  return allRecords(table, shape).map(({ values }) => shape.columns.map(({ id }) => values[id] ?? null))
}

/** Every record with all that belongs to it, as it lies in the file. */
export function dump(table: Database): unknown[] {
  return table.prepare('SELECT * FROM records ORDER BY id').all()
}
