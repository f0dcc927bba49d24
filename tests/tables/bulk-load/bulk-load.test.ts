import { closeSync, openSync, truncateSync, writeSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { BulkLoad } from '../../../src/tables/bulk-load/bulk-load.ts'
import type { SqlValue } from '../../../src/tables/sql-columns.ts'
import { tempFolder } from '../../support/folder.ts'

/** A database with an empty table; its connection stays open while the rows are written beside it. */
function emptyTable(columns: string, { pageSize = 16_384 } = {}) {
  const db = new Database(path.join(tempFolder(), 'loaded.db'))
  onTestFinished(() => void db.close())
  db.pragma(`page_size = ${pageSize}`)
  db.pragma('journal_mode = MEMORY')
  db.exec(
    `CREATE TABLE loaded (n INTEGER PRIMARY KEY, ${columns}) STRICT; CREATE TABLE other (a TEXT, b INTEGER) STRICT`,
  )
  return db
}

function load(db: Database.Database, rows: readonly SqlValue[][], idOf = (at: number) => at + 1): void {
  const bulk = new BulkLoad(db)
  const table = bulk.table('loaded')
  for (const [at, row] of rows.entries()) table.add(idOf(at), [null, ...row])
  bulk.finish()
  bulk.close()
}

const isSound = (db: Database.Database) => db.pragma('integrity_check', { simple: true })
const loaded = (db: Database.Database) => db.prepare('SELECT * FROM loaded ORDER BY n').raw().all()

const TEXT = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary', maxLength: 200 }),
  // Around the lengths at which a text is encoded otherwise, or a record goes on elsewhere.
  fc.integer({ min: 60, max: 70 }).map((length) => 'é'.repeat(length)),
  fc.integer({ min: 450, max: 1100 }).map((length) => 'x'.repeat(length)),
  fc.integer({ min: 16_200, max: 40_000 }).map((length) => 'long'.repeat(length / 4)),
)
const INTEGER = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(0, 1, -1, 127, 128, -128, -129, 32767, 32768, -32768, -32769, 8388607, 8388608, -8388608, -8388609),
  fc.constantFrom(2147483647, 2147483648, -2147483648, -2147483649, 2 ** 47 - 1, 2 ** 47, -(2 ** 47), -(2 ** 47) - 1),
)
const REAL = fc.oneof(fc.double({ noNaN: true }), INTEGER)
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 6 })
const ROW = fc.tuple(nullable(TEXT), nullable(INTEGER), nullable(REAL), nullable(TEXT))

test('rows that are loaded are the rows that would have been inserted, whatever their values and the size of a page', () => {
  const sizes = fc.constantFrom(512, 1024, 4096, 16_384, 65_536)
  fc.assert(
    fc.property(fc.array(ROW, { maxLength: 60 }), sizes, (rows, pageSize) => {
      const columns = 'a TEXT, b INTEGER, c REAL, d TEXT'
      const db = emptyTable(columns, { pageSize })
      const inserted = emptyTable(columns, { pageSize })
      const insert = inserted.prepare('INSERT INTO loaded (a, b, c, d) VALUES (?, ?, ?, ?)')
      for (const row of rows) insert.run(...row)
      load(db, rows)
      expect(isSound(db)).toBe('ok')
      expect(loaded(db)).toEqual(loaded(inserted))
    }),
    { numRuns: 150 },
  )
})

/** Mostly so short that its type takes one byte of the header of its record. */
const SHORT_TEXT = fc.oneof(
  { weight: 40, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
  { weight: 1, arbitrary: fc.integer({ min: 55, max: 70 }).map((length) => 'x'.repeat(length)) },
)
const WIDE_TYPES = [
  { name: 'TEXT', values: nullable(SHORT_TEXT) },
  { name: 'INTEGER', values: nullable(INTEGER) },
  { name: 'REAL', values: nullable(REAL) },
] as const

test('rows of any number of columns are the rows that would have been inserted', () => {
  const ofWidth = (width: number) => {
    const types = Array.from({ length: width }, (_, at) => WIDE_TYPES[at % 3] ?? WIDE_TYPES[0])
    const row = fc.tuple<SqlValue[]>(...types.map(({ values }) => values))
    return fc.record({ types: fc.constant(types.map(({ name }) => name)), rows: fc.array(row, { maxLength: 8 }) })
  }
  // The header of a record tells its own length, in one byte up to 127: that is a row id and 125 empty columns.
  const widths = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 124, max: 127 }))
  fc.assert(
    fc.property(widths.chain(ofWidth), fc.constantFrom(512, 16_384), ({ types, rows }, pageSize) => {
      const columns = types.map((type, at) => `c${at} ${type}`).join(', ')
      const db = emptyTable(columns, { pageSize })
      const inserted = emptyTable(columns, { pageSize })
      const all = [types.map(() => null), ...rows]
      const insert = inserted.prepare(`INSERT INTO loaded VALUES (NULL${', ?'.repeat(types.length)})`)
      for (const row of all) insert.run(...row)
      load(db, all)
      expect(isSound(db)).toBe('ok')
      expect(loaded(db)).toEqual(loaded(inserted))
    }),
    { numRuns: 100 },
  )
})

test('a table has as many levels of pages as its rows need', () => {
  for (const count of [0, 1, 10, 500, 2_000, 60_000]) {
    const db = emptyTable('a TEXT', { pageSize: 512 })
    // Row ids with gaps, so that those in the upper pages are of every length.
    load(
      db,
      Array.from({ length: count }, (_, at) => [`text ${at}`]),
      (at) => 1 + at * 7919 ** 2,
    )
    expect(isSound(db), `${count} rows`).toBe('ok')
    expect(loaded(db)).toHaveLength(count)
    expect(
      db
        .prepare('SELECT count(*) FROM loaded WHERE a = ?')
        .pluck()
        .get(`text ${count - 1}`),
    ).toBe(count && 1)
    const last = db.prepare('SELECT a FROM loaded WHERE n = ?').pluck()
    expect(last.get(1 + (count - 1) * 7919 ** 2)).toBe(count === 0 ? undefined : `text ${count - 1}`)
  }
})

test('a loaded database goes on like any other: it is changed, indexed and loaded into another table', () => {
  const db = emptyTable('a TEXT, b INTEGER')
  const bulk = new BulkLoad(db)
  const [loading, other] = [bulk.table('loaded'), bulk.table('other')]
  for (let n = 1; n <= 20_000; n += 1) {
    loading.add(n, [null, `name ${n}`, n])
    if (n % 3 === 0) other.add(n, ['x'.repeat(n), n])
  }
  bulk.finish()
  bulk.close()
  db.exec(`CREATE INDEX by_name ON loaded (a); UPDATE loaded SET b = b + 1; DELETE FROM loaded WHERE n % 2 = 0;
    INSERT INTO loaded (a, b) VALUES ('new', 1)`)
  expect(isSound(db)).toBe('ok')
  expect(db.prepare('SELECT n, b FROM loaded WHERE a = ?').get('name 777')).toEqual({ n: 777, b: 778 })
  expect(db.prepare('SELECT max(n) FROM loaded').pluck().get()).toBe(20_000)
  expect(db.prepare('SELECT count(*), sum(length(a)) = sum(b) FROM other').raw().get()).toEqual([6666, 1])
})

test('what the connection knew of the empty table does not hide the rows', () => {
  const db = emptyTable('a TEXT')
  const count = db.prepare('SELECT count(*) FROM loaded').pluck()
  expect(count.get()).toBe(0)
  load(db, [['a'], ['b']])
  expect(count.get()).toBe(2)
})

test('the page that SQLite keeps for its locks, one gigabyte into the file, is left out', () => {
  const db = emptyTable('a TEXT', { pageSize: 65_536 })
  const before = 2 ** 30 / 65_536 - 3
  db.close()
  // Pages that nobody uses cost no room on the disk, and no time.
  truncateSync(db.name, before * 65_536)
  const pages = Buffer.alloc(4)
  pages.writeUInt32BE(before)
  const fd = openSync(db.name, 'r+')
  writeSync(fd, pages, 0, pages.length, 28)
  closeSync(fd)
  const large = new Database(db.name)
  onTestFinished(() => void large.close())
  expect(large.pragma('page_count', { simple: true })).toBe(before)
  const rows = Array.from({ length: 400 }, (_, at) => [`${at} `.repeat(1_000)])
  load(large, rows)
  expect(loaded(large).map((row) => (row as SqlValue[])[1])).toEqual(rows.flat())
  const complaints = (large.pragma('integrity_check(1000000)') as { integrity_check: string }[]).map(
    ({ integrity_check: line }) => line,
  )
  expect(complaints.filter((line) => !/never used/.test(line))).toEqual([])
})
