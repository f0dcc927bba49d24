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

/** So many that a thread, which starts meanwhile, writes most of them. */
const MANY = 100_000

test('a large file is staged row by row in its order, with its problems, whoever writes', async () => {
  const lines = Array.from({ length: MANY }, (_, at) => `A${at},Thing ${at},${at % 5000 === 4999 ? 'dear' : at / 4}`)
  const staged = await stageText(tempFolder(), ITEMS, `SKU,Name,Price\n${lines.join('\n')}\n`)
  expect(read(staged)).toMatchObject({ rows: MANY, bad: 20 })
  const { staging } = staged
  expect(one(staging, 'SELECT count(*) FROM rows')).toBe(MANY)
  expect(one(staging, `SELECT count(*) FROM rows WHERE row <> n + 1 OR ${SKU.id} <> 'A' || (n - 1)`)).toBe(0)
  expect(one(staging, `SELECT count(*) FROM rows WHERE NOT bad AND ${PRICE.id} IS NOT (n - 1) / 4.0`)).toBe(0)
  const problems = staging.prepare('SELECT n, row, cell, value FROM problems ORDER BY id').all()
  expect(problems).toHaveLength(20)
  expect(problems[19]).toEqual({ n: MANY, row: MANY + 1, cell: `C${MANY + 1}`, value: 'dear' })
  expect(one(staging, 'SELECT count(*) FROM refused WHERE n % 5000 = 0 AND row = n + 1')).toBe(20)
})

test('a value that SQLite refuses stops the reading with the code that SQLite gives, also from the thread', async () => {
  const { writer, addUntilThreadWrites } = writerIn(tempFolder())
  await addUntilThreadWrites(['A', 'no number'])
  await expect(writer.finish([])).rejects.toMatchObject({ name: 'SqliteError', code: 'SQLITE_CONSTRAINT_DATATYPE' })
})

test('a reading that breaks off lets go of the file', async () => {
  const folder = tempFolder()
  const { writer, addUntilThreadWrites } = writerIn(folder)
  await addUntilThreadWrites(['A', 1])
  await writer.close()
  const { staging, complete } = openStaging(path.join(folder, 'staging.db'), SOURCE)
  onTestFinished(() => void staging.close())
  expect(complete).toBe(false)
})

const SOURCE = { sha256: 'x', shape: ITEMS, reading: AS_FOUND }

function writerIn(folder: string) {
  const { staging } = openStaging(path.join(folder, 'staging.db'), SOURCE)
  const writer = new StagingWriter(staging, [SKU, PRICE])
  onTestFinished(async () => {
    await writer.close()
    staging.close()
  })
  let rows = 0
  /** Adds rows until this connection writes no longer, and then a batch with `last` at its end. */
  const addUntilThreadWrites = async (last: Value[]) => {
    for (let isMine = true; isMine; isMine = staging.inTransaction) await addBatch([`A${rows}`, rows])
    await addBatch(last)
  }
  const addBatch = async (last: Value[]) => {
    for (let at = 1; at <= 500; at++) {
      const values = at === 500 ? last : [`A${rows}`, rows]
      writer.add({ n: ++rows, row: rows + 1, recordId: null, bad: false, values })
    }
    await writer.settle()
    await setImmediate()
  }
  return { writer, addUntilThreadWrites }
}

function one(staging: Database, sql: string): unknown {
  return staging.prepare(sql).pluck().get()
}
