import type { Database } from 'better-sqlite3'
import type { Counts, Progress } from './progress.ts'

/**
 * Makes the progress of a phase that goes through the staged rows in order. `schema` is the name under which the staging
 * file is attached. A group counts as done when its last row is.
 */
export function stagedProgress(
  db: Database,
  { schema, phase, rows }: { schema: 'main' | 's'; phase: Progress['phase']; rows: number },
): (rowsDone: number, counts: Counts) => Progress {
  const count = `SELECT count(*) FROM ${schema}.groups`
  const total = db.prepare<[], number>(count).pluck().get() ?? 0
  const done = db.prepare<[number], number>(`${count} WHERE last_n <= ?`).pluck()
  return (rowsDone, counts) => ({
    phase,
    rowsDone,
    rowsTotal: rows,
    fraction: rows === 0 ? 1 : rowsDone / rows,
    groupsDone: done.get(rowsDone) ?? 0,
    groupsTotal: total === 0 ? null : total,
    counts,
  })
}
