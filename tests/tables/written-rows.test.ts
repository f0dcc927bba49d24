import { statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { expect, test } from 'vitest'
import { applyImport } from '../../src/tables/apply.ts'
import { compare } from '../../src/tables/compare.ts'
import type { Progress } from '../../src/tables/progress.ts'
import { tempFolder } from '../support/folder.ts'
import { dump, ITEMS, importText, stageText, tableIn } from './imports.ts'

/** A file of items as text, with other names where `nameOf` says so. */
function itemsText(count: number, nameOf: (at: number) => string = (at) => `Item ${at}`): string {
  const lines = Array.from({ length: count }, (_, at) => `A${at},${nameOf(at)},${at / 100}`)
  return `SKU,Name,Price\n${lines.join('\n')}\n`
}

const history = (table: Database) => table.prepare('SELECT * FROM history ORDER BY entry, record_id').all()

/** From here on nobody can write a row of these tables, whichever connection it comes through. */
function refuseWrites(table: Database, names: readonly string[]): void {
  for (const name of names)
    for (const event of ['INSERT', 'UPDATE', 'DELETE'])
      table.exec(`CREATE TRIGGER refuse_${event}_${name} BEFORE ${event} ON ${name}
        BEGIN SELECT raise(ABORT, '${event} of ${name}'); END`)
}

function allowWrites(table: Database): void {
  const triggers = table.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all()
  for (const name of triggers) table.exec(`DROP TRIGGER ${name}`)
}

/** How many pages the work adds to the log of the table's file. */
async function pagesLogged(table: Database, work: () => Promise<unknown>): Promise<number> {
  table.pragma('wal_checkpoint(TRUNCATE)')
  await work()
  const pageSize = Number(table.pragma('page_size', { simple: true }))
  return Math.floor(statSync(`${table.name}-wal`).size / pageSize)
}

test('an import of unchanged rows writes none of them and no history, but an entry of the ledger', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  const text = itemsText(20_000)
  const importing = { folder, shape: ITEMS, text }
  await importText(table, importing)
  await importText(table, { ...importing, text: itemsText(100, (at) => (at % 10 === 0 ? 'Other' : `Item ${at}`)) })
  await importText(table, importing)
  const [records, images] = [dump(table), history(table)]
  expect(images).toHaveLength(20)

  refuseWrites(table, ['records', 'history'])
  const changed = { ...importing, text: `${text}A20000,New,1\n` }
  await expect(importText(table, changed)).rejects.toThrow('INSERT of records')
  for (const mode of ['update', 'replace'] as const) {
    const pages = await pagesLogged(table, async () => {
      const { counts } = await importText(table, { ...importing, mode })
      expect(counts).toMatchObject({ unchanged: 20_000, created: 0, updated: 0, deleted: 0 })
    })
    expect(pages).toBeGreaterThan(0)
    expect(pages).toBeLessThan(8)
  }
  allowWrites(table)
  expect(dump(table)).toEqual(records)
  expect(history(table)).toEqual(images)
})

test('before-images are saved of what is updated or deleted, and of nothing else', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: itemsText(200) })
  expect(history(table)).toEqual([])
  // Of every ten rows one has another name and one is gone; fifty are new.
  const [header, ...lines] = itemsText(250, (at) => (at % 10 === 3 ? 'Other' : `Item ${at}`))
    .trimEnd()
    .split('\n')
  const text = [header, ...lines.filter((_, at) => at >= 200 || at % 10 !== 7)].join('\n')
  const { counts } = await importText(table, { folder, shape: ITEMS, text, mode: 'replace' })
  expect(counts).toMatchObject({ created: 50, updated: 20, deleted: 20, unchanged: 160 })
  const saved = table.prepare('SELECT csku0000, cname000, action FROM history ORDER BY record_id').raw().all()
  const touched = Array.from({ length: 200 }, (_, at) => at).filter((at) => at % 10 === 3 || at % 10 === 7)
  expect(saved).toEqual(touched.map((at) => [`A${at}`, `Item ${at}`, at % 10 === 3 ? 'update' : 'delete']))
})

test('the progress of applying never says more than what is in the table, and ends at what was done', async () => {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: itemsText(10) })
  const { staging } = await stageText(folder, ITEMS, itemsText(50_010))
  const { plan } = compare({ staging, table, shape: ITEMS, mode: 'update' })
  const count = table.prepare<[], number>('SELECT count(*) FROM records').pluck()
  const seen: (Progress & { records: number })[] = []
  const applied = applyImport({
    ...{ staging, table, shape: ITEMS, mode: 'update', jobId: 'job', file: 'items.csv', actor: 'Ann', plan },
    onProgress: (progress) => seen.push({ ...progress, records: count.get() ?? 0 }),
  })
  for (const { phase, rowsDone, rowsTotal, fraction, counts, records } of seen) {
    expect({ phase, rowsTotal, fraction }).toEqual({
      phase: 'applying',
      rowsTotal: 50_010,
      fraction: rowsDone / 50_010,
    })
    expect(rowsDone).toBeLessThanOrEqual(records)
    expect(counts.created).toBe(records - 10)
  }
  const steps = seen.map(({ rowsDone }) => rowsDone)
  expect(steps).toEqual(steps.toSorted((a, b) => a - b))
  expect(new Set(steps).size).toBeGreaterThan(2)
  expect(seen.at(-1)).toMatchObject({ rowsDone: 50_010, fraction: 1, records: 50_010 })
  expect(applied).toEqual({ applied: true, counts: seen.at(-1)?.counts })
})
