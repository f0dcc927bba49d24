import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../support/folder.ts'
import { BROKEN, type Broken, copySource } from './broken.ts'
import { CLIENTS, torture } from './torture.ts'

test('twenty kills at any instant change nothing of what the same work does undisturbed', {
  timeout: 600_000,
}, async () => {
  const seed = String(Date.now())
  const { faults, found, jobs, repeats } = await torture({ seed, kills: 20, powerCuts: 0 })
  expect(found, `npm run torture -- --seed ${seed} --kills 20 --power-cuts 0`).toEqual([])
  expect(Object.values(faults).reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(20)
  // Every client had work, and what was killed was at work: otherwise nothing was tried.
  expect(jobs).toBeGreaterThanOrEqual(CLIENTS)
  expect(repeats).toBeGreaterThanOrEqual(10)
})

test.each(Object.keys(BROKEN) as Broken[])('the broken build %s can still be made of these sources', (name) => {
  expect(existsSync(path.join(copySource(tempFolder(), name), 'src/main.ts'))).toBe(true)
})
