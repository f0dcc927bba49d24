import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../support/folder.ts'
import { canInject } from '../support/strace.ts'
import { BROKEN, type Broken, copySource } from './broken.ts'
import { PowerDisk } from './power-disk.ts'
import { SYNCS_OF_AN_EDIT, SYNCS_OF_AN_IMPORT } from './sweep.ts'
import { CLIENTS, torture } from './torture.ts'

const NOTHING_ELSE = { kills: 0, powerCuts: 0 }

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

test.skipIf(!canInject())(
  'a process that dies at any of its syncs has done its import or edit once or not at all',
  {
    timeout: 600_000,
  },
  async () => {
    const lanes = [SYNCS_OF_AN_IMPORT, SYNCS_OF_AN_EDIT]
    const { faults, found } = await torture({ seed: 'syncs', sweep: 50, lanes, ...NOTHING_ELSE })
    expect(found).toEqual([])
    expect(faults['at a system call']).toBeGreaterThanOrEqual(6)
  },
)

test.skipIf(!canInject())(
  'a build that writes the ledger in a transaction of its own is found by that, every time',
  {
    timeout: 600_000,
  },
  async () => {
    const { found } = await torture({
      ...{ seed: 'syncs', sweep: 50, lanes: [SYNCS_OF_AN_IMPORT], ...NOTHING_ELSE },
      broken: 'ledger-apart',
    })
    expect(found).toContainEqual(expect.stringMatching(/ledger of table .* not those of an undisturbed run/))
  },
)

test.skipIf(PowerDisk.missing() !== undefined)(
  'what was acknowledged is there after the power was cut',
  { timeout: 600_000 },
  async () => {
    const seed = String(Date.now())
    const { faults, found, jobs } = await torture({ seed, kills: 0, powerCuts: 2 })
    expect(found, `npm run torture -- --seed ${seed} --sweep 0 --kills 0 --power-cuts 2`).toEqual([])
    expect(faults['power cut']).toBeGreaterThanOrEqual(1)
    expect(jobs).toBeGreaterThanOrEqual(CLIENTS)
  },
)

test.each(Object.keys(BROKEN) as Broken[])('the broken build %s can still be made of these sources', (name) => {
  expect(existsSync(path.join(copySource(tempFolder(), name), 'src/main.ts'))).toBe(true)
})
