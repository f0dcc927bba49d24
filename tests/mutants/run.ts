import { writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { damagedWorkbook, formatOf, WORKBOOKS } from './mutant.ts'
import { isFine, VERDICTS, type Verdict } from './verdict.ts'
import { type Judged, judgeMutants } from './watch.ts'

/**
 * `npm run mutants`: damages real workbooks in 10,000 ways and reads each. Every one must come out as it was or be
 * refused with a sentence. Ends with code 1 when one does not; `npm run mutants -- --seed N` reads a single one again.
 *
 * XLSX, XLSM, XLSB and ODS carry a checksum of each part, so any other value is a failure. XLS has none: whether a bit
 * inside of a number or a text was flipped can't be known, so other values are counted there, and missing rows are the
 * failure. A text file says nowhere where it ends: a cut CSV is a shorter CSV, and it is not among these.
 */

const MUTANTS = 10_000
/** A process for so many at once, so that a command line stays short. */
const A_PROCESS = 250
const EXAMPLES = 40

type Tally = Map<string, Record<Verdict, number>>

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, count: { type: 'string' }, format: { type: 'string' } },
  })
  if (values.seed !== undefined) return replay(Number(values.seed))
  const wanted = values.format?.toUpperCase()
  const seeds = Array.from({ length: Number(values.count ?? MUTANTS) }, (_, seed) => seed).filter(
    (seed) => wanted === undefined || formatOf(fileOf(seed)) === wanted,
  )
  const tally: Tally = new Map()
  const failures: Judged[] = []
  const started = performance.now()
  await judgeAll(seeds, (judged) => {
    const format = formatOf(fileOf(judged.seed))
    const counts = tally.get(format) ?? noCounts()
    counts[judged.verdict] += 1
    tally.set(format, counts)
    if (!isFine(format, judged.verdict)) failures.push(judged)
  })
  print(tally, failures)
  console.log(`${seeds.length.toLocaleString('en')} mutants in ${Math.round((performance.now() - started) / 1000)} s`)
  if (failures.length > 0) process.exitCode = 1
}

/** As many processes as there are cores take the next seeds in turn. */
async function judgeAll(seeds: number[], onJudged: (judged: Judged) => void): Promise<void> {
  let next = 0
  const work = async () => {
    while (next < seeds.length) {
      const part = seeds.slice(next, next + A_PROCESS)
      next += A_PROCESS
      await judgeMutants('damaged', part, onJudged)
    }
  }
  await Promise.all(Array.from({ length: os.availableParallelism() }, work))
}

function fileOf(seed: number): string {
  return WORKBOOKS[seed % WORKBOOKS.length] ?? ''
}

function noCounts(): Record<Verdict, number> {
  return { refused: 0, same: 0, short: 0, other: 0, crashed: 0, hung: 0, memory: 0 }
}

function print(tally: Tally, failures: Judged[]): void {
  console.log(`| format | mutants | ${VERDICTS.join(' | ')} |\n|---|--:|${VERDICTS.map(() => '--:|').join('')}`)
  for (const [format, counts] of tally) {
    const all = VERDICTS.reduce((sum, verdict) => sum + counts[verdict], 0)
    console.log(`| ${format} | ${all} | ${VERDICTS.map((verdict) => counts[verdict]).join(' | ')} |`)
  }
  for (const { seed, verdict, sentence } of failures.slice(0, EXAMPLES)) {
    const { file, what } = damagedWorkbook(seed)
    console.log(`${verdict}: --seed ${seed}: ${file}, ${what}: ${sentence.split('\n')[0]}`)
  }
  if (failures.length > EXAMPLES) console.log(`and ${failures.length - EXAMPLES} more`)
}

async function replay(seed: number): Promise<void> {
  const { file, what, bytes } = damagedWorkbook(seed)
  const kept = path.join(os.tmpdir(), `mutant-${seed}${path.extname(file)}`)
  writeFileSync(kept, bytes)
  console.log(`${file}, ${what}, is in ${kept}`)
  await judgeMutants('damaged', [seed], ({ verdict, sentence }) => {
    console.log(`${verdict}: ${sentence}`)
    if (!isFine(formatOf(file), verdict)) process.exitCode = 1
  })
}

await main()
