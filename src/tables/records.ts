import type { Database } from 'better-sqlite3'
import type { TemplateShape, Values } from '../columns/column.ts'
import { saveImages } from './history.ts'
import { closeEntry, insertEntry, sizeOf, type TableSize } from './ledger.ts'
import { NO_COUNTS } from './progress.ts'
import { type FieldRefusal, refuseRecord } from './record-rules.ts'
import { type SqlValue, sqlName, toSql } from './sql-columns.ts'
import { type StoredRecord, selectRecords } from './stored-record.ts'

export type { RecordChange } from './record-history.ts'
export type { StoredRecord } from './stored-record.ts'

/**
 * What became of a change by hand, and the size of the table afterwards. `absent`: the record to change is no longer
 * there.
 */
export type RecordEdit = { ok: StoredRecord; size: TableSize } | { refused: FieldRefusal[] } | { absent: true }
export type RecordDeletion = { size: TableSize } | { absent: true }

export function findRecord(db: Database, shape: TemplateShape, id: number): StoredRecord | undefined {
  return selectRecords(db, shape, [id])[0]
}

/**
 * Adds a record by hand. `values` are clean values by column id (see columns/parse-value.ts); a column that is not named
 * stays empty. Refused when a required or key column is empty or a value that must be unique is taken.
 */
export function insertRecord(
  db: Database,
  shape: TemplateShape,
  { values, actor }: { values: Values; actor: string },
): RecordEdit {
  return db
    .transaction((): RecordEdit => {
      const given = new Set(shape.columns.map(({ id }) => id))
      const refused = refuseRecord(db, shape, { id: null, values, given })
      if (refused.length > 0) return { refused }
      const at = new Date().toISOString()
      const entry = insertEntry(db, { kind: 'edit', actor, at })
      const names = shape.columns.map((column) => `, ${sqlName(column.id)}`).join('')
      const places = shape.columns.map(() => ', ?').join('')
      const { lastInsertRowid } = db
        .prepare<SqlValue[]>(
          `INSERT INTO records (entry, created, created_at, updated_at${names}) VALUES (?, ?, ?, ?${places})`,
        )
        .run(entry, entry, at, at, ...shape.columns.map((column) => toSql(values[column.id] ?? null)))
      closeEntry(db, entry, { ...NO_COUNTS, created: 1 })
      return { ok: written(db, shape, Number(lastInsertRowid)), size: sizeOf(db) }
    })
    .immediate()
}

/** Changes the named columns of a record and no others; null empties one. What changes nothing leaves no trace. */
export function updateRecord(
  db: Database,
  shape: TemplateShape,
  { id, values, actor }: { id: number; values: Values; actor: string },
): RecordEdit {
  return db
    .transaction((): RecordEdit => {
      const before = findRecord(db, shape, id)
      if (before === undefined) return { absent: true }
      const changed = shape.columns.filter(
        (column) => (values[column.id] ?? null) !== before.values[column.id] && column.id in values,
      )
      if (changed.length === 0) return { ok: before, size: sizeOf(db) }
      const given = new Set(changed.map((column) => column.id))
      const refused = refuseRecord(db, shape, { id, values: { ...before.values, ...values }, given })
      if (refused.length > 0) return { refused }
      const at = new Date().toISOString()
      const entry = insertEntry(db, { kind: 'edit', actor, at })
      db.prepare(`${saveImages(shape, 'update')} FROM records r WHERE r.id = :id`).run({ entry, id })
      const set = changed.map((column) => `, ${sqlName(column.id)} = ?`).join('')
      db.prepare<SqlValue[]>(`UPDATE records SET entry = ?, updated_at = ?${set} WHERE id = ?`).run(
        entry,
        at,
        ...changed.map((column) => toSql(values[column.id] ?? null)),
        id,
      )
      closeEntry(db, entry, { ...NO_COUNTS, updated: 1 })
      return { ok: written(db, shape, id), size: sizeOf(db) }
    })
    .immediate()
}

/** Deletes a record by hand. */
export function deleteRecord(
  db: Database,
  shape: TemplateShape,
  { id, actor }: { id: number; actor: string },
): RecordDeletion {
  return db
    .transaction((): RecordDeletion => {
      if (db.prepare('SELECT 1 FROM records WHERE id = ?').get(id) === undefined) return { absent: true }
      const entry = insertEntry(db, { kind: 'edit', actor, at: new Date().toISOString() })
      db.prepare(`${saveImages(shape, 'delete')} FROM records r WHERE r.id = :id`).run({ entry, id })
      db.prepare('DELETE FROM records WHERE id = ?').run(id)
      closeEntry(db, entry, { ...NO_COUNTS, deleted: 1 })
      return { size: sizeOf(db) }
    })
    .immediate()
}

function written(db: Database, shape: TemplateShape, id: number): StoredRecord {
  const record = findRecord(db, shape, id)
  if (record === undefined) throw new Error(`record ${id} was written and is not there`)
  return record
}
