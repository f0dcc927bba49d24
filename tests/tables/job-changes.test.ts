import type { Database } from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Mode } from '../../src/columns/column.ts'
import { compare } from '../../src/tables/compare.ts'
import { CHANGE_KINDS, type ChangeKind, listJobChanges, type RecordDiff } from '../../src/tables/job-changes.ts'
import { listPlannedChanges } from '../../src/tables/planned-changes.ts'
import { deleteRecord, updateRecord } from '../../src/tables/records.ts'
import { undoImport } from '../../src/tables/undo.ts'
import { tempFolder } from '../support/folder.ts'
import { allRecords, applyStaged, ITEMS, importText, PRICE, stageText, tableIn } from './imports.ts'

const ALL = { limit: 100, after: 0 }
const FIRST = 'SKU,Name,Price\nA1,Bolt,1.5\nA2,Nut,0.2\nA3,Washer,\n'
const SECOND = 'SKU,Name,Price\nA1,Screw,1.5\nA3,Washer,\nA4,Pin,3\n'

/** Both sides of each change as lists of values, by kind. */
function changes(list: (kind: ChangeKind) => RecordDiff[]) {
  const side = (values: RecordDiff['before']) => values && ITEMS.columns.map(({ id }) => values[id])
  const told = (kind: ChangeKind) =>
    list(kind).map(({ recordId, before, after }) => [recordId, side(before), side(after)])
  return Object.fromEntries(CHANGE_KINDS.map((kind) => [kind, told(kind)]))
}

function changesOf(table: Database, jobId: string) {
  return changes((kind) => listJobChanges(table, ITEMS, { jobId, kind, ...ALL }))
}

test('a job tells what it created, changed and deleted, whatever happened since', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  const first = await importText(table, { folder, shape: ITEMS, text: FIRST })
  const second = await importText(table, { folder, shape: ITEMS, text: SECOND, mode: 'replace' })
  const done = {
    created: [[4, null, ['A4', 'Pin', 3]]],
    updated: [[1, ['A1', 'Bolt', 1.5], ['A1', 'Screw', 1.5]]],
    deleted: [[2, ['A2', 'Nut', 0.2], null]],
  }
  expect(changesOf(table, second.jobId)).toEqual(done)
  updateRecord(table, ITEMS, { id: 1, values: { [PRICE.id]: 7 }, actor: 'Ann' })
  deleteRecord(table, ITEMS, { id: 4, actor: 'Ann' })
  expect(changesOf(table, second.jobId)).toEqual(done)
  expect(changesOf(table, first.jobId)).toMatchObject({
    created: [
      [1, null, ['A1', 'Bolt', 1.5]],
      [2, null, ['A2', 'Nut', 0.2]],
      [3, null, ['A3', 'Washer', null]],
    ],
    updated: [],
    deleted: [],
  })
})

test('an undo tells what it removed, put back and brought back', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const { jobId } = await importText(table, { folder, shape: ITEMS, text: SECOND, mode: 'replace' })
  const done = changesOf(table, jobId)
  undoImport({ table, shape: ITEMS, jobId: 'undo', undoOf: jobId, actor: 'Bob' })
  expect(changesOf(table, 'undo')).toEqual({
    created: [[2, null, ['A2', 'Nut', 0.2]]],
    updated: [[1, ['A1', 'Screw', 1.5], ['A1', 'Bolt', 1.5]]],
    deleted: [[4, ['A4', 'Pin', 3], null]],
  })
  expect(changesOf(table, jobId)).toEqual(done)
})

test('changes are listed in pages', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  const { jobId } = await importText(table, { folder, shape: ITEMS, text: FIRST })
  const page = (after: number) => listJobChanges(table, ITEMS, { jobId, kind: 'created', limit: 2, after })
  expect(page(0).map(({ at }) => at)).toEqual([1, 2])
  expect(page(2).map(({ at }) => at)).toEqual([3])
  expect(listJobChanges(table, ITEMS, { jobId: 'unknown', kind: 'created', ...ALL })).toEqual([])
})

async function plan(table: Database, folder: string, { text, mode }: { text: string; mode: Mode }) {
  const { staging } = await stageText(folder, ITEMS, text)
  const comparison = compare({ staging, table, shape: ITEMS, mode })
  const list = (kind: ChangeKind) => listPlannedChanges({ staging, table }, ITEMS, { kind, ...ALL })
  return { staging, comparison, list, planned: changes((kind) => list(kind).items) }
}

test('a plan knows the rows of the file, leaves columns alone that the file has not, and says when it is out of date', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: FIRST })
  const { planned, list } = await plan(table, folder, { text: 'SKU,Name\nA9,Rod\nA1,Screw\n', mode: 'replace' })
  expect(planned).toEqual({
    created: [[null, null, ['A9', 'Rod', null]]],
    updated: [[1, ['A1', 'Bolt', 1.5], ['A1', 'Screw', 1.5]]],
    deleted: [
      [2, ['A2', 'Nut', 0.2], null],
      [3, ['A3', 'Washer', null], null],
    ],
  })
  expect(list('created')).toMatchObject({ current: true, items: [{ row: 2 }] })
  deleteRecord(table, ITEMS, { id: 3, actor: 'Ann' })
  expect(list('created').current).toBe(false)
})

const line = fc.tuple(fc.constantFrom('A', 'B', 'C', 'D'), fc.constantFrom('x', 'y', ''), fc.constantFrom('1', '2', ''))
const file = fc
  .uniqueArray(line, { minLength: 1, selector: ([sku]) => sku })
  .map((lines) => `SKU,Name,Price\n${lines.map((cells) => cells.join(',')).join('\n')}\n`)

test('whatever is imported, what was planned is what is done, and both sides together are the tables before and after', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 3 }), file, async (earlier, text) => {
      const folder = tempFolder()
      const table = tableIn(folder, ITEMS)
      table.pragma('synchronous = OFF')
      for (const each of earlier) await importText(table, { folder, shape: ITEMS, text: each, mode: 'replace' })
      const before = allRecords(table, ITEMS)
      const { staging, comparison, planned } = await plan(table, folder, { text, mode: 'replace' })
      applyStaged(table, { shape: ITEMS, mode: 'replace', jobId: 'last', staging, plan: comparison.plan })
      const after = allRecords(table, ITEMS)
      const done = changesOf(table, 'last')
      // The plan is in the order of the file.
      const sides = (all: typeof planned) =>
        Object.values(all)
          .flat()
          .map(([, old, now]) => JSON.stringify([old, now]))
          .sort()
      expect(sides(done)).toEqual(sides(planned))
      const changed = new Map(Object.values(done).flatMap((all) => all.map(([id, ...both]) => [id, both])))
      const values = (records: typeof before) =>
        new Map(records.map((record) => [record.id, ITEMS.columns.map(({ id }) => record.values[id])]))
      const [then, now] = [values(before), values(after)]
      for (const id of new Set([...then.keys(), ...now.keys()])) {
        const unchanged = [then.get(id), then.get(id)]
        expect([then.get(id), now.get(id)]).toEqual(changed.get(id)?.map((side) => side ?? undefined) ?? unchanged)
      }
    }),
    { numRuns: 25 },
  )
})
