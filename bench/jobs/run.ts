import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { DATA_FOLDER } from '../data-files.ts'
import { whereAndWhen } from '../report.ts'
import { measureBackup } from './backup.ts'
import type { Figure } from './figures.ts'
import { measureRecovery, measureStart } from './latency.ts'
import { measurePushes } from './pushes.ts'
import { measureRestart } from './restart.ts'
import { measureBacklog, measureEndToEnd } from './throughput.ts'

/** `npm run bench:jobs`: what a job costs, whatever its file costs. ../README.md tells the method. */

const WORK = path.join(DATA_FOLDER, `jobs-${process.pid}`)
const RESULTS = fileURLToPath(new URL('../results-jobs.md', import.meta.url))

const SUITES = ['backlog', 'end-to-end', 'start', 'recovery', 'pushes', 'restart', 'backup'] as const
type Suite = (typeof SUITES)[number]

const USAGE = `npm run bench:jobs -- [options]
  --only SUITE,SUITE   of ${SUITES.join(', ')}
  --quick              a tenth of the work, to try it
  --save               also write the table to bench/results-jobs.md`

function measure(suite: Suite, { quick, folder }: { quick: boolean; folder: string }): Promise<Figure[]> {
  switch (suite) {
    case 'backlog':
      return measureBacklog(folder, quick ? 1000 : 10_000)
    case 'end-to-end':
      return measureEndToEnd(folder, quick ? 100 : 1000)
    case 'start':
      return measureStart(folder, quick ? 50 : 300)
    case 'recovery':
      return measureRecovery(folder, quick ? 1 : 5)
    case 'pushes':
      return measurePushes(folder)
    case 'restart':
      return measureRestart(folder, quick ? 100 : 1000)
    case 'backup':
      return measureBackup(folder, quick ? 50_000 : 500_000)
  }
}

async function main(args: string[]): Promise<void> {
  const options = {
    only: { type: 'string', default: SUITES.join(',') },
    quick: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const
  const { only, quick, save, help } = parseArgs({ args, options }).values
  if (help) return console.log(USAGE)
  process.on('exit', () => rmSync(WORK, { recursive: true, force: true }))
  process.once('SIGINT', () => process.exit(130))
  const about = `${whereAndWhen()} ${quick ? 'A quick run, a tenth of the work. ' : ''}README.md says how to read the table.\n`
  const lines = [about, '| | measured | goal | |', '|---|--:|--:|---|']
  console.log(lines.join('\n'))
  for (const suite of only.split(',').map(toSuite)) {
    const folder = path.join(WORK, suite)
    mkdirSync(folder, { recursive: true })
    const figures = (await measure(suite, { quick, folder })).map(line)
    console.log(figures.join('\n'))
    lines.push(...figures)
    rmSync(folder, { recursive: true, force: true })
  }
  if (save) writeFileSync(RESULTS, `# Jobs\n\n${lines.join('\n')}\n`)
}

function toSuite(text: string): Suite {
  const suite = SUITES.find((name) => name === text.trim())
  if (suite === undefined) throw new Error(`There is no suite '${text}', only ${SUITES.join(', ')}.`)
  return suite
}

function line({ what, value, goal = '', met }: Figure): string {
  return `| ${what} | ${value} | ${goal} | ${met === undefined ? '' : met ? 'met' : 'missed'} |`
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
