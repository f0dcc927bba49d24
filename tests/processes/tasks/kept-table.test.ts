import { existsSync, renameSync } from 'node:fs'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { withKeptTable } from '../../../src/processes/tasks/kept-table.ts'
import { countRecords } from '../../../src/tables/ledger.ts'
import { openTable } from '../../../src/tables/open-table.ts'
import { insertRecord } from '../../../src/tables/records.ts'
import { tempFolder } from '../../support/folder.ts'
import { ITEMS, SKU } from '../../tables/imports.ts'

const add = (file: string, sku: string) =>
  withKeptTable(file, ITEMS, async (table) => {
    insertRecord(table, ITEMS, { values: { [SKU.id]: sku }, actor: 'Ann' })
    return table
  })

test('a table that is wanted again within a moment is still open, and closed with its log moved after that', async () => {
  const file = path.join(tempFolder(), 'table.db')
  const first = await add(file, 'A1')
  expect(await add(file, 'A2')).toBe(first)
  expect(first.open).toBe(true)
  expect(existsSync(`${file}-wal`)).toBe(true)
  await vi.waitFor(() => expect(first.open).toBe(false), { timeout: 10_000 })
  expect(existsSync(`${file}-wal`)).toBe(false)
  const again = openTable(file, ITEMS)
  expect(countRecords(again)).toBe(2)
  again.close()
})

test('a table whose work failed is opened anew', async () => {
  const file = path.join(tempFolder(), 'table.db')
  const before = await add(file, 'A1')
  const fail = withKeptTable(file, ITEMS, async () => {
    throw new Error('no room')
  })
  await expect(fail).rejects.toThrow('no room')
  expect(before.open).toBe(false)
  expect(await add(file, 'A2')).not.toBe(before)
})

test('a file that was put in the place of a kept table is the one that is written', async () => {
  const folder = tempFolder()
  const file = path.join(folder, 'table.db')
  const before = await add(file, 'A1')
  for (const end of ['', '-wal', '-shm']) renameSync(file + end, `${path.join(folder, 'aside.db')}${end}`)
  expect(await add(file, 'A2')).not.toBe(before)
  const now = openTable(file, ITEMS)
  expect(countRecords(now)).toBe(1)
  now.close()
})

test('a table that was changed meanwhile has the columns that the next job expects', async () => {
  const file = path.join(tempFolder(), 'table.db')
  await add(file, 'A1')
  const changed = { ...ITEMS, version: 2, columns: ITEMS.columns.slice(0, 2) }
  const other = openTable(file, changed)
  other.close()
  const columns = await withKeptTable(file, changed, async (table) =>
    table.prepare<[], string>(`SELECT name FROM pragma_table_info('records')`).pluck().all(),
  )
  expect(columns).toContain(SKU.id)
  expect(columns).not.toContain(ITEMS.columns[2]?.id)
})
