import type { Database } from 'better-sqlite3'
import type { Mode, TemplateShape } from '../columns/column.ts'
import { type Comparing, startComparing } from './comparing.ts'
import { withAttached } from './connection.ts'
import { dataVersion } from './ledger.ts'
import { countUnknownIds, matchRows, resetMatches, setEmptyAside } from './match-rows.ts'
import { planFingerprint } from './plan-fingerprint.ts'
import type { Counts, Progress } from './progress.ts'
import { refuseRepeated, refuseTaken } from './refuse-conflicts.ts'
import { keepCheckedValues } from './refused-cells.ts'
import { sqlName } from './sql-columns.ts'
import { stagedProgress } from './staged-progress.ts'
import { countMatches, STATE, setStagingMeta, stagingMeta } from './staging.ts'

/** What an import would do to the table as it is now. */
export type Comparison = {
  counts: Counts
  /** The fingerprint of the effect; see `planFingerprint`. */
  plan: string
  /** In mode replace: refused rows of which nobody can say which record they are, so it may be among the deleted. */
  unidentified: number
  /** Sentences for the person about what was taken otherwise than the file says. */
  warnings: string[]
}

export type CompareOptions = {
  /** A complete staging file. */
  staging: Database
  table: Database
  shape: TemplateShape
  mode: Mode
  onProgress?: ((progress: Progress) => void) | undefined
}

/** What the staging file remembers of its last comparison. */
export type Compared = { plan: string; mode: Mode; dataVersion: number; counts: Counts }

/** Matching the rows takes most of the time; the checks on the whole are the rest. */
const MATCHED = 0.7

/**
 * Compares every row of a staging file with the table: new, changed, unchanged, duplicate in the file, or problem; in
 * mode replace also which records go. Only columns that the file has are compared. Comparing again starts afresh. The
 * table is only read, in one state from first to last.
 */
export function compare({ staging, table, shape, mode, onProgress }: CompareOptions): Comparison {
  return withAttached(staging, 't', table, () =>
    staging.transaction((): Comparison => {
      const version = dataVersion(staging, 't')
      const comparing = startComparing(staging, shape, mode)
      const report = reporter(comparing, onProgress)
      resetMatches(comparing)
      matchRows(comparing, (done) => report((done / comparing.rows) * MATCHED))
      setEmptyAside(comparing)
      refuseRepeated(comparing)
      report(0.85)
      refuseTaken(comparing)
      findDeletions(comparing)
      report(0.95)
      const counts = countStates(comparing)
      if (counts.problems > comparing.bad) keepCheckedValues(comparing)
      const plan = planFingerprint(staging, { mode, counts, rows: comparing.rows })
      const compared: Compared = { plan, mode, dataVersion: version, counts }
      setStagingMeta(staging, 'compared', JSON.stringify(compared))
      const unknownIds = countUnknownIds(comparing)
      report(1, counts)
      return { counts, plan, unidentified: countUnidentified(comparing), warnings: idWarnings(comparing, unknownIds) }
    })(),
  )
}

/** The last comparison of a staging file; `undefined` before the first. */
export function lastCompared(staging: Database): Compared | undefined {
  const json = stagingMeta(staging, 'compared')
  return json === undefined ? undefined : JSON.parse(json)
}

/** Every record that no row of the file is, not even a refused one. */
function findDeletions({ staging, mode }: Comparing): void {
  if (mode !== 'replace') return
  staging.exec(`INSERT INTO deletions SELECT id, entry FROM t.records
    WHERE id NOT IN (SELECT record FROM matches WHERE record IS NOT NULL)`)
}

function countStates({ staging, rows }: Comparing): Counts {
  const states = countMatches(staging)
  return {
    read: rows,
    created: states.new,
    updated: states.changed,
    unchanged: states.unchanged,
    deleted: staging.prepare<[], number>('SELECT count(*) FROM deletions').pluck().get() ?? 0,
    skipped: states.duplicate,
    problems: states.problem,
  }
}

function countUnidentified({ staging, mode, key, keyInFile }: Comparing): number {
  if (mode !== 'replace') return 0
  const unreadable = keyInFile ? key.map(({ id }) => `r.${sqlName(id)} IS NULL`).join(' OR ') : '1'
  const sql = `SELECT count(*) FROM matches m JOIN rows r ON r.n = m.n
    WHERE m.state = ${STATE.problem} AND m.record IS NULL AND (${unreadable})`
  return staging.prepare<[], number>(sql).pluck().get() ?? 0
}

function idWarnings({ mode, hasIds }: Comparing, unknown: number): string[] {
  if (hasIds && mode === 'add')
    return ['The record ids in the file were ignored, because this import only adds new rows.']
  if (unknown === 0) return []
  const rows = unknown === 1 ? '1 row has a record id' : `${unknown.toLocaleString('en')} rows have record ids`
  return [`${rows} that this table does not know; matched by key where there is one, else taken as new.`]
}

function reporter({ staging, rows, bad }: Comparing, onProgress: CompareOptions['onProgress']) {
  const progress = stagedProgress(staging, { schema: 'main', phase: 'comparing', rows })
  const soFar: Counts = { read: rows, created: 0, updated: 0, unchanged: 0, deleted: 0, skipped: 0, problems: bad }
  return (fraction: number, counts = soFar): void => onProgress?.(progress(Math.round(fraction * rows), counts))
}
