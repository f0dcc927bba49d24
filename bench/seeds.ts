import path from 'node:path'
import { readyFile } from './data-files.ts'
import { measure } from './measure.ts'
import { copyTable } from './table-copy.ts'

/** Tables to begin with: `imported` has the items, `changed` besides the import of the file with changed rows. */
export type Seeds = { imported(): Promise<string>; changed(): Promise<string> }

/** Each is made once, when it is first needed. */
export function makeSeeds(folder: string, rows: number): Seeds {
  const imported = once(async () =>
    importInto(path.join(folder, 'imported.db'), { content: 'items', rows, job: 'first' }),
  )
  const changed = once(async () => {
    const table = path.join(folder, 'changed.db')
    copyTable(await imported(), table)
    return importInto(table, { content: 'changed', rows, job: 'again' })
  })
  return { imported, changed }
}

const LONGEST_MS = 20 * 60_000

type Import = { content: 'items' | 'changed'; rows: number; job: string }

async function importInto(table: string, { content, rows, job }: Import): Promise<string> {
  const { path: file } = await readyFile({ content, format: 'csv', rows })
  const input = { file, table, job, mode: 'update' }
  const outcome = await measure(
    { kind: 'job', module: './table-jobs.ts', call: 'importFile', input },
    { longestMs: LONGEST_MS },
  )
  if ('failed' in outcome) throw new Error(`The table to begin with could not be made: ${outcome.failed}`)
  return table
}

function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined
  return () => {
    result ??= work()
    return result
  }
}
