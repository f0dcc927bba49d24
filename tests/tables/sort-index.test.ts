import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { applyImport } from '../../src/tables/apply.ts'
import { compare } from '../../src/tables/compare.ts'
import { listRecords, type RecordQuery } from '../../src/tables/list-records.ts'
import { createSortIndex } from '../../src/tables/sort-index.ts'
import { syncTable } from '../../src/tables/table-schema.ts'
import { undoImport } from '../../src/tables/undo.ts'
import { tempFolder } from '../support/folder.ts'
import { column, ITEMS, importText, NAME, PRICE, SKU, shapeOf, stageText, tableIn } from './imports.ts'

const ALL: RecordQuery = { q: '', columns: {}, sort: null, descending: false, limit: 25 }

const COUNTED = column('ccounted', 'date', { name: 'Counted', key: true })
const BY_DAY = shapeOf([COUNTED, NAME])

/** A table with so many records, in an order that is not the one of any column. */
function aTable(records: number, shape = ITEMS) {
  const table = tableIn(tempFolder(), shape)
  const [first, ...others] = shape.columns.map(({ id }) => id)
  const key = first === SKU.id ? `printf('%07d', n * 7919 % ${records})` : `date(n * 7919 % ${records}, 'unixepoch')`
  const values = { [NAME.id]: `char(65 + n % 58) || (n % 1000)`, [PRICE.id]: 'n % 997 + 0.5' }
  table.exec(`WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${records})
    INSERT INTO records (entry, created, created_at, updated_at, ${[first, ...others].join(', ')})
    SELECT 1, 1, '', '', ${[key, ...others.map((id) => values[id])].join(', ')} FROM numbers`)
  return table
}

function indexes(table: Database.Database): string[] {
  return table
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE name GLOB 'sort_*' ORDER BY rowid`)
    .pluck()
    .all()
}

/** How SQLite finds the page and counts, for the very statements that listing runs. */
function plans(file: string, query: RecordQuery): { counted: string; found: string } {
  const statements: string[] = []
  const db = new Database(file, { readonly: true, verbose: (sql) => statements.push(String(sql)) })
  listRecords(db, ITEMS, query)
  const plan = (sign: string) =>
    db
      .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${statements.findLast((sql) => sql.includes(sign))}`)
      .all()
      .map(({ detail }) => detail)
      .join('; ')
  const found = { counted: plan('SELECT count'), found: plan('OFFSET') }
  db.close()
  return found
}

const LARGE = 200_000

test('a large table that is sorted or filtered by a column wishes for an index, and pages are then found by it', () => {
  const table = aTable(LARGE)
  const queries: Partial<RecordQuery>[] = [
    { sort: SKU.id },
    { sort: NAME.id, descending: true, offset: 1000 },
    { sort: PRICE.id, offset: LARGE - 30 },
    { columns: { [NAME.id]: 'b7*' } },
    { columns: { [NAME.id]: '=B7' } },
    { columns: { [PRICE.id]: '>900' } },
    { columns: { [PRICE.id]: '500.5' }, sort: NAME.id },
  ]
  const before = queries.map((query) => listRecords(table, ITEMS, { ...ALL, ...query }))
  expect(before.map(({ wantsIndex }) => wantsIndex)).toEqual(
    [SKU, NAME, PRICE, NAME, NAME, PRICE, NAME].map(({ id }) => id),
  )
  expect(before.every(({ total }) => total > 0)).toBe(true)
  expect(plans(table.name, { ...ALL, sort: SKU.id }).found).toContain('TEMP B-TREE')
  for (const each of [SKU, NAME, PRICE]) createSortIndex(table, each)
  const after = queries.map((query) => listRecords(table, ITEMS, { ...ALL, ...query }))
  expect(after).toEqual(before.map((page) => ({ ...page, wantsIndex: null })))
  const found = queries.map((query) => plans(table.name, { ...ALL, ...query }))
  for (const { found: page } of found.slice(0, 3)) expect(page).toBe(page.replace('TEMP B-TREE', ''))
  for (const { counted } of found.slice(3)) expect(counted).toMatch(/SEARCH r USING COVERING INDEX sort_/)
})

test('an index is not wished for where none is needed', () => {
  const table = aTable(LARGE)
  const wish = (query: Partial<RecordQuery>) => listRecords(table, ITEMS, { ...ALL, ...query }).wantsIndex
  expect(wish({ sort: SKU.id })).toBe(SKU.id)
  expect(wish({})).toBeNull()
  expect(wish({ columns: { [SKU.id]: '=0000007' } })).toBeNull()
  expect(wish({ columns: { [NAME.id]: 'b7' }, q: 'x' })).toBeNull()
  table.exec('DELETE FROM records WHERE id = 7')
  expect(wish({ sort: SKU.id })).toBeNull()
})

test('a key that is not text is in the order of its own index', () => {
  const table = tableIn(tempFolder(), BY_DAY)
  table.exec(`WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${LARGE})
    INSERT INTO records (entry, created, created_at, updated_at, ${COUNTED.id})
    SELECT 1, 1, '', '', date('0100-01-01', n || ' days') FROM numbers`)
  expect(listRecords(table, BY_DAY, { ...ALL, sort: COUNTED.id }).wantsIndex).toBeNull()
  expect(listRecords(table, BY_DAY, { ...ALL, columns: { [COUNTED.id]: '0101-0' } })).toMatchObject({
    total: 273,
    wantsIndex: null,
  })
})

test('there are four such indexes at most: the oldest goes', () => {
  const shape = shapeOf(['a', 'b', 'c', 'd', 'e'].map((letter) => column(`c${letter.repeat(7)}`, 'text')))
  const table = tableIn(tempFolder(), shape)
  for (const each of shape.columns) createSortIndex(table, each)
  createSortIndex(table, shape.columns[4] ?? NAME)
  expect(indexes(table)).toEqual(shape.columns.slice(1).map(({ id }) => `sort_${id}`))
})

test('many changes at once are made without the indexes, and few keep them', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  const rows = (count: number, price: number) => Array.from({ length: count }, (_, n) => `S${n},${price}`)
  const text = (count: number, price: number) => ['SKU,Price', ...rows(count, price), ''].join('\n')
  createSortIndex(table, PRICE)
  await importText(table, { folder, shape: ITEMS, text: text(20_000, 1) })
  expect(indexes(table)).toEqual([`sort_${PRICE.id}`])
  const { jobId } = await importText(table, { folder, shape: ITEMS, text: text(20_001, 2) })
  expect(indexes(table)).toEqual([])
  createSortIndex(table, PRICE)
  undoImport({ table, shape: ITEMS, jobId: 'undo', undoOf: jobId, actor: 'Ann' })
  expect(indexes(table)).toEqual([])
})

test('an import that is stopped leaves the indexes as they were', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  createSortIndex(table, PRICE)
  const text = ['SKU,Price', ...Array.from({ length: 20_001 }, (_, n) => `S${n},1`), ''].join('\n')
  const { staging } = await stageText(folder, ITEMS, text)
  const { plan } = compare({ staging, table, shape: ITEMS, mode: 'update' })
  const stop = () => {
    expect(indexes(table)).toEqual([])
    throw new Error('stopped')
  }
  const options = { staging, table, shape: ITEMS, mode: 'update', plan, jobId: 'job', file: 'x', actor: 'Ann' } as const
  expect(() => applyImport({ ...options, onProgress: stop })).toThrow('stopped')
  expect(indexes(table)).toEqual([`sort_${PRICE.id}`])
})

test('a column that has an index can be changed and dropped', () => {
  const table = tableIn(tempFolder(), ITEMS)
  for (const each of [NAME, PRICE]) createSortIndex(table, each)
  syncTable(table, { ...ITEMS, version: 2, columns: [SKU, { ...NAME, type: 'number' }] })
  expect(indexes(table)).toEqual([])
})
