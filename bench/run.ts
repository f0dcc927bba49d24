import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { DATA_FOLDER } from './data-files.ts'
import { installPeers } from './install-peers.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { comparisonTable, heading } from './report.ts'
import { runRounds } from './rounds.ts'
import { makeSeeds } from './seeds.ts'
import { PLANS, type Plan, type Setting } from './suites.ts'

/** `npm run bench`: Sheetport beside the libraries that do parts of its work. README.md tells the method. */

const WORK = path.join(DATA_FOLDER, `work-${process.pid}`)
const RESULTS = fileURLToPath(new URL('./results.md', import.meta.url))

async function main(args: string[]): Promise<void> {
  const options = readOptions(args)
  if (options === undefined) return console.log(USAGE)
  installPeers()
  removeAtExit(WORK)
  const parts = [heading(options)]
  console.log(parts[0])
  for (const rows of options.sizes) parts.push(...(await runSize(rows, options)))
  if (options.save) writeFileSync(RESULTS, `# Results\n\n${parts.join('\n')}`)
}

function removeAtExit(folder: string): void {
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  process.once('SIGINT', () => process.exit(130))
}

async function runSize(rows: number, options: Options): Promise<string[]> {
  const folder = path.join(WORK, String(rows))
  mkdirSync(folder, { recursive: true })
  const setting = { rows, folder, seeds: makeSeeds(folder, rows) }
  const tables = [`## ${rows.toLocaleString('en')} rows\n`]
  console.log(tables[0])
  for (const plan of options.suites.flatMap((suite) => PLANS[suite])) {
    const table = rows > plan.mostRows ? undefined : await runComparison(plan, setting, options)
    if (table === undefined) continue
    console.log(table)
    tables.push(table)
  }
  rmSync(folder, { recursive: true, force: true })
  return tables
}

async function runComparison(
  { compare }: Plan,
  setting: Setting,
  { ours, candidates: wanted, rounds }: Options,
): Promise<string | undefined> {
  const comparison = await compare(setting)
  const candidates = comparison.candidates.filter((each) => wanted.test(each.name) && (each.ours || !ours))
  if (candidates.length === 0) return undefined
  const results = await runRounds({ ...comparison, candidates }, { rounds, folder: setting.folder })
  return comparisonTable(comparison, results)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
