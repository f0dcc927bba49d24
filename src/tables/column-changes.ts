import type { Database } from 'better-sqlite3'
import type { ColumnChanges } from './alter-table.ts'
import { readMeta, setMeta } from './table-file.ts'

/** How a table's columns became others, by their names, and after which entry of the ledger. */
type Remembered = { after: number; added: string[]; removed: string[]; retyped: string[] }

/** Writes down that the columns change, so that an undo of something older can say what that means for it. */
export function rememberColumnChanges(db: Database, { added, dropped, converted }: ColumnChanges): void {
  if (added.length + dropped.length + converted.length === 0) return
  const after = db.prepare<[], number>('SELECT coalesce(max(entry), 0) FROM ledger').pluck().get() ?? 0
  const change: Remembered = {
    after,
    added: added.map(({ name }) => name),
    removed: dropped.map(({ name }) => name),
    retyped: converted.map(({ to }) => to.name),
  }
  setMeta(db, 'column_changes', JSON.stringify([...remembered(db), change]))
}

/**
 * What the changes of the columns since an entry mean for putting records back as they were before it, as sentences for
 * people; null when the columns are the same.
 */
export function columnsSince(db: Database, entry: number): string | null {
  const since = remembered(db).filter(({ after }) => after >= entry)
  const added = new Set(since.flatMap((change) => change.added))
  const removed = since.flatMap((change) => change.removed).filter((name) => !added.delete(name))
  const retyped = since
    .flatMap((change) => change.retyped)
    .filter((name) => !added.has(name) && !removed.includes(name))
  const sentences = [
    removed.length > 0 && `${listed(removed)} left the template since; what stood there does not come back.`,
    retyped.length > 0 &&
      `${listed(retyped)} changed its type since; earlier values come back converted, and empty where they don’t fit.`,
    added.size > 0 && `${listed([...added])} came to the template since; what is put back has nothing there.`,
  ].filter((sentence) => sentence !== false)
  return sentences.length === 0 ? null : sentences.join(' ')
}

function remembered(db: Database): Remembered[] {
  return JSON.parse(readMeta(db, 'column_changes') ?? '[]')
}

function listed(names: string[]): string {
  const quoted = [...new Set(names)].map((name) => `“${name}”`)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`
}
