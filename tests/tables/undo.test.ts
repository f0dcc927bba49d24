import type { Database } from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MODES, type Mode } from '../../src/columns/column.ts'
import { listKept } from '../../src/tables/kept-records.ts'
import { findLedgerEntry, sizeOf } from '../../src/tables/ledger.ts'
import { deleteRecord, insertRecord, updateRecord } from '../../src/tables/records.ts'
import { syncTable } from '../../src/tables/table-schema.ts'
import { type Undone, undoEntry, undoImport } from '../../src/tables/undo.ts'
import { planUndo } from '../../src/tables/undo-plan.ts'
import { tempFolder } from '../support/folder.ts'
import { column, dump, EMAIL, ITEMS, importText, NAME, PRICE, rowsOf, SKU, shapeOf, tableIn } from './imports.ts'

const FIRST = 'SKU,Name,Price\nA1,Bolt,1.5\nA2,Nut,0.2\nA3,Washer,\n'
const SECOND = 'SKU,Name,Price\nA1,Screw,1.5\nA3,Washer,\nA4,Pin,3\n'

let undos = 0
function undo(table: Database, undoOf: string, shape = ITEMS) {
  const jobId = `undo${++undos}`
  const done = undoImport({ table, shape, jobId, undoOf, actor: 'Bob' })
  if ('refused' in done) throw new Error(done.refused.message)
  return { ...done, jobId }
}

function plan(table: Database, jobId: string, page = { limit: 10, after: 0 }) {
  return planUndo(table, ITEMS, { jobId, ...page })
}

test('an undo brings back what was updated, deleted and created, to the letter', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const before = dump(table)
  const { jobId } = await importText(table, { folder, shape: ITEMS, text: SECOND, mode: 'replace' })
  const all = { removes: 1, restores: 1, bringsBack: 1 }
  expect(plan(table, jobId)).toEqual({ counts: { ...all, keeps: 0, all }, kept: [], columns: null })
  const { counts } = undo(table, jobId)
  expect(counts).toMatchObject({ created: 1, updated: 1, deleted: 1, skipped: 0 })
  expect(sizeOf(table).records).toBe(3)
  expect(dump(table)).toEqual(before)
})

test('an undo of an undo does the import again, and can be undone like it', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const before = dump(table)
  const { jobId } = await importText(table, { folder, shape: ITEMS, text: SECOND, mode: 'replace' })
  const after = dump(table)
  const first = undo(table, jobId)
  const again = undo(table, first.jobId)
  expect(dump(table)).toEqual(after)
  expect(plan(table, first.jobId)).toBeUndefined()
  undo(table, jobId)
  expect(dump(table)).toEqual(before)
  expect(plan(table, again.jobId)).toBeUndefined()
})

test('an undo keeps and lists records changed or deleted since', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const { jobId } = await importText(table, {
    folder,
    shape: ITEMS,
    text: 'SKU,Name\nA1,Screw\nA2,Screw\nA3,Screw\nA4,Pin\nA5,Rod\n',
  })
  updateRecord(table, ITEMS, { id: 1, values: { [PRICE.id]: 7 }, actor: 'Ann' })
  updateRecord(table, ITEMS, { id: 4, values: { [PRICE.id]: 7 }, actor: 'Ann' })
  deleteRecord(table, ITEMS, { id: 2, actor: 'Ann' })
  deleteRecord(table, ITEMS, { id: 5, actor: 'Ann' })
  const kept = [
    { recordId: 1, reason: 'changed' },
    { recordId: 2, reason: 'deleted' },
    { recordId: 4, reason: 'changed' },
  ]
  const since = (values: unknown) => ({ jobId: null, actor: 'Ann', changes: [values] })
  const told = [
    { ...kept[0], since: [since({ columnId: PRICE.id, before: 1.5, after: 7 })] },
    { ...kept[1], since: [{ action: 'delete', actor: 'Ann' }] },
    { ...kept[2], since: [since({ columnId: PRICE.id, before: null, after: 7 })] },
  ]
  const planned = plan(table, jobId)
  const all = { removes: 1, restores: 3, bringsBack: 0 }
  expect(planned?.counts).toEqual({ removes: 0, restores: 1, bringsBack: 0, keeps: 3, all })
  expect(planned?.kept).toMatchObject(told)
  expect(plan(table, jobId, { limit: 1, after: 1 })?.kept).toMatchObject([told[1]])
  const done = undo(table, jobId)
  expect(done.kept).toEqual(kept)
  expect(done.counts).toMatchObject({ updated: 1, skipped: 3 })
  expect(listKept(table, ITEMS, { jobId: done.jobId, limit: 2, after: 1 })).toMatchObject(told.slice(1))
  expect(rowsOf(table, ITEMS)).toEqual([
    ['A1', 'Screw', 7],
    ['A3', 'Washer', null],
    ['A4', 'Pin', 7],
  ])
})

test('an older import can be undone while a newer one has touched the same records', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const older = await importText(table, { folder, shape: ITEMS, text: 'SKU,Name\nA1,Older\nA2,Older\n' })
  const newer = await importText(table, { folder, shape: ITEMS, text: 'SKU,Name\nA2,Newer\nA3,Newer\n' })
  expect(undo(table, older.jobId).kept).toEqual([{ recordId: 2, reason: 'changed' }])
  expect(rowsOf(table, ITEMS).map(([, name]) => name)).toEqual(['Bolt', 'Newer', 'Newer'])
  undo(table, newer.jobId)
  expect(rowsOf(table, ITEMS).map(([, name]) => name)).toEqual(['Bolt', 'Older', 'Washer'])
})

test('a deleted record is not brought back beside another one with its key', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const { jobId } = await importText(table, { folder, shape: ITEMS, text: 'SKU,Name\nA1,Bolt\n', mode: 'replace' })
  insertRecord(table, ITEMS, { values: { [SKU.id]: 'A2', [NAME.id]: 'Other nut' }, actor: 'Ann' })
  expect(plan(table, jobId)?.counts).toMatchObject({ removes: 0, restores: 0, bringsBack: 1, keeps: 1 })
  expect(undo(table, jobId).kept).toEqual([{ recordId: 2, reason: 'taken' }])
  expect(rowsOf(table, ITEMS).map(([sku, name]) => [sku, name])).toEqual([
    ['A1', 'Bolt'],
    ['A3', 'Washer'],
    ['A2', 'Other nut'],
  ])
})

test('swapped keys are swapped back, unless one of them is kept', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  const swap = '__record_id,SKU\n1,A2\n2,A1\n'
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const first = await importText(table, { folder, shape: ITEMS, text: swap })
  undo(table, first.jobId)
  expect(rowsOf(table, ITEMS).map(([sku]) => sku)).toEqual(['A1', 'A2', 'A3'])
  const second = await importText(table, { folder, shape: ITEMS, text: swap })
  updateRecord(table, ITEMS, { id: 2, values: { [PRICE.id]: 9 }, actor: 'Ann' })
  expect(undo(table, second.jobId).kept).toEqual([
    { recordId: 1, reason: 'taken' },
    { recordId: 2, reason: 'changed' },
  ])
})

test('an undo happens once for its job, and nothing is undone twice', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  const { jobId } = await importText(table, { folder, shape: ITEMS, text: FIRST })
  const options = { table, shape: ITEMS, jobId: 'u', undoOf: jobId, actor: 'Bob' }
  const first = undoImport(options)
  expect(undoImport(options)).toEqual(first)
  expect(undoImport({ ...options, jobId: 'v' })).toMatchObject({ refused: { code: 'already_undone' } })
  expect(undoImport({ ...options, jobId: 'w', undoOf: 'x' })).toMatchObject({ refused: { code: 'not_applied' } })
  expect(findLedgerEntry(table, 'v')).toBeUndefined()
})

test('values that became unique after an import don’t stand in the way of its undo', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  const { jobId } = await importText(table, { folder, shape: ITEMS, text: 'SKU,Name\nA,x\nB,x\nC,z\n' })
  const next = await importText(table, { folder, shape: ITEMS, text: 'SKU,Name\nA,p\nB,q\nC,r\n' })
  const unique = { ...ITEMS, version: 2, columns: [SKU, { ...NAME, unique: true }, PRICE] }
  syncTable(table, unique)
  expect(undo(table, next.jobId, unique).kept).toEqual([
    { recordId: 1, reason: 'taken' },
    { recordId: 2, reason: 'taken' },
  ])
  expect(rowsOf(table, unique).map(([, name]) => name)).toEqual(['p', 'q', 'z'])
  expect(undo(table, jobId, unique).counts).toMatchObject({ deleted: 1, skipped: 2 })
})

test('after columns came, went and changed their type, an undo puts back what the template still has, and says so', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const { jobId } = await importText(table, { folder, shape: ITEMS, text: SECOND, mode: 'replace' })
  const stock = column('cstock00', 'integer', { name: 'Stock' })
  const price = { ...PRICE, type: 'text' } as const
  const changed = { ...ITEMS, version: 2, columns: [SKU, price, stock] }
  syncTable(table, changed)
  updateRecord(table, changed, { id: 3, values: { [stock.id]: 5 }, actor: 'Ann' })
  const words =
    '“Name” left the template since; what stood there does not come back. ' +
    '“Price” changed its type since; earlier values come back converted, and empty where they don’t fit. ' +
    '“Stock” came to the template since; what is put back has nothing there.'
  expect(planUndo(table, changed, { jobId, limit: 1, after: 0 })?.columns).toBe(words)
  expect(undo(table, jobId, changed)).toMatchObject({ kept: [], columns: words })
  expect(rowsOf(table, changed)).toEqual([
    ['A1', '1.5', null],
    ['A2', '0.2', null],
    ['A3', null, 5],
  ])
  const later = await importText(table, { folder, shape: changed, text: 'SKU,Stock\nA1,9\n' })
  expect(planUndo(table, changed, { jobId: later.jobId, limit: 1, after: 0 })?.columns).toBeNull()
})

const SHAPE = shapeOf([SKU, EMAIL, column('camount0', 'integer', { name: 'Amount' })])
const key = fc.constantFrom('A', 'B', 'C', 'D', 'E')
const email = fc.option(fc.constantFrom('a@x.org', 'b@x.org', 'c@x.org', 'd@x.org'), { nil: '' })
const amount = fc.option(fc.integer({ min: 0, max: 2 }), { nil: '' })
const id = fc.integer({ min: 1, max: 8 })
const row = fc.record({ id: fc.option(id, { nil: '' }), key, email, amount })

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('import' as const),
      mode: fc.constantFrom<Mode>(...MODES),
      ids: fc.boolean(),
      rows: fc.array(row, { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('insert' as const), row }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('update' as const), id, row }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), id }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('undo' as const), back: fc.nat({ max: 5 }) }) },
)
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never

function valuesOf({ key, email, amount }: { key: string; email: string; amount: number | string }) {
  return { [SKU.id]: key, [EMAIL.id]: email || null, camount0: typeof amount === 'number' ? amount : null }
}

function lastEntry(table: Database): number {
  return table.prepare<[], number>('SELECT coalesce(max(entry), 0) FROM ledger').pluck().get() ?? 0
}

/** The records by id, each as it lies in the file. */
type State = Map<number, string>
/** The states on both sides of every entry of the ledger. */
type Past = Map<number, { before: State; after: State }>

function stateOf(table: Database): State {
  const rows = table.prepare<[], { id: number }>('SELECT * FROM records ORDER BY id').all()
  return new Map(rows.map((row) => [row.id, JSON.stringify(row)]))
}

async function take(table: Database, folder: string, { step, past }: { step: Step; past: Past }): Promise<void> {
  const before = stateOf(table)
  const last = lastEntry(table)
  if (step.do === 'import') {
    const lines = step.rows.map(({ id, key, email, amount }) =>
      [...(step.ids ? [id] : []), key, email, amount].join(','),
    )
    const text = `${step.ids ? '__record_id,' : ''}SKU,E-mail,Amount\n${lines.join('\n')}\n`
    await importText(table, { folder, shape: SHAPE, text, mode: step.mode })
  } else if (step.do === 'insert') insertRecord(table, SHAPE, { values: valuesOf(step.row), actor: 'Ann' })
  else if (step.do === 'update') updateRecord(table, SHAPE, { id: step.id, values: valuesOf(step.row), actor: 'Ann' })
  else if (step.do === 'delete') deleteRecord(table, SHAPE, { id: step.id, actor: 'Ann' })
  else undoOne(table, past, last - step.back)
  if (lastEntry(table) > last) past.set(lastEntry(table), { before, after: stateOf(table) })
}

/** Undoes an entry and looks at every record: what the entry wrote and nobody touched since is put back, nothing else. */
function undoOne(table: Database, past: Past, entry: number): Undone | undefined {
  const now = stateOf(table)
  const done = undoEntry(table, { entry, shape: SHAPE, jobId: null, actor: 'Bob' })
  const then = past.get(entry)
  if ('refused' in done || then === undefined) return undefined
  const reasons = new Map(done.kept.map(({ recordId, reason }) => [recordId, reason]))
  const left = stateOf(table)
  for (const id of new Set([...now.keys(), ...left.keys(), ...then.before.keys(), ...then.after.keys()])) {
    const wrote = then.before.get(id) !== then.after.get(id)
    const own = now.get(id) === then.after.get(id)
    const reason = reasons.get(id)
    const restored = wrote && own && reason === undefined
    expect(left.get(id), `record ${id}`).toBe(restored ? then.before.get(id) : now.get(id))
    if (reason === 'changed') expect(own, `record ${id} was changed`).toBe(false)
    if (wrote && !own && now.has(id)) expect(reason, `record ${id} is kept`).toBe('changed')
  }
  return done
}

/** More of them for the figure in docs/guarantees.md. */
const RUNS = Number(process.env.UNDO_RUNS ?? 60)
const MOST_MS = 30 * 60_000

test('whatever was imported, edited and undone, undoing it all from the last to the first leads back step by step, and undoing that leads forward again', {
  timeout: MOST_MS,
}, async () => {
  const steps = (most: number) => fc.array(step, { minLength: 1, maxLength: most })
  await fc.assert(
    fc.asyncProperty(steps(3), steps(8), async (earlier, steps) => {
      const folder = tempFolder()
      const table = tableIn(folder, SHAPE)
      table.pragma('synchronous = OFF')
      const past: Past = new Map()
      for (const step of earlier) await take(table, folder, { step, past })
      const first = { state: stateOf(table), entry: lastEntry(table) }
      for (const step of steps) await take(table, folder, { step, past })
      const entries = [...past.keys()].filter((entry) => entry > first.entry)
      const undos: number[] = []
      for (const entry of entries.reverse()) {
        const before = stateOf(table)
        expect(undoOne(table, past, entry)).toMatchObject({ kept: [] })
        expect(stateOf(table)).toEqual(past.get(entry)?.before)
        past.set(lastEntry(table), { before, after: stateOf(table) })
        undos.push(lastEntry(table))
      }
      expect(stateOf(table)).toEqual(first.state)
      for (const undo of undos.reverse()) {
        expect(undoOne(table, past, undo)).toMatchObject({ kept: [] })
        expect(stateOf(table)).toEqual(past.get(undo)?.before)
      }
    }),
    { numRuns: RUNS },
  )
})
