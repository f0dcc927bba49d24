import { applyImport } from '../../src/tables/apply.ts'
import { compare, lastCompared } from '../../src/tables/compare.ts'
import { openTable } from '../../src/tables/open-table.ts'
import { openStaging } from '../../src/tables/staging.ts'
import { undoImport } from '../../src/tables/undo.ts'

/** What the test tells this process: whose files, what to do with them, and at which report of progress to die. */
export type Orders = {
  table: string
  staging: string
  source: Parameters<typeof openStaging>[1]
  do: 'compare' | 'apply' | 'undo'
  dieAt: number
}

/** Compares, applies or undoes an import, and dies as by a power switch: no handler runs, nothing is flushed. */
function run({ table: file, staging: stagingFile, source, ...orders }: Orders): void {
  const table = openTable(file, source.shape)
  // So little memory that SQLite has written much of the transaction to the disk before it is committed.
  table.pragma('cache_size = 10')
  let reports = 0
  const onProgress = () => {
    if (++reports === orders.dieAt) process.kill(process.pid, 'SIGKILL')
  }
  const common = { table, shape: source.shape, actor: 'Ann', onProgress }
  if (orders.do === 'undo') undoImport({ ...common, jobId: 'undo', undoOf: 'job' })
  else {
    const { staging } = openStaging(stagingFile, source)
    if (orders.do === 'compare') compare({ ...common, staging, mode: 'replace' })
    const compared = lastCompared(staging)
    if (compared === undefined) throw new Error('not compared')
    applyImport({ ...common, ...compared, staging, jobId: 'job', file: 'items.csv' })
  }
  process.kill(process.pid, 'SIGKILL')
}

run(JSON.parse(process.argv[2] ?? ''))
