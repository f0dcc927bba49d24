import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Value } from '../../src/columns/column.ts'
import { listRecords, type RecordQuery } from '../../src/tables/list-records.ts'
import { insertRecord } from '../../src/tables/records.ts'
import { iterateRecords } from '../../src/tables/records-stream.ts'
import { createSortIndex } from '../../src/tables/sort-index.ts'
import { tempFolder } from '../support/folder.ts'
import { column, ITEMS, importText, shapeOf, tableIn } from './imports.ts'

const TITLE = column('ctitle00', 'text')
const COUNT = column('ccount00', 'number')
const DONE = column('cdone000', 'boolean')
const DAY = column('cday0000', 'date')
const KIND = column('ckind000', 'choice', { choices: ['Red', 'Reddish'] })
const SHAPE = shapeOf([TITLE, COUNT, DONE, DAY, KIND])

const ROWS: [string | null, number | null, boolean | null, string | null, string | null][] = [
  ['Müller 100%', 3, true, '2024-02-28', 'Red'],
  ['apple_pie', 12.5, false, '2024-03-01', 'Reddish'],
  ['ÄPFEL', null, null, null, null],
  ['Banana', 3, true, '2023-12-31', 'Red'],
  [null, -1, false, '2024-02-29', null],
]

function aTable(rows: Value[][] = ROWS) {
  const table = tableIn(tempFolder(), SHAPE)
  for (const row of rows) {
    const values = Object.fromEntries(SHAPE.columns.map(({ id }, at) => [id, row[at] ?? null]))
    insertRecord(table, SHAPE, { values, actor: 'Ann' })
  }
  return table
}

const ALL: RecordQuery = { q: '', columns: {}, sort: null, descending: false, limit: 100 }

test.each<[string, number[]]>([
  ['an', [4]],
  ['MÜLLER', [1]],
  ['äpfel', [3]],
  ['100%', [1]],
  ['%', [1]],
  ['_', [2]],
  ['\\', []],
  ['12.5', [2]],
  ['12,5', [2]],
  ['2024-02', [1, 5]],
  ['red', [1, 2, 4]],
  ['  ', [1, 2, 3, 4, 5]],
])('searching for %j finds %j', (q, ids) => {
  const { items, total } = listRecords(aTable(), SHAPE, { ...ALL, q })
  expect(items.map(({ id }) => id)).toEqual(ids)
  expect(total).toBe(ids.length)
})

test.each<[string, string, number[]]>([
  [TITLE.id, 'pie', [2]],
  [TITLE.id, '=banana', []],
  [TITLE.id, '=Banana', [4]],
  [TITLE.id, '!=Banana', [1, 2, 3, 5]],
  [TITLE.id, '=', [5]],
  [TITLE.id, '!=', [1, 2, 3, 4]],
  [TITLE.id, 'BAN*', [4]],
  [TITLE.id, 'an*', []],
  [TITLE.id, 'mÜ*', [1]],
  [TITLE.id, 'äp*', [3]],
  [TITLE.id, '*', []],
  [COUNT.id, '3', [1, 4]],
  [COUNT.id, '>3', [2]],
  [COUNT.id, '<= 3', [1, 4, 5]],
  [COUNT.id, '!=3', [2, 3, 5]],
  [COUNT.id, 'abc', []],
  [COUNT.id, '=', [3]],
  [DONE.id, 'yes', [1, 4]],
  [DONE.id, 'False', [2, 5]],
  [DONE.id, 'perhaps', []],
  [DAY.id, '2024-02', [1, 5]],
  [DAY.id, '2024-02-28', [1]],
  [DAY.id, '>=2024-02-29', [2, 5]],
  [KIND.id, 'red', [1, 4]],
  ['cnothere', 'x', [1, 2, 3, 4, 5]],
])('filtering %s by %j finds %j', (id, text, ids) => {
  const { items } = listRecords(aTable(), SHAPE, { ...ALL, columns: { [id]: text } })
  expect(items.map((record) => record.id)).toEqual(ids)
})

test.each<[string | null, boolean, number[]]>([
  [null, false, [1, 2, 3, 4, 5]],
  [null, true, [5, 4, 3, 2, 1]],
  [TITLE.id, false, [2, 4, 1, 3, 5]],
  [COUNT.id, false, [5, 1, 4, 2, 3]],
  [TITLE.id, true, [3, 1, 4, 2, 5]],
  [COUNT.id, true, [2, 4, 1, 5, 3]],
])('sorting by %s, descending %s, gives %j with empty ones last', (sort, descending, ids) => {
  const { items } = listRecords(aTable(), SHAPE, { ...ALL, sort, descending })
  expect(items.map(({ id }) => id)).toEqual(ids)
})

test.each([false, true])('pages by number and by cursor show the same records, each once; indexed: %s', (indexed) => {
  const value = fc.tuple(fc.option(fc.constantFrom('a', 'A', 'b', 'ä')), fc.option(fc.constantFrom(-1, 0, 2.5)))
  const rows = fc.array(
    value.map(([title, count]): Value[] => [title, count, true]),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(
      rows,
      fc.constantFrom(null, TITLE.id, COUNT.id),
      fc.boolean(),
      fc.boolean(),
      (rows, sort, descending, gap) => {
        const table = aTable(rows)
        if (gap) table.exec('DELETE FROM records WHERE id = 2')
        if (indexed) for (const column of [TITLE, COUNT]) createSortIndex(table, column)
        const query = { ...ALL, sort, descending, limit: 3 }
        const whole = listRecords(table, SHAPE, { ...query, limit: 100 }).items.map(({ id }) => id)
        const paged: number[] = []
        const followed: number[] = []
        let cursor: string | undefined
        for (let offset = 0; offset < whole.length; offset += 3) {
          paged.push(...listRecords(table, SHAPE, { ...query, offset }).items.map(({ id }) => id))
          const page = listRecords(table, SHAPE, { ...query, cursor })
          followed.push(...page.items.map(({ id }) => id))
          cursor = page.next ?? undefined
        }
        expect(paged).toEqual(whole)
        expect(followed).toEqual(whole)
        expect(cursor).toBeUndefined()
      },
    ),
    { numRuns: 25 },
  )
})

test('something else than a cursor is an error', () => {
  expect(() => listRecords(aTable(), SHAPE, { ...ALL, cursor: 'x' })).toThrow(RangeError)
})

test('the records that an import wrote last can be listed', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  const first = await importText(table, { folder, shape: ITEMS, text: 'SKU,Name\nA,x\nB,x\n' })
  const second = await importText(table, { folder, shape: ITEMS, text: 'SKU,Name\nB,y\n' })
  const ids = (importId: string) => listRecords(table, ITEMS, { ...ALL, importId }).items.map(({ id }) => id)
  expect(ids(first.jobId)).toEqual([1])
  expect(ids(second.jobId)).toEqual([2])
  expect(ids('none')).toEqual([])
})

test('an export sees the records of one moment, filtered like a list', () => {
  const table = aTable()
  const records = iterateRecords(table, SHAPE, { q: '', columns: { [COUNT.id]: '3' } })
  expect([...records]).toEqual([
    [1, 'Müller 100%', 3, true, '2024-02-28', 'Red'],
    [4, 'Banana', 3, true, '2023-12-31', 'Red'],
  ])
})

test('a template of a thousand columns can be searched and imported', async () => {
  const folder = tempFolder()
  const columns = Array.from({ length: 1000 }, (_, at) =>
    column(`c${String(at).padStart(7, '0')}`, 'text', { name: `F${at}`, key: at === 0 }),
  )
  const shape = shapeOf(columns)
  const table = tableIn(folder, shape)
  const text = (last: string) =>
    `${columns.map(({ name }) => name).join(',')}\n${columns.map((_, at) => (at === 999 ? last : at)).join(',')}\n`
  await importText(table, { folder, shape, text: text('here') })
  expect(listRecords(table, shape, { ...ALL, q: 'here' }).total).toBe(1)
  expect((await importText(table, { folder, shape, text: text('there') })).counts).toMatchObject({ updated: 1 })
})
