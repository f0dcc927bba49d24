import Database from 'better-sqlite3'
import { checkItem } from './check-item.mjs'

/** The script that people write: read, check, and upsert row by row in one transaction. Refused rows are only counted. */

const COLUMNS = [
  'sku',
  'name',
  'description',
  'category',
  'price',
  'quantity',
  'active',
  'created',
  'updated',
  'supplier',
]

const TABLE_SQL = `CREATE TABLE IF NOT EXISTS items (
  id INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE, name TEXT NOT NULL, description TEXT, category TEXT, price REAL,
  quantity INTEGER, active INTEGER, created TEXT, updated TEXT, supplier TEXT) STRICT`

const UPSERT_SQL = `INSERT INTO items (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
  ON CONFLICT (sku) DO UPDATE SET ${COLUMNS.slice(1)
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}`

/** @param {{ read: Function, file: string, table: string }} input `read` is the reader of one of the peers. */
export async function importItems({ read, file, table }) {
  const db = new Database(table)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  db.exec(TABLE_SQL)
  const upsert = db.prepare(UPSERT_SQL)
  let rows = 0
  let refused = 0
  db.exec('BEGIN')
  await read({
    file,
    onRow: (cells) => {
      rows += 1
      if (rows === 1) return
      const item = checkItem(cells)
      if (item === undefined) refused += 1
      else upsert.run(item)
    },
  })
  db.exec('COMMIT')
  db.close()
  return { refused }
}
