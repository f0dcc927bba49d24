import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MODES } from '../../src/columns/column.ts'
import { compare } from '../../src/tables/compare.ts'
import { findLedgerEntry, sizeOf } from '../../src/tables/ledger.ts'
import { listProblems } from '../../src/tables/staged-problems.ts'
import { tempFolder } from '../support/folder.ts'
import {
  allRecords,
  applyStaged,
  column,
  dump,
  EMAIL,
  ITEMS,
  importText,
  NAME,
  PRICE,
  read,
  rowsOf,
  SKU,
  shapeOf,
  stageText,
  tableIn,
} from './imports.ts'

const FIRST = 'SKU,Name,Price\nA1,Bolt,1.5\nA2,Nut,0.2\nA3,Washer,\n'

test('a first import creates a record for each row, in the order of the file, with where it came from', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  const { counts, jobId } = await importText(table, { folder, shape: ITEMS, text: FIRST })
  expect(counts).toEqual({ read: 3, created: 3, updated: 0, unchanged: 0, deleted: 0, skipped: 0, problems: 0 })
  expect(rowsOf(table, ITEMS)).toEqual([
    ['A1', 'Bolt', 1.5],
    ['A2', 'Nut', 0.2],
    ['A3', 'Washer', null],
  ])
  expect(allRecords(table, ITEMS)[1]?.import).toMatchObject({ jobId, file: 'items.csv', row: 3 })
})

test('the same file again changes nothing and leaves only an entry in the ledger', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const before = dump(table)
  const { counts, jobId } = await importText(table, { folder, shape: ITEMS, text: FIRST, mode: 'replace' })
  expect(counts).toMatchObject({ read: 3, unchanged: 3, created: 0, updated: 0, deleted: 0 })
  expect(dump(table)).toEqual(before)
  expect(findLedgerEntry(table, jobId)).toMatchObject({ kind: 'import', records: 3, counts })
})

test('an update changes what differs by key, adds what is new and leaves the rest', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const { counts } = await importText(table, { folder, shape: ITEMS, text: 'SKU,Name,Price\nA2,Nut,0.3\nA4,Pin,9\n' })
  expect(counts).toMatchObject({ created: 1, updated: 1, deleted: 0 })
  expect(rowsOf(table, ITEMS)).toEqual([
    ['A1', 'Bolt', 1.5],
    ['A2', 'Nut', 0.3],
    ['A3', 'Washer', null],
    ['A4', 'Pin', 9],
  ])
})

test('a blank cell clears its value, and a column that the file lacks is left alone', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  await importText(table, { folder, shape: ITEMS, text: 'SKU,Price\nA1,\nA9,4\n' })
  expect(rowsOf(table, ITEMS)).toEqual([
    ['A1', 'Bolt', null],
    ['A2', 'Nut', 0.2],
    ['A3', 'Washer', null],
    ['A9', null, 4],
  ])
})

test('replace deletes the records that the file no longer has', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const { counts } = await importText(table, {
    folder,
    shape: ITEMS,
    text: 'SKU,Name,Price\nA2,Nut,0.2\n',
    mode: 'replace',
  })
  expect(counts).toMatchObject({ unchanged: 1, deleted: 2 })
  expect(rowsOf(table, ITEMS)).toEqual([['A2', 'Nut', 0.2]])
})

test('replace spares the record of a refused row whose key can be read, and counts rows that nobody can identify', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const text = 'SKU,Name,Price\nA1,Bolt,dear\n,Washer,7\n'
  const { counts, unidentified } = await importText(table, { folder, shape: ITEMS, text, mode: 'replace' })
  expect(counts).toMatchObject({ problems: 2, deleted: 2 })
  expect(unidentified).toBe(1)
  expect(rowsOf(table, ITEMS)).toEqual([['A1', 'Bolt', 1.5]])
})

test('add refuses rows whose key is in the table', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const text = 'SKU,Name\nA1,Other\nB1,New\n'
  const { counts, staging } = await importText(table, { folder, shape: ITEMS, text, mode: 'add' })
  expect(counts).toMatchObject({ created: 1, problems: 1 })
  expect(listProblems(staging, { limit: 10 }).items).toEqual([
    {
      sheet: expect.any(String),
      row: 2,
      cell: 'A2',
      columnId: SKU.id,
      value: 'A1',
      code: 'key_exists',
      message: "SKU 'A1' is already in the table, and this import only adds new rows.",
    },
  ])
})

test('equal rows with the same key count once, different ones are all refused', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  const text = 'SKU,Name\nA1,Bolt\nA1,Bolt\nB1,Nut\nB1,Pin\nA1,Bolt\nB1,Nut\n'
  const { counts, staging } = await importText(table, { folder, shape: ITEMS, text })
  expect(counts).toEqual({ read: 6, created: 1, updated: 0, unchanged: 0, deleted: 0, skipped: 2, problems: 3 })
  const messages = listProblems(staging, { limit: 10 }).items.map(({ row, message }) => [row, message])
  const message = "SKU 'B1' appears 3 times with different values (rows 4, 5, 7)."
  expect(messages).toEqual([
    [4, message],
    [5, message],
    [7, message],
  ])
})

test('a key of two columns is matched as a whole', async () => {
  const folder = tempFolder()
  const shape = shapeOf([
    column('cscout00', 'text', { name: 'Scout', key: true }),
    column('cbadge00', 'integer', { name: 'Badge', key: true }),
    column('cdone000', 'boolean', { name: 'Done' }),
  ])
  const table = tableIn(folder, shape)
  await importText(table, { folder, shape, text: 'Scout,Badge,Done\nAnn,1,no\nAnn,2,no\nBob,1,no\n' })
  const { counts, staging } = await importText(table, {
    folder,
    shape,
    text: 'Scout,Badge,Done\nAnn,2,yes\nBob,2,yes\nCid,1,yes\nCid,1,no\n',
  })
  expect(counts).toMatchObject({ created: 1, updated: 1, problems: 2 })
  expect(rowsOf(table, shape)).toEqual([
    ['Ann', 1, false],
    ['Ann', 2, true],
    ['Bob', 1, false],
    ['Bob', 2, true],
  ])
  expect(listProblems(staging, { limit: 1 }).items[0]).toMatchObject({
    cell: null,
    columnId: null,
    value: 'Cid, 1',
    message: "Scout 'Cid' with Badge '1' appears 2 times with different values (rows 4, 5).",
  })
})

test('without a key every row is new', async () => {
  const folder = tempFolder()
  const shape = shapeOf([NAME])
  const table = tableIn(folder, shape)
  await importText(table, { folder, shape, text: 'Name\nAnn\nAnn\n' })
  const { counts } = await importText(table, { folder, shape, text: 'Name\nAnn\n' })
  expect(counts).toMatchObject({ created: 1 })
  expect(rowsOf(table, shape)).toEqual([['Ann'], ['Ann'], ['Ann']])
})

test('a value that must be unique is refused when the file repeats it or another record has it', async () => {
  const folder = tempFolder()
  const shape = shapeOf([SKU, EMAIL])
  const table = tableIn(folder, shape)
  await importText(table, { folder, shape, text: 'SKU,E-mail\nA,a@x.org\nB,b@x.org\n' })
  const text = 'SKU,E-mail\nC,a@x.org\nD,d@x.org\nE,d@x.org\nF,\nG,\n'
  const { counts, staging } = await importText(table, { folder, shape, text })
  expect(counts).toMatchObject({ created: 2, problems: 3 })
  expect(listProblems(staging, { limit: 10 }).items.map(({ row, code, message }) => [row, code, message])).toEqual([
    [2, 'not_unique', "E-mail 'a@x.org' is already used by another record."],
    [3, 'not_unique', "E-mail 'd@x.org' appears 2 times, but must be unique (rows 3, 4)."],
    [4, 'not_unique', "E-mail 'd@x.org' appears 2 times, but must be unique (rows 3, 4)."],
  ])
})

test('a value becomes free in the same import when its record gives it up or goes', async () => {
  const folder = tempFolder()
  const shape = shapeOf([SKU, EMAIL])
  const table = tableIn(folder, shape)
  await importText(table, { folder, shape, text: 'SKU,E-mail\nA,a@x.org\nB,b@x.org\nC,c@x.org\n' })
  const text = 'SKU,E-mail\nA,b@x.org\nB,a@x.org\nD,c@x.org\n'
  const { counts } = await importText(table, { folder, shape, text, mode: 'replace' })
  expect(counts).toMatchObject({ created: 1, updated: 2, deleted: 1, problems: 0 })
  expect(rowsOf(table, shape)).toEqual([
    ['A', 'b@x.org'],
    ['B', 'a@x.org'],
    ['D', 'c@x.org'],
  ])
})

test('a row that counts on a value of a refused row is refused, too, and so on', async () => {
  const folder = tempFolder()
  const shape = shapeOf([SKU, EMAIL, PRICE])
  const table = tableIn(folder, shape)
  await importText(table, { folder, shape, text: 'SKU,E-mail\nA,a@x.org\nB,b@x.org\nC,c@x.org\n' })
  const text = 'SKU,E-mail,Price\nA,b@x.org,1\nB,c@x.org,2\nC,d@x.org,dear\n'
  const { counts } = await importText(table, { folder, shape, text })
  expect(counts).toMatchObject({ updated: 0, problems: 3 })
})

test('record ids find their record whatever became of its key, and keys can be swapped', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const text = '__record_id,SKU,Name,Price\n1,A2,Bolt,1.5\n2,A1,Nut,0.2\n3,Z9,Washer,\n,A3,New,\n'
  const { counts } = await importText(table, { folder, shape: ITEMS, text })
  expect(counts).toMatchObject({ created: 1, updated: 3, problems: 0 })
  expect(allRecords(table, ITEMS).map(({ id, values }) => [id, values[SKU.id], values[NAME.id]])).toEqual([
    [1, 'A2', 'Bolt'],
    [2, 'A1', 'Nut'],
    [3, 'Z9', 'Washer'],
    [4, 'A3', 'New'],
  ])
})

test('a row that was emptied is still its record: in any mode it is not taken for one that is gone from the file', async () => {
  const folder = tempFolder()
  const shape = shapeOf([NAME, PRICE])
  const table = tableIn(folder, shape)
  await importText(table, { folder, shape, text: 'Name,Price\nAnn,1\nBob,2\nCid,3\n' })
  const emptied = '__record_id,Name,Price\n1,Ann,1\n2,,\n3,Cid,\n99,,\nNote: seen on Monday,,\n'
  const replaced = await importText(table, { folder, shape, text: emptied, mode: 'replace' })
  expect(replaced.counts).toMatchObject({ read: 4, unchanged: 1, updated: 2, deleted: 0, created: 0, skipped: 1 })
  const again = '__record_id,Price\n1,\n2,\n3,\n'
  expect((await importText(table, { folder, shape, text: again })).counts).toMatchObject({ read: 3, updated: 1 })
  const added = await importText(table, { folder, shape, text: emptied, mode: 'add' })
  expect(added.counts).toMatchObject({ read: 4, created: 2, skipped: 2 })
  expect(rowsOf(table, shape)).toEqual([
    ['Ann', null],
    [null, null],
    ['Cid', null],
    ['Ann', 1],
    ['Cid', null],
  ])
})

test('an emptied row of which a column must be filled is named', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const { counts, staging } = await importText(table, {
    folder,
    shape: ITEMS,
    text: '__record_id,SKU,Name\n1,,\n2,A2,Nut\n',
  })
  expect(counts).toMatchObject({ read: 2, problems: 1, deleted: 0 })
  expect(listProblems(staging, { limit: 10 }).items).toMatchObject([{ row: 2, code: 'required' }])
})

test('an unknown record id falls back to the key, then to a new record, with a warning', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const text = '__record_id,SKU,Name,Price\n77,A1,Screw,1.5\n78,B1,New,\n79,,Nameless,\nx,B2,Odd id,\n'
  const { counts, warnings, staging } = await importText(table, { folder, shape: ITEMS, text })
  expect(counts).toMatchObject({ updated: 1, created: 2, problems: 1 })
  expect(warnings).toEqual([
    '4 rows have record ids that this table does not know; matched by key where there is one, else taken as new.',
  ])
  expect(listProblems(staging, { limit: 10 }).items).toMatchObject([{ row: 4, cell: 'B4', code: 'required' }])
})

test('the same record id twice is refused unless the rows are equal', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const text = '__record_id,SKU,Name\n1,A1,Screw\n1,A1,Screw\n2,A2,Nut\n2,A7,Copied\n'
  const { counts, staging } = await importText(table, { folder, shape: ITEMS, text })
  expect(counts).toMatchObject({ updated: 1, skipped: 1, problems: 2 })
  expect(listProblems(staging, { limit: 10 }).items).toMatchObject([
    { row: 4, code: 'duplicate_record', columnId: null },
    { row: 5, code: 'duplicate_record' },
  ])
})

test('equal rows of which one has a record id count as that record', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const { counts } = await importText(table, {
    folder,
    shape: ITEMS,
    text: '__record_id,SKU,Name\n,A1,Screw\n1,A1,Screw\n',
  })
  expect(counts).toMatchObject({ updated: 1, skipped: 1, created: 0, problems: 0 })
})

test('a changed key that another record keeps is refused', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const { counts, staging } = await importText(table, { folder, shape: ITEMS, text: '__record_id,SKU\n1,A2\n' })
  expect(counts).toMatchObject({ problems: 1 })
  expect(listProblems(staging, { limit: 1 }).items[0]?.message).toBe("SKU 'A2' is already used by another record.")
})

test('comparing again gives the same answer, and the same plan as long as the effect is the same', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const { staging } = await stageText(folder, ITEMS, 'SKU,Name\nA1,Screw\nA1,Other\nA2,Screw\nB,New\n')
  const first = compare({ staging, table, shape: ITEMS, mode: 'update' })
  expect(compare({ staging, table, shape: ITEMS, mode: 'update' })).toEqual(first)
  await importText(table, { folder, shape: ITEMS, text: 'SKU,Name\nA3,Elsewhere\n' })
  expect(compare({ staging, table, shape: ITEMS, mode: 'update' }).plan).toBe(first.plan)
  await importText(table, { folder, shape: ITEMS, text: 'SKU,Name\nA2,Here\n' })
  expect(compare({ staging, table, shape: ITEMS, mode: 'update' }).plan).not.toBe(first.plan)
})

test('an import is applied once for its job', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  const staged = await stageText(folder, ITEMS, FIRST)
  read(staged)
  const { staging } = staged
  const { plan } = compare({ staging, table, shape: ITEMS, mode: 'update' })
  const options = { shape: ITEMS, mode: 'update' as const, jobId: 'job', staging, plan }
  const first = applyStaged(table, options)
  const after = dump(table)
  expect(applyStaged(table, options)).toEqual(first)
  expect(dump(table)).toEqual(after)
})

test('a table that changed since the comparison is compared again before anything is written', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  const { staging } = await stageText(folder, ITEMS, FIRST)
  const { plan } = compare({ staging, table, shape: ITEMS, mode: 'update' })
  await importText(table, { folder, shape: ITEMS, text: 'SKU,Name\nA1,Screw\n' })
  const before = dump(table)
  const options = { shape: ITEMS, mode: 'update' as const, jobId: 'job', staging }
  const answer = applyStaged(table, { ...options, plan })
  expect(answer).toMatchObject({ changed: { counts: { created: 2, updated: 1 } } })
  expect(dump(table)).toEqual(before)
  if (!('changed' in answer)) return
  expect(answer.changed.plan).not.toBe(plan)
  expect(applyStaged(table, { ...options, plan: answer.changed.plan })).toMatchObject({ applied: true })
  expect(sizeOf(table).records).toBe(3)
})

test('stopping while it applies leaves the table as it was', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const before = dump(table)
  const { staging } = await stageText(folder, ITEMS, 'SKU,Name\nA1,Screw\nB1,New\n')
  const { plan } = compare({ staging, table, shape: ITEMS, mode: 'replace' })
  const options = { staging, table, shape: ITEMS, mode: 'replace' as const, jobId: 'job', plan }
  const { applyImport } = await import('../../src/tables/apply.ts')
  let steps = 0
  const stop = () => {
    steps++
    throw new Error('stop')
  }
  expect(() => applyImport({ ...options, file: '', actor: '', onProgress: stop })).toThrow('stop')
  expect(steps).toBe(1)
  expect(dump(table)).toEqual(before)
  expect(findLedgerEntry(table, 'job')).toBeUndefined()
})

test('the counts add up, what went in without problems is unchanged the next time, and replace leaves just the file', async () => {
  const shape = shapeOf([SKU, EMAIL])
  const row = fc.record({
    id: fc.option(fc.integer({ min: 1, max: 6 }), { nil: '' }),
    sku: fc.constantFrom('A', 'B', 'C', 'D', ''),
    email: fc.constantFrom('a@x.org', 'b@x.org', 'c@x.org', '', 'no'),
  })
  const file = fc.array(row, { minLength: 1, maxLength: 6 }).map((rows) => {
    return `__record_id,SKU,E-mail\n${rows.map(({ id, sku, email }) => `${id},${sku},${email}`).join('\n')}\n`
  })
  await fc.assert(
    fc.asyncProperty(file, file, fc.constantFrom(...MODES), async (first, second, mode) => {
      // A file of which every row is blank has nothing to import.
      fc.pre([first, second].every((text) => /^\d*,(?:[^,]+,|,.)/m.test(text.replace(/.*\n/, ''))))
      const folder = tempFolder()
      const table = tableIn(folder, shape)
      table.pragma('synchronous = OFF')
      await importText(table, { folder, shape, text: first })
      const { counts, warnings } = await importText(table, { folder, shape, text: second, mode })
      const { read: all, created, updated, unchanged, skipped, problems } = counts
      expect(created + updated + unchanged + skipped + problems).toBe(all)
      // An id that was unknown may have been given to a record meanwhile.
      if (problems > 0 || mode === 'add' || warnings.length > 0) return
      if (mode === 'replace') expect(dump(table)).toHaveLength(all - skipped)
      const again = await importText(table, { folder, shape, text: second, mode })
      expect(again.counts).toMatchObject({ created: 0, updated: 0, deleted: 0, problems: 0 })
    }),
    { numRuns: 60 },
  )
})
