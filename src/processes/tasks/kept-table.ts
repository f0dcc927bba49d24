import { statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import type { TemplateShape } from '../../columns/column.ts'
import { openTable } from '../../tables/open-table.ts'
import { syncTable } from '../../tables/table-schema.ts'

/** How long a table stays open for the next job that wants it. */
const KEEP_MS = 1000
/** Each holds memory for pages. */
const MOST_KEPT = 16

type Kept = { db: Database; inode: bigint; closing: NodeJS.Timeout }

/** The tables that were used a moment ago, in the order of their last use. */
const kept = new Map<string, Kept>()

/**
 * Works on a table as `openTable` opens it. When all goes well it stays open for a moment: opening and closing costs more
 * than a small import, because whoever closes a table last moves its whole write-ahead log.
 */
export async function withKeptTable<Result>(
  file: string,
  shape: TemplateShape,
  work: (table: Database) => Promise<Result>,
): Promise<Result> {
  const table = takeKept(file, shape) ?? openTable(file, shape)
  try {
    const result = await work(table)
    keep(file, table)
    return result
  } catch (error) {
    table.close()
    throw error
  }
}

function takeKept(file: string, shape: TemplateShape): Database | undefined {
  const before = kept.get(file)
  if (before === undefined) return undefined
  kept.delete(file)
  clearTimeout(before.closing)
  try {
    // A file that was put in its place meanwhile, a restored one for example, is another table.
    if (inodeOf(file) !== before.inode) throw new Error(`${file} is another file now`)
    syncTable(before.db, shape)
    return before.db
  } catch {
    // Opening it anew says what is wrong, if anything is.
    before.db.close()
    return undefined
  }
}

function keep(file: string, db: Database): void {
  const inode = inodeOf(file)
  if (inode === undefined) return void db.close()
  kept.set(file, { db, inode, closing: setTimeout(() => release(file), KEEP_MS) })
  const [oldest] = kept.keys()
  if (kept.size > MOST_KEPT && oldest !== undefined) release(oldest)
}

function release(file: string): void {
  const table = kept.get(file)
  kept.delete(file)
  clearTimeout(table?.closing)
  table?.db.close()
}

// Node ends without closing what is open, and the log of a table would stay beside it.
process.on('exit', () => {
  for (const file of [...kept.keys()]) release(file)
})

function inodeOf(file: string): bigint | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino
}
