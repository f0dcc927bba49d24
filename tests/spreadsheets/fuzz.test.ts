import { join } from 'node:path'
import { expect, test } from 'vitest'
import { damagedWorkbook, formatOf, scrambledFile } from '../mutants/mutant.ts'
import { hasChecksum, judge, readSheets, VERDICTS, type Verdict } from '../mutants/verdict.ts'
import { judgeMutants } from '../mutants/watch.ts'
import { FIXTURES, tempFolder } from './files.ts'

const FILES = 170
const folder = tempFolder()

/** What may become of a file whose bytes were changed at random. A text has no bytes that it could not have. */
function isFine(format: string, verdict: Verdict): boolean {
  if (verdict === 'refused' || verdict === 'same') return true
  return (verdict === 'short' || verdict === 'other') && !hasChecksum(format)
}

test('files of every format with bytes changed at random give rows or a sentence, in time and in bounds', async () => {
  const counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0]))
  const wrong: string[] = []
  const seeds = Array.from({ length: FILES }, (_, seed) => seed)
  await judgeMutants('scrambled', seeds, ({ seed, verdict, sentence }) => {
    const { file, what } = scrambledFile(seed)
    counts[verdict] = (counts[verdict] ?? 0) + 1
    if (!isFine(formatOf(file), verdict)) wrong.push(`${verdict}: seed ${seed}, ${file}: ${what}: ${sentence}`)
  })
  expect(wrong).toEqual([])
  expect(counts.refused).toBeGreaterThan(FILES / 3)
  expect((counts.same ?? 0) + (counts.other ?? 0) + (counts.short ?? 0)).toBeGreaterThan(FILES / 10)
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
