import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const PROGRAM = `
const { user: before } = process.cpuUsage()
const parts = ['', '/better-sqlite3', '/better-sqlite3/migrator', '/sqlite-core']
const loaded = await Promise.all(parts.map((part) => import('drizzle-orm' + part)))
const { user } = process.cpuUsage()
console.log(JSON.stringify({ names: loaded.flatMap((each) => Object.keys(each)), took: user - before }))`

function load(...args: string[]): { names: string[]; took: number } {
  const options = { cwd: path.resolve(import.meta.dirname, '..'), encoding: 'utf8' } as const
  return JSON.parse(execFileSync(process.execPath, [...args, '--input-type=module', '--eval', PROGRAM], options))
}

test('Drizzle is the same when it is loaded quickly, in less than half of the processor time', () => {
  const [quick, usual] = [load('--import', './src/load-drizzle-quickly.ts'), load()]
  expect(quick.names.length).toBeGreaterThan(100)
  expect(quick.names).toEqual(usual.names)
  expect(quick.took).toBeLessThan(usual.took / 2)
})
