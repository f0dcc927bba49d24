import { expect, test } from 'vitest'
import type { Values } from '../../src/columns/column.ts'
import { dataVersion } from '../../src/tables/ledger.ts'
import { recordHistory } from '../../src/tables/record-history.ts'
import { deleteRecord, findRecord, insertRecord, type RecordEdit, updateRecord } from '../../src/tables/records.ts'
import { undoImport } from '../../src/tables/undo.ts'
import { tempFolder } from '../support/folder.ts'
import { column, dump, EMAIL, ITEMS, importText, NAME, PRICE, SKU, shapeOf, tableIn } from './imports.ts'

const ACTIVE = column('cactive0', 'boolean', { name: 'Active' })
const SHAPE = shapeOf([SKU, NAME, EMAIL, ACTIVE])

function added(edit: RecordEdit) {
  if (!('ok' in edit)) throw new Error('refused')
  return edit.ok
}

test('a record is added with typed values and belongs to no import', () => {
  const table = tableIn(tempFolder(), SHAPE)
  const values = { [SKU.id]: 'A1', [ACTIVE.id]: true }
  const record = added(insertRecord(table, SHAPE, { values, actor: 'Ann' }))
  expect(record).toMatchObject({ values: { ...values, [NAME.id]: null, [EMAIL.id]: null }, import: null })
  expect(findRecord(table, SHAPE, record.id)).toEqual(record)
  expect(findRecord(table, SHAPE, 99)).toBeUndefined()
})

test.each<[string, Values, { path: string; message: string }[]]>([
  ['without its key', { [NAME.id]: 'Bolt' }, [{ path: SKU.id, message: 'SKU must be filled.' }]],
  [
    'with a key that is taken',
    { [SKU.id]: 'A1' },
    [{ path: SKU.id, message: "SKU 'A1' is already used by another record." }],
  ],
  [
    'with a value that must be unique',
    { [SKU.id]: 'A2', [EMAIL.id]: 'a@x.org' },
    [{ path: EMAIL.id, message: "E-mail 'a@x.org' is already used by another record." }],
  ],
])('a record is refused %s', (_how, values, refused) => {
  const table = tableIn(tempFolder(), SHAPE)
  insertRecord(table, SHAPE, { values: { [SKU.id]: 'A1', [EMAIL.id]: 'a@x.org' }, actor: 'Ann' })
  const before = dump(table)
  expect(insertRecord(table, SHAPE, { values, actor: 'Ann' })).toEqual({ refused })
  expect(dump(table)).toEqual(before)
})

test('a record in which nothing is filled is refused', () => {
  const shape = shapeOf([NAME])
  const table = tableIn(tempFolder(), shape)
  expect(insertRecord(table, shape, { values: {}, actor: 'Ann' })).toEqual({
    refused: [{ path: '', message: 'At least one column must be filled.' }],
  })
})

test('an edit changes the named columns only, keeps where the record came from, and may keep its own unique values', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  const { jobId } = await importText(table, { folder, shape: ITEMS, text: 'SKU,Name,Price\nA1,Bolt,1\n' })
  const edit = updateRecord(table, ITEMS, { id: 1, values: { [SKU.id]: 'A1', [PRICE.id]: 2 }, actor: 'Ann' })
  expect(added(edit)).toMatchObject({
    values: { [SKU.id]: 'A1', [NAME.id]: 'Bolt', [PRICE.id]: 2 },
    import: { jobId, row: 2 },
  })
})

test('an edit that changes nothing leaves no trace', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: 'SKU,Name,Price\nA1,Bolt,1\n' })
  const before = [dump(table), dataVersion(table)]
  updateRecord(table, ITEMS, { id: 1, values: { [NAME.id]: 'Bolt' }, actor: 'Ann' })
  expect([dump(table), dataVersion(table)]).toEqual(before)
})

test('a record that is gone can neither be changed nor deleted', () => {
  const table = tableIn(tempFolder(), ITEMS)
  expect(updateRecord(table, ITEMS, { id: 5, values: { [NAME.id]: 'x' }, actor: 'Ann' })).toEqual({ absent: true })
  expect(deleteRecord(table, ITEMS, { id: 5, actor: 'Ann' })).toEqual({ absent: true })
})

test('the history of a record tells who did what, also after it was deleted and brought back', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  const first = await importText(table, { folder, shape: ITEMS, text: 'SKU,Name,Price\nA1,Bolt,1\nA2,Nut,1\n' })
  updateRecord(table, ITEMS, { id: 1, values: { [PRICE.id]: 2 }, actor: 'Bob' })
  const gone = await importText(table, { folder, shape: ITEMS, text: 'SKU,Name\nA2,Nut\n', mode: 'replace' })
  undoImport({ table, shape: ITEMS, jobId: 'undo', undoOf: gone.jobId, actor: 'Cid' })
  const told = recordHistory(table, ITEMS, { id: 1 }).map(({ action, kind, jobId, actor, changes }) => {
    return [action, kind, jobId, actor, changes.find(({ columnId }) => columnId === PRICE.id)]
  })
  expect(told).toEqual([
    ['create', 'undo', 'undo', 'Cid', { columnId: PRICE.id, before: null, after: 2 }],
    ['delete', 'import', gone.jobId, 'Ann', { columnId: PRICE.id, before: 2, after: null }],
    ['update', 'edit', null, 'Bob', { columnId: PRICE.id, before: 1, after: 2 }],
    ['create', 'import', first.jobId, 'Ann', { columnId: PRICE.id, before: null, after: 1 }],
  ])
  const [last, second] = recordHistory(table, ITEMS, { id: 1 })
  expect(recordHistory(table, ITEMS, { id: 1, before: last?.entry ?? 0, limit: 1 })).toEqual([second])
  expect(recordHistory(table, ITEMS, { id: 1, after: second?.entry ?? 0 })).toEqual([last])
  expect(recordHistory(table, ITEMS, { id: 99 })).toEqual([])
})
