import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import type { Value } from '../../src/columns/column.ts'
import { AS_FOUND } from '../../src/tables/reading.ts'
import { openStaging } from '../../src/tables/staging.ts'
import { StagingWriter } from '../../src/tables/staging-writer.ts'
import { tempFolder } from '../support/folder.ts'
import { ITEMS, PRICE, read, SKU, stageText } from './imports.ts'

/** More than one thread writes by itself. */
const MANY = 24_000

test('a large file is staged row by row in its order, with its problems, whoever writes', async () => {
  const lines = Array.from({ length: MANY }, (_, at) => `A${at},Thing ${at},${at % 5000 === 4999 ? 'dear' : at / 4}`)
  const staged = await stageText(tempFolder(), ITEMS, `SKU,Name,Price\n${lines.join('\n')}\n`)
  expect(read(staged)).toMatchObject({ rows: MANY, bad: 4 })
  const { staging } = staged
  expect(one(staging, 'SELECT count(*) FROM rows')).toBe(MANY)
  expect(one(staging, `SELECT count(*) FROM rows WHERE row <> n + 1 OR ${SKU.id} <> 'A' || (n - 1)`)).toBe(0)
  expect(one(staging, `SELECT count(*) FROM rows WHERE NOT bad AND ${PRICE.id} IS NOT (n - 1) / 4.0`)).toBe(0)
  const problems = staging.prepare('SELECT n, row, cell, value FROM problems ORDER BY id').all()
  expect(problems).toHaveLength(4)
  expect(problems[3]).toEqual({ n: 20_000, row: 20_001, cell: 'C20001', value: 'dear' })
  expect(one(staging, 'SELECT group_concat(n) FROM (SELECT n FROM refused ORDER BY n)')).toBe('5000,10000,15000,20000')
})

test('a value that SQLite refuses stops the reading with the code that SQLite gives', async () => {
  const writer = writerIn(tempFolder())
  await addRows(writer, MANY, (at) => [`A${at}`, at === MANY - 1 ? 'no number' : at])
  await expect(writer.finish([])).rejects.toMatchObject({ name: 'SqliteError', code: 'SQLITE_CONSTRAINT_DATATYPE' })
})

test('a reading that breaks off lets go of the file', async () => {
  const folder = tempFolder()
  const writer = writerIn(folder)
  await addRows(writer, MANY, (at) => [`A${at}`, at])
  await writer.close()
  const { staging, complete } = openStaging(path.join(folder, 'staging.db'), SOURCE)
  onTestFinished(() => void staging.close())
  expect(complete).toBe(false)
})

const SOURCE = { sha256: 'x', shape: ITEMS, reading: AS_FOUND }

function writerIn(folder: string): StagingWriter {
  const { staging } = openStaging(path.join(folder, 'staging.db'), SOURCE)
  const writer = new StagingWriter(staging, [SKU, PRICE])
  onTestFinished(async () => {
    await writer.close()
    staging.close()
  })
  return writer
}

async function addRows(writer: StagingWriter, count: number, valuesAt: (at: number) => Value[]): Promise<void> {
  for (let at = 0; at < count; at++) {
    writer.add({ n: at + 1, row: at + 2, recordId: null, bad: false, values: valuesAt(at) })
    if (at % 500 === 0) await writer.settle()
    if (at % 5000 === 0) await setImmediate()
  }
}

function one(staging: Database, sql: string): unknown {
  return staging.prepare(sql).pluck().get()
}
