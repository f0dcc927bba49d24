import { existsSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import type { TemplateShape } from '../../columns/column.ts'
import { listRecords, type RecordPage } from '../../tables/list-records.ts'
import { openTable, openTableReadonly } from '../../tables/open-table.ts'
import { recordHistory } from '../../tables/record-history.ts'
import {
  deleteRecord,
  findRecord,
  insertRecord,
  type RecordChange,
  type RecordDeletion,
  type RecordEdit,
  type StoredRecord,
  updateRecord,
} from '../../tables/records.ts'
import { createSortIndex } from '../../tables/sort-index.ts'
import { planTableChange, type TableChange } from '../../tables/table-schema.ts'
import type { Task } from '../protocol.ts'
import { openTableForReading } from './read-table.ts'

/** The questions that pages ask about a table. Each opens the file for itself: no lock outlives its answer. */

export function syncTableFile({ table, shape }: Task<'table.sync'>): null {
  openTable(table, shape).close()
  return null
}

/** `shape` is what the template may become, so the table stays as it is; one that was never made has nothing to lose. */
export function planTable({ table, shape }: Task<'table.plan'>): TableChange {
  if (!existsSync(table)) return { dropped: [], misfits: [], duplicateKeys: 0, duplicates: [] }
  return closing(openTableReadonly(table), (db) => planTableChange(db, shape))
}

export function indexTable({ table, shape, columnId }: Task<'table.index'>): null {
  const column = shape.columns.find(({ id }) => id === columnId)
  if (column !== undefined) writing({ table, shape }, (db) => createSortIndex(db, column))
  return null
}

export function listTableRecords({ table, shape, query }: Task<'records.list'>): RecordPage {
  return reading({ table, shape }, (db) => listRecords(db, shape, query))
}

export function findTableRecord({ table, shape, id }: Task<'records.find'>): StoredRecord | null {
  return reading({ table, shape }, (db) => findRecord(db, shape, id) ?? null)
}

export function listRecordChanges({ table, shape, ...range }: Task<'records.history'>): RecordChange[] {
  return reading({ table, shape }, (db) => recordHistory(db, shape, range))
}

export function insertTableRecord({ table, shape, values, actor }: Task<'records.insert'>): RecordEdit {
  return writing({ table, shape }, (db) => insertRecord(db, shape, { values, actor }))
}

export function updateTableRecord({ table, shape, id, values, actor }: Task<'records.update'>): RecordEdit {
  return writing({ table, shape }, (db) => updateRecord(db, shape, { id, values, actor }))
}

export function deleteTableRecord({ table, shape, id, actor }: Task<'records.delete'>): RecordDeletion {
  return writing({ table, shape }, (db) => deleteRecord(db, shape, { id, actor }))
}

type Table = { table: string; shape: TemplateShape }

function reading<Result>({ table, shape }: Table, work: (db: Database) => Result): Result {
  return closing(openTableForReading(table, shape), work)
}

function writing<Result>({ table, shape }: Table, work: (db: Database) => Result): Result {
  return closing(openTable(table, shape), work)
}

function closing<Result>(db: Database, work: (db: Database) => Result): Result {
  try {
    return work(db)
  } finally {
    db.close()
  }
}
