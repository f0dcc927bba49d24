import type { Database } from 'better-sqlite3'
import type { Column, TemplateShape } from '../columns/column.ts'
import { compiledOnce } from './connection.ts'
import { LEDGER_SQL } from './ledger.ts'
import { columnDefinition } from './sql-columns.ts'

/** "SHPT": tells any SQLite tool, and us, whose file this is. */
const APPLICATION_ID = 0x53485054
/** Grows when the fixed tables of the file change. */
const SCHEMA = 1

/**
 * Where a record stands and comes from.
 *
 * `entry` names the state of the record by the ledger entry that brought it about: equal `entry` means equal row. An
 * undo restores the earlier row with its earlier `entry`; that is what makes undo of undo, and undo out of order, exact.
 * `created` is the entry that created the record, so that a first import of a million rows needs no history.
 * `source`, `sheet` and `row` say which import wrote it last; null when it was only ever written by hand.
 */
const PROVENANCE = `
  created INTEGER,
  source INTEGER,
  sheet TEXT,
  row INTEGER,
  created_at TEXT,
  updated_at TEXT`

function tablesSql(columns: string): string {
  return `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE records (id INTEGER PRIMARY KEY AUTOINCREMENT, entry INTEGER NOT NULL, ${PROVENANCE}${columns}) STRICT;
  ${LEDGER_SQL}
  -- What a record was before an entry overwrote, deleted or, by undoing, created it. before_entry and after_entry are
  -- the states of the record on both sides; 0 is "was never there". A record that an import or a person created has no
  -- row here: records.created says it.
  CREATE TABLE history (
    entry INTEGER NOT NULL,
    record_id INTEGER NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('create', 'update', 'delete')),
    before_entry INTEGER NOT NULL,
    after_entry INTEGER NOT NULL, ${PROVENANCE}${columns},
    PRIMARY KEY (entry, record_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX history_record ON history (record_id, entry);
  -- What an undo left alone, and why.
  CREATE TABLE kept (
    entry INTEGER NOT NULL,
    record_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (entry, record_id)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO meta VALUES ('data_version', '0'), ('version', '0');`
}

/** The columns as the file has them. */
export function storedColumns(db: Database): Column[] {
  return JSON.parse(readMeta(db, 'columns') ?? '[]')
}

export function isCreated(db: Database): boolean {
  return compiledOnce<[]>(db, `SELECT 1 FROM sqlite_schema WHERE name = 'meta'`).get() !== undefined
}

export function refuseForeign(db: Database, shape: TemplateShape): void {
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID)
    throw new Error(`${db.name} is not a table file`)
  const schema = db.pragma('user_version', { simple: true })
  if (schema !== SCHEMA) throw new Error(`${db.name} has schema ${schema}, this program knows ${SCHEMA}`)
  const template = readMeta(db, 'template')
  if (template !== shape.id) throw new Error(`${db.name} belongs to template ${template}, not to ${shape.id}`)
  const version = Number(readMeta(db, 'version'))
  // Going back would drop the columns that the later version added, with their values.
  if (version > shape.version) throw new Error(`${db.name} is at version ${version}, later than ${shape.version}`)
}

export function createTables(db: Database, shape: TemplateShape): void {
  const tables = db.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck().get()
  if (tables !== 0) throw new Error(`${db.name} is not a table file`)
  db.pragma(`application_id = ${APPLICATION_ID}`)
  db.pragma(`user_version = ${SCHEMA}`)
  db.exec(tablesSql(shape.columns.map((column) => `, ${columnDefinition(column)}`).join('')))
  setMeta(db, 'template', shape.id)
  setMeta(db, 'columns', JSON.stringify(shape.columns))
}

export function readMeta(db: Database, key: string): string | undefined {
  return compiledOnce<[string], string>(db, 'SELECT value FROM meta WHERE key = ?').pluck().get(key)
}

export function setMeta(db: Database, key: string, value: string): void {
  db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(key, value)
}
