import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { compare } from '../../src/tables/compare.ts'
import { findLedgerEntry } from '../../src/tables/ledger.ts'
import { AS_FOUND } from '../../src/tables/reading.ts'
import { openStaging } from '../../src/tables/staging.ts'
import { undoImport } from '../../src/tables/undo.ts'
import { tempFolder } from '../support/folder.ts'
import type { Orders } from './apply-and-die.ts'
import { applyStaged, dump, ITEMS, importText, rowsOf, stageText, tableIn } from './imports.ts'

const SCRIPT = path.join(import.meta.dirname, 'apply-and-die.ts')
const ROWS = 2000

function lines(from: number, name: string): string {
  return `SKU,Name,Price\n${Array.from({ length: ROWS }, (_, at) => `K${from + at},${name} ${'x'.repeat(100)},${at}`).join('\n')}\n`
}

/** A table with an import that was compared and not applied: half of it changes records, the other half is new. */
async function prepared() {
  const folder = tempFolder()
  const table = tableIn(folder, ITEMS)
  await importText(table, { folder, shape: ITEMS, text: lines(0, 'first') })
  const { staging, file } = await stageText(folder, ITEMS, lines(ROWS / 2, 'second'))
  const { plan } = compare({ staging, table, shape: ITEMS, mode: 'replace' })
  const source = { sha256: file, shape: ITEMS, reading: AS_FOUND }
  const die = (orders: Pick<Orders, 'do' | 'dieAt'>) => {
    const all: Orders = { table: table.name, staging: staging.name, source, ...orders }
    return spawnSync(process.execPath, [SCRIPT, JSON.stringify(all)], { stdio: ['ignore', 'ignore', 'inherit'] }).signal
  }
  const apply = () => applyStaged(table, { shape: ITEMS, mode: 'replace', jobId: 'job', staging, plan })
  return { table, staging, source, plan, die, apply }
}

test('a process killed while it applies leaves the table as it was, and the next one does it once', async () => {
  const { table, die, apply } = await prepared()
  const before = dump(table)
  for (const dieAt of [1, 2, 3]) {
    expect(die({ do: 'apply', dieAt })).toBe('SIGKILL')
    expect(statSync(`${table.name}-wal`).size).toBeGreaterThan(100_000)
    expect(dump(table)).toEqual(before)
    expect(findLedgerEntry(table, 'job')).toBeUndefined()
  }
  expect(apply()).toMatchObject({
    applied: true,
    counts: { created: 1000, updated: 1000, deleted: 1000 },
  })
  expect(rowsOf(table, ITEMS).map(([sku]) => sku)).toEqual(Array.from({ length: ROWS }, (_, at) => `K${at + ROWS / 2}`))
  expect(table.pragma('integrity_check', { simple: true })).toBe('ok')
})

test('a process killed after the commit has done it, and the ledger tells the next one so', async () => {
  const { table, die, apply } = await prepared()
  expect(die({ do: 'apply', dieAt: 99 })).toBe('SIGKILL')
  const after = dump(table)
  expect(findLedgerEntry(table, 'job')?.counts).toMatchObject({ created: 1000, updated: 1000, deleted: 1000 })
  expect(apply()).toMatchObject({ applied: true, counts: { created: 1000, updated: 1000, deleted: 1000 } })
  expect(dump(table)).toEqual(after)
})

test('a process killed while it undoes leaves the import standing', async () => {
  const { table, die, apply } = await prepared()
  const before = dump(table)
  apply()
  const after = dump(table)
  expect(die({ do: 'undo', dieAt: 2 })).toBe('SIGKILL')
  expect(dump(table)).toEqual(after)
  undoImport({ table, shape: ITEMS, jobId: 'undo', undoOf: 'job', actor: 'Ann' })
  expect(dump(table)).toEqual(before)
})

test('a process killed while it compares leaves a staging file that need not be read again', async () => {
  const { table, staging, source, plan, die } = await prepared()
  staging.close()
  for (const dieAt of [1, 2, 3, 4]) {
    expect(die({ do: 'compare', dieAt })).toBe('SIGKILL')
    const reopened = openStaging(staging.name, source)
    expect(reopened.complete).toBe(true)
    expect(reopened.staging.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(compare({ staging: reopened.staging, table, shape: ITEMS, mode: 'replace' }).plan).toBe(plan)
    reopened.staging.close()
  }
})
