import path from 'node:path'
import { type ReadyFile, readyFile } from './data-files.ts'
import { measure } from './measure.ts'
import { copyTable } from './table-copy.ts'
import { WIDE } from './wide-template.ts'

/**
 * Tables to begin with: `imported` has the items, `changed` besides the import of the file with changed rows, `wide` the
 * rows of a wide file, for the one comparison that wants them.
 */
export type Seeds = { imported(): Promise<string>; changed(): Promise<string>; wide(file: ReadyFile): Promise<string> }

/** Each is made when it is first needed, the items once for all who begin with them. */
export function makeSeeds(folder: string, rows: number): Seeds {
  const imported = once(async () => importInto(path.join(folder, 'imported.db'), await items('items', rows), 'first'))
  const changed = once(async () => {
    const table = path.join(folder, 'changed.db')
    copyTable(await imported(), table)
    return importInto(table, await items('changed', rows), 'again')
  })
  const wide = (file: ReadyFile) => importInto(path.join(folder, 'wide.db'), file, 'first')
  return { imported, changed, wide }
}

const LONGEST_MS = 20 * 60_000

function items(content: 'items' | 'changed', rows: number): Promise<ReadyFile> {
  return readyFile({ content, format: 'csv', rows })
}

async function importInto(table: string, file: ReadyFile, job: string): Promise<string> {
  const shape = file.content === 'wide' && { shape: WIDE }
  const input = { file: file.path, table, job, mode: 'update', ...shape }
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
