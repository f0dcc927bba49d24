import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDb, syncCommitted, unsynced } from '../../src/db/open.ts'
import { tempFolder } from '../support/folder.ts'

function open() {
  const db = openDb(path.join(tempFolder(), 'app.db'))
  onTestFinished(() => void db.$client.close())
  return { db, synchronous: () => db.$client.pragma('synchronous', { simple: true }) }
}

const [NORMAL, FULL] = [1, 2]

test('only what is named is committed without a sync, also when it fails', () => {
  const { db, synchronous } = open()
  expect(synchronous()).toBe(FULL)
  expect(unsynced(db, synchronous)).toBe(NORMAL)
  expect(synchronous()).toBe(FULL)
  const failing = () =>
    unsynced(db, () => {
      throw new Error('no such job')
    })
  expect(failing).toThrow('no such job')
  expect(synchronous()).toBe(FULL)
})

test('commits without a sync leave nothing behind, however many they are', () => {
  const { db } = open()
  const count = db.$client.prepare('UPDATE teams SET name = name')
  const before = process.memoryUsage.rss()
  for (let n = 0; n < 30_000; n++) unsynced(db, () => count.run())
  expect((process.memoryUsage.rss() - before) / 1024 / 1024).toBeLessThan(60)
})

test('a database that nothing was written to since it was opened can be synced, too', () => {
  const { db } = open()
  db.$client.pragma('wal_checkpoint(TRUNCATE)')
  expect(() => syncCommitted(db)).not.toThrow()
})
