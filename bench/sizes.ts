import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { type DataFile, readyFile } from './data-files.ts'
import { againstLarge } from './large-sizes.ts'
import type { Options } from './options.ts'
import { runRounds } from './rounds.ts'
import { makeSeeds } from './seeds.ts'
import { measureServedImport } from './server/served-import.ts'
import type { Session } from './session.ts'
import { PLANS, type Plan, type Setting, SUITES } from './suites.ts'
import { copyTable } from './table-copy.ts'
import { measureQueries } from './table-queries.ts'

/** In a full run the slow ones run less often than the quick ones, and nothing runs for ever. */
const ENOUGH_MS = 6000
const LONGEST_MS = 20 * 60_000
const LONGEST_FULL_MS = 150_000
/** What a full run sends through a server, by the size that it is at: below a million, a person would hardly notice. */
const SERVED: Record<number, Pick<DataFile, 'format' | 'rows'>[]> = {
  1000000: [
    { format: 'shared', rows: 1_000_000 },
    { format: 'csv', rows: 1_000_000 },
    { format: 'csv', rows: 3_000_000 },
  ],
}

type Running = { folder: string; options: Options; session: Session }

/** Everything that is measured with so many rows. */
export async function runSize(rows: number, running: Running): Promise<void> {
  const { folder, options, session } = running
  const setting: Setting = { rows, folder, seeds: makeSeeds(folder, rows) }
  for (const suite of SUITES.filter((each) => options.suites.includes(each))) {
    if (suite === 'server') await runServer(rows, running)
    else if (suite === 'table') await session.attempt(`table, ${rows} records`, () => runTable(setting, running))
    else
      for (const plan of PLANS[suite])
        await session.attempt(`${suite}, ${rows} rows`, () => compare(plan, setting, running))
  }
  rmSync(folder, { recursive: true, force: true })
}

async function compare(plan: Plan, setting: Setting, { options, session }: Running): Promise<void> {
  const most = options.full ? Math.min(plan.mostRows, plan.newsUpTo ?? plan.mostRows) : plan.mostRows
  if (setting.rows > most) return
  const comparison = await plan.compare(setting)
  const candidates = comparison.candidates.filter(
    ({ name, ours }) => options.candidates.test(name) && (ours || !options.ours),
  )
  if (candidates.length === 0 || options.data) return
  const results = await runRounds(
    { ...comparison, candidates },
    {
      ...{ rounds: options.rounds, folder: setting.folder },
      enoughMs: options.full ? ENOUGH_MS : Number.POSITIVE_INFINITY,
      longestMs: options.full ? LONGEST_FULL_MS : LONGEST_MS,
      reasonAgainst: options.full ? againstLarge(comparison, session.findings) : () => null,
    },
  )
  session.found({ kind: 'comparison', size: setting.rows, comparison, results })
}

async function runTable({ rows, seeds, folder }: Setting, { options, session }: Running): Promise<void> {
  const imported = await seeds.imported()
  if (options.data) return
  const table = path.join(folder, 'table.db')
  copyTable(imported, table)
  session.found({ kind: 'table', size: rows, queries: await measureQueries(table) })
}

async function runServer(rows: number, { folder, options, session }: Running): Promise<void> {
  const wanted = options.full ? (SERVED[rows] ?? []) : [{ format: 'csv' as const, rows }]
  for (const each of wanted) {
    await session.attempt(`server, ${each.rows} rows of ${each.format}`, async () => {
      const file = await readyFile({ content: 'items', ...each })
      if (options.data) return
      const data = path.join(folder, 'server')
      mkdirSync(data)
      try {
        session.found({ kind: 'server', size: each.rows, served: await measureServedImport(file, data) })
      } finally {
        rmSync(data, { recursive: true, force: true })
      }
    })
  }
}
