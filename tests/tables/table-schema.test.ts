import { writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { Column, TemplateShape } from '../../src/columns/column.ts'
import { openTable, openTableReadonly } from '../../src/tables/open-table.ts'
import { insertRecord } from '../../src/tables/records.ts'
import { planTableChange, syncTable } from '../../src/tables/table-schema.ts'
import { undoImport } from '../../src/tables/undo.ts'
import { planUndo } from '../../src/tables/undo-plan.ts'
import { tempFolder } from '../support/folder.ts'
import { column, EMAIL, ITEMS, importText, NAME, PRICE, rowsOf, SKU, shapeOf, tableIn } from './imports.ts'

const next = (shape: TemplateShape, columns: Column[]): TemplateShape => ({
  ...shape,
  version: shape.version + 1,
  columns,
})

test('any SQLite tool reads the records by the names that people gave', () => {
  const shape = shapeOf([SKU, { ...NAME, name: 'The "Name"; DROP TABLE records' }, PRICE])
  const table = tableIn(tempFolder(), shape)
  insertRecord(table, shape, { values: { [SKU.id]: 'A1', [PRICE.id]: 2 }, actor: 'Ann' })
  expect(table.prepare('SELECT * FROM data').all()).toEqual([
    { __record_id: 1, SKU: 'A1', 'The "Name"; DROP TABLE records': null, Price: 2 },
  ])
  expect(table.prepare('SELECT typeof(cprice00) AS type FROM records').get()).toEqual({ type: 'real' })
})

test('an id that is not exactly a column id never becomes SQL', () => {
  const evil = shapeOf([{ ...NAME, id: 'cname000" TEXT); --' }])
  expect(() => openTable(path.join(tempFolder(), 'x.db'), evil)).toThrow('is not a column id')
})

test('an id that spells a keyword is a column like any other', async () => {
  const folder = tempFolder()
  const shape = shapeOf([column('conflict', 'text', { name: 'Conflict', key: true })])
  const table = tableIn(folder, shape)
  await importText(table, { folder, shape, text: 'Conflict\nyes\n' })
  expect(rowsOf(table, shape)).toEqual([['yes']])
})

test('a column can be added and renamed without touching values, and one that is dropped takes its values along', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: 'SKU,Name,Price\nA1,Bolt,1.5\n' })
  const changed = next(ITEMS, [SKU, { ...NAME, name: 'Title' }, EMAIL])
  expect(planTableChange(table, changed)).toEqual({
    dropped: [{ columnId: PRICE.id, name: 'Price', values: 1 }],
    misfits: [],
    duplicateKeys: 0,
    duplicates: [],
  })
  syncTable(table, changed)
  expect(rowsOf(table, changed)).toEqual([['A1', 'Bolt', null]])
  expect(Object.keys(table.prepare('SELECT * FROM data').get() ?? {})).toEqual([
    '__record_id',
    'SKU',
    'Title',
    'E-mail',
  ])
})

test('a change of type converts what can be, and says beforehand what can’t', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, {
    folder,
    shape: ITEMS,
    text: 'SKU,Name,Price\nA1,"1.200,50",7\nA2,many,8.5\nA3,3,\nA4,few,1\n',
  })
  const columns = [
    SKU,
    column(NAME.id, 'number', { name: 'Name', decimal: 'comma' }),
    column(PRICE.id, 'text', { name: 'Price' }),
  ]
  const changed = next(ITEMS, columns)
  expect(planTableChange(table, changed).misfits).toEqual([
    { columnId: NAME.id, name: 'Name', values: 2, examples: ['many', 'few'] },
  ])
  expect(rowsOf(table, ITEMS)[0]).toEqual(['A1', '1.200,50', 7])
  syncTable(table, changed)
  expect(rowsOf(table, changed)).toEqual([
    ['A1', 1200.5, '7'],
    ['A2', null, '8.5'],
    ['A3', 3, null],
    ['A4', null, '1'],
  ])
  syncTable(table, changed)
})

test('the history is converted, too, so an undo brings back values of the present type', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: 'SKU,Name,Price\nA1,Bolt,7\n' })
  const { jobId } = await importText(table, { folder, shape: ITEMS, text: 'SKU,Name,Price\nA1,Bolt,8\n' })
  const changed = next(ITEMS, [SKU, NAME, column(PRICE.id, 'text', { name: 'Price' })])
  syncTable(table, changed)
  undoImport({ table, shape: changed, jobId: 'undo', undoOf: jobId, actor: 'Ann' })
  expect(rowsOf(table, changed)).toEqual([['A1', 'Bolt', '7']])
})

test('a key or unique column that records contradict is announced and can’t be made', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: 'SKU,Name,Price\nA1,x,1\nA2,x,1.0\nA3,y,2\nA4,,\nA5,,\n' })
  const keyed = next(ITEMS, [
    { ...SKU, key: false },
    { ...NAME, key: true },
    { ...PRICE, unique: true },
  ])
  expect(planTableChange(table, keyed)).toMatchObject({
    duplicateKeys: 2,
    duplicates: [{ columnId: PRICE.id, records: 2, examples: ['1'] }],
  })
  expect(() => syncTable(table, keyed)).toThrow('UNIQUE')
  expect(rowsOf(table, ITEMS)).toHaveLength(5)
  const both = next(ITEMS, [{ ...SKU, key: true }, { ...NAME, key: true }, PRICE])
  expect(planTableChange(table, both).duplicateKeys).toBe(0)
  syncTable(table, both)
})

test('values that become equal by a change of type count as duplicates', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: 'SKU\n01\n1\n2\n' })
  const changed = next(ITEMS, [{ ...SKU, type: 'integer' }, NAME, PRICE])
  expect(planTableChange(table, changed).duplicateKeys).toBe(2)
})

test('a table is never taken back to an earlier version of its template, nor given to another', () => {
  const folder = tempFolder()
  const file = path.join(folder, 'table.db')
  openTable(file, next(ITEMS, [SKU, NAME])).close()
  expect(() => openTable(file, ITEMS)).toThrow('later than 1')
  expect(() => openTable(file, { ...ITEMS, id: 'other', version: 3 })).toThrow('belongs to template items')
})

test('a file that is not a table is refused and left as it is', () => {
  const folder = tempFolder()
  const foreign = path.join(folder, 'foreign.db')
  const db = new Database(foreign)
  db.exec('CREATE TABLE notes (text TEXT)')
  db.close()
  expect(() => openTable(foreign, ITEMS)).toThrow('is not a table file')
  const text = path.join(folder, 'text.db')
  writeFileSync(text, 'a text file of some length that is no database at all'.repeat(50))
  expect(() => openTable(text, ITEMS)).toThrow()
})

test('a reader plans and lists beside the writer', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  const { jobId } = await importText(table, { folder, shape: ITEMS, text: 'SKU,Name,Price\nA1,Bolt,7\n' })
  const reader = openTableReadonly(table.name)
  table.exec('BEGIN IMMEDIATE')
  expect(rowsOf(reader, ITEMS)).toHaveLength(1)
  expect(planTableChange(reader, next(ITEMS, [SKU])).dropped).toHaveLength(2)
  expect(planUndo(reader, ITEMS, { jobId, limit: 1, after: 0 })).toMatchObject({ counts: { removes: 1 } })
  expect(() => insertRecord(reader, ITEMS, { values: { [SKU.id]: 'B' }, actor: 'Ann' })).toThrow('readonly')
  table.exec('ROLLBACK')
  reader.close()
})
