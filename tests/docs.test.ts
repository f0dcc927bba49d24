import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const read = (file: string) => readFileSync(path.resolve(import.meta.dirname, '..', file), 'utf8')

test('the configuration page names every variable that is read, and no other', () => {
  const inCode = [...read('src/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name)
  const rows = read('docs/configuration.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
  const inDocs = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name))
  expect(inCode.length).toBeGreaterThan(5)
  expect(inDocs.sort()).toEqual(inCode.sort())
})

test('only what starts a program reads the environment, and hands it to the configuration', () => {
  const src = path.resolve(import.meta.dirname, '../src')
  const readers = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && readFileSync(path.join(src, file), 'utf8').includes('process.env'),
  )
  expect(readers.sort()).toEqual(['make-backup.ts', 'make-key.ts', 'restore-backup.ts', 'start.ts'])
  for (const file of readers) expect(read(`src/${file}`)).toContain('readConfig(process.env)')
})
