import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/**
 * How long a page of records took, often enough to tell; `served` when SQLite found it by an index. `index` is the one
 * that was made for it: how long that took, and how long the page had taken before.
 */
export type QueryTimes = {
  name: string
  rows: number
  served: boolean
  index: { ms: number; before: number } | null
  times: number[]
}

const PROCESS = fileURLToPath(new URL('./query-table.ts', import.meta.url))

/** Asks a table for pages in every way that its page offers, in a process of its own. */
export async function measureQueries(table: string): Promise<QueryTimes[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROCESS, table], { env: { TZ: 'UTC' } })
  return JSON.parse(stdout)
}
