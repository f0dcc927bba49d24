import { createHash } from 'node:crypto'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { UnusableDb } from '../../src/db/inspect.ts'
import { openDb } from '../../src/db/open.ts'
import { tempFolder } from '../support/folder.ts'

const DAMAGES: [string, (file: string) => void][] = [
  ['was overwritten', (file) => writeFileSync(file, 'this is no database'.repeat(1000))],
  ['lost its header', (file) => overwrite(file, { at: 0, pages: 1 })],
  ['has a hole', (file) => overwrite(file, { at: 4096, pages: 20 })],
  ['was cut', (file) => truncateSync(file, 3 * 4096)],
]

function overwrite(file: string, { at, pages }: { at: number; pages: number }): void {
  const bytes = readFileSync(file)
  bytes.fill(0, at, at + pages * 4096)
  writeFileSync(file, bytes)
}

function usedDb(): string {
  const file = path.join(tempFolder(), 'app.db')
  openDb(file).$client.close()
  return file
}

const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

test.each(DAMAGES)('an app.db that %s is refused with the way on, and stays as it is', (_how, damage) => {
  const file = usedDb()
  damage(file)
  const before = digest(file)
  expect(() => openDb(file)).toThrow(UnusableDb)
  expect(() => openDb(file)).toThrow(/is damaged .*Nothing was changed\..*backup/)
  expect(digest(file)).toBe(before)
})

test('an app.db that a later version has changed is refused, and stays as it is', () => {
  const file = usedDb()
  const db = openDb(file).$client
  db.prepare(`INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('later', 9999999999999)`).run()
  db.close()
  const before = digest(file)
  expect(() => openDb(file)).toThrow(/later version of Sheetport.*Nothing was changed/)
  expect(digest(file)).toBe(before)
})

test('a migration that fails halfway leaves the schema and the data as they were', () => {
  const file = usedDb()
  const db = openDb(file).$client
  // As an earlier version left it, with a table in the way of what comes next.
  db.exec(`DELETE FROM __drizzle_migrations; DROP TABLE notices`)
  const schema = () => db.prepare('SELECT sql FROM sqlite_schema ORDER BY name').pluck().all()
  const before = schema()
  expect(() => openDb(file)).toThrow()
  expect(schema()).toEqual(before)
  db.close()
})
