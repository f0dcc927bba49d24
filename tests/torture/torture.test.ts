import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../support/folder.ts'
import { BROKEN, type Broken, copySource } from './broken.ts'
import { torture } from './torture.ts'

test('twenty kills at any instant change nothing of what the same work does undisturbed', {
  timeout: 600_000,
}, async () => {
  const seed = String(Date.now())
  const { faults, found, jobs } = await torture({ seed, kills: 20, powerCuts: 0 })
  expect(found, `npm run torture -- --seed ${seed} --kills 20 --power-cuts 0`).toEqual([])
  expect(Object.values(faults).reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(20)
  expect(jobs).toBeGreaterThan(0)
})

test.each(Object.keys(BROKEN) as Broken[])('the broken build %s can still be made of these sources', (name) => {
  expect(existsSync(path.join(copySource(tempFolder(), name), 'src/main.ts'))).toBe(true)
})
