import path from 'node:path'
import type { Database } from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { AS_FOUND } from '../../src/tables/reading.ts'
import { openStaging } from '../../src/tables/staging.ts'
import { StagingWriter } from '../../src/tables/staging-writer.ts'
import { tempFolder } from '../support/folder.ts'
import { ITEMS, PRICE, read, SKU, stageText } from './imports.ts'

const MANY = 100_000

test('a large file is staged row by row in its order, with its problems', async () => {
  const lines = Array.from({ length: MANY }, (_, at) => `A${at},Thing ${at},${at % 5000 === 4999 ? 'dear' : at / 4}`)
  const staged = await stageText(tempFolder(), ITEMS, `SKU,Name,Price\n${lines.join('\n')}\n`)
  expect(read(staged)).toMatchObject({ rows: MANY, bad: 20 })
  const { staging } = staged
  expect(staging.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(one(staging, 'SELECT count(*) FROM rows')).toBe(MANY)
  expect(one(staging, `SELECT count(*) FROM rows WHERE row <> n + 1 OR ${SKU.id} <> 'A' || (n - 1)`)).toBe(0)
  expect(one(staging, `SELECT count(*) FROM rows WHERE NOT bad AND ${PRICE.id} IS NOT (n - 1) / 4.0`)).toBe(0)
  const problems = staging.prepare('SELECT n, row, cell, value FROM problems ORDER BY id').all()
  expect(problems).toHaveLength(20)
  expect(problems[19]).toEqual({ n: MANY, row: MANY + 1, cell: `C${MANY + 1}`, value: 'dear' })
  expect(one(staging, 'SELECT count(*) FROM refused WHERE n % 5000 = 0 AND row = n + 1')).toBe(20)
})

test('a reading that breaks off lets go of the file', () => {
  const file = path.join(tempFolder(), 'staging.db')
  const source = { sha256: 'x', shape: ITEMS, reading: AS_FOUND }
  const { staging } = openStaging(file, source)
  const writer = new StagingWriter(staging, [SKU, PRICE])
  for (let n = 1; n <= MANY; n += 1) writer.add({ n, row: n + 1, recordId: null, bad: false, values: [`A${n}`, n] })
  writer.close()
  staging.close()
  const again = openStaging(file, source)
  onTestFinished(() => void again.staging.close())
  expect(again.complete).toBe(false)
  expect(one(again.staging, `SELECT count(*) FROM sqlite_schema WHERE name = 'rows'`)).toBe(0)
})

function one(staging: Database, sql: string): unknown {
  return staging.prepare(sql).pluck().get()
}
