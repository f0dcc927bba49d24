import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Row } from '../../../src/spreadsheets/cell.ts'
import { openSpreadsheet } from '../../../src/spreadsheets/open.ts'
import { SpreadsheetError } from '../../../src/spreadsheets/spreadsheet.ts'
import { FIXTURES, tempFolder } from '../files.ts'

const folder = tempFolder()
const NAMES = ['many-kinds.xlsx', 'port-lineup.xlsx', 'simple.xlsm']
const FLIPS = 200

/** The same numbers every time (Lehmer's generator). */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

describe('a damaged workbook gives all its rows as they were, or a refusal', () => {
  for (const [index, name] of NAMES.entries()) {
    const good = readFileSync(join(FIXTURES, name))

    it(`${name}, cut at each 2 %`, async () => {
      const whole = await readAll(join(FIXTURES, name))
      expect(whole).toBeInstanceOf(Map)
      for (let percent = 2; percent < 100; percent += 2) {
        const cut = good.subarray(0, Math.floor((good.length * percent) / 100))
        expect(await damageOf(cut, whole), `${percent} %`).toBe('refused')
      }
    })

    it(`${name}, with a bit flipped at ${FLIPS} places, and a block of zeros at as many`, async () => {
      const whole = await readAll(join(FIXTURES, name))
      expect(whole).toBeInstanceOf(Map)
      const next = random(index + 1)
      const outcomes = { refused: 0, same: 0 }
      for (let at = 0; at < FLIPS; at += 1) {
        // The first bytes tell what kind of file it is; without them it is another kind.
        const flipped = Buffer.from(good)
        const place = 4 + next(good.length - 4)
        flipped[place] = (flipped[place] ?? 0) ^ (1 << next(8))
        outcomes[await damageOf(flipped, whole)] += 1
        const zeroed = Buffer.from(good)
        const start = 4 + next(good.length - 68)
        zeroed.fill(0, start, start + 64)
        outcomes[await damageOf(zeroed, whole)] += 1
      }
      expect(outcomes.refused).toBeGreaterThan(FLIPS / 2)
    })
  }
})

/** Every sheet's rows; whatever makes it throw but a refusal fails the test. */
async function readAll(path: string): Promise<Map<string, Row[]> | 'refused'> {
  try {
    const spreadsheet = await openSpreadsheet(path)
    try {
      const all = new Map<string, Row[]>()
      for (const { name } of spreadsheet.sheets) {
        const rows: Row[] = []
        for await (const batch of spreadsheet.rows(name)) rows.push(...batch.rows)
        all.set(name, rows)
      }
      return all
    } finally {
      spreadsheet.close()
    }
  } catch (error) {
    if (error instanceof SpreadsheetError) return 'refused'
    throw error
  }
}

async function damageOf(bytes: Buffer, whole: Map<string, Row[]> | 'refused'): Promise<'refused' | 'same'> {
  const found = await readAll(folder.write('damaged.xlsx', bytes))
  if (found === 'refused') return 'refused'
  expect(found).toEqual(whole)
  return 'same'
}
