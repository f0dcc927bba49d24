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
  const rounds = Array.from({ length: 3 }, () => [load('--import', './src/load-drizzle-quickly.ts'), load()] as const)
  for (const [quick, usual] of rounds) {
    expect(quick.names.length).toBeGreaterThan(100)
    expect(quick.names).toEqual(usual.names)
  }
  // Whatever else the machine does can only add to it.
  const least = (times: number[]) => Math.min(...times)
  expect(least(rounds.map(([quick]) => quick.took))).toBeLessThan(least(rounds.map(([, usual]) => usual.took)) / 2)
})
