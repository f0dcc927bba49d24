import { join } from 'node:path'
import { expect, test } from 'vitest'
import { damagedWorkbook, formatOf, KINDS, type Kind, scrambledFile } from '../mutants/mutant.ts'
import { isFine, judge, readSheets, type Verdict } from '../mutants/verdict.ts'
import { judgeMutants } from '../mutants/watch.ts'
import { FIXTURES, tempFolder } from './files.ts'

const FILES = 200
const folder = tempFolder()

type Tally = { counts: Record<Verdict, number>; wrong: string[] }

async function judgeAll(kind: Kind, seeds: number[]): Promise<Tally> {
  const counts = { refused: 0, same: 0, short: 0, other: 0, crashed: 0, hung: 0, memory: 0 }
  const wrong: string[] = []
  await judgeMutants(kind, seeds, ({ seed, verdict, sentence }) => {
    const { file, what } = KINDS[kind](seed)
    counts[verdict] += 1
    if (!isFine(formatOf(file), verdict)) wrong.push(`${verdict}: seed ${seed}, ${file}: ${what}: ${sentence}`)
  })
  return { counts, wrong }
}

test('files of every format with bytes changed at random give rows or a sentence, in time and in bounds', async () => {
  const seeds = Array.from({ length: FILES }, (_, seed) => seed)
  const { counts, wrong } = await judgeAll('scrambled', seeds)
  expect(wrong).toEqual([])
  expect(counts.refused).toBeGreaterThan(FILES / 3)
  expect(counts.same + counts.other + counts.short).toBeGreaterThan(FILES / 10)
})

test('workbooks that were cut off, or lost a bit or a block, are refused or have all their rows', async () => {
  // Every workbook, with cuts, bits and blocks in turn; `npm run mutants` reads those between, too.
  const seeds = Array.from({ length: FILES }, (_, at) => at * 47)
  const { counts, wrong } = await judgeAll('damaged', seeds)
  expect(wrong).toEqual([])
  expect(counts.refused + counts.same + counts.other).toBe(FILES)
  expect(counts.refused).toBeGreaterThan(FILES / 2)
})

test('what is read short, or otherwise, is told from what is refused and from what is the same', async () => {
  const whole = await readSheets(folder.write('whole.csv', 'a,b\n1,2\n3,4\n'))
  const verdictOf = async (file: string) => (await judge(file, whole)).verdict
  expect(await verdictOf(folder.write('same.csv', 'a,b\n1,2\n3,4\n'))).toBe('same')
  expect(await verdictOf(folder.write('short.csv', 'a,b\n1,2\n'))).toBe('short')
  expect(await verdictOf(folder.write('other.csv', 'a,b\n1,2\n3,5\n'))).toBe('other')
  expect(await verdictOf(join(FIXTURES, 'password.xlsx'))).toBe('refused')
  expect(await verdictOf(join(FIXTURES, 'not-there.csv'))).toBe('crashed')
})

test('a mutant is the same whenever its seed is the same', () => {
  for (const make of [damagedWorkbook, scrambledFile]) {
    expect(make(4711)).toEqual(make(4711))
    expect(make(4711).bytes.equals(make(4711 + 13 * 17).bytes)).toBe(false)
  }
})
