import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { Mode } from '../columns/column.ts'
import type { Counts } from './progress.ts'
import { STATE } from './staging.ts'

/** Rows whose effect is written as one text before it goes into the hash. */
const CHUNK = 20_000

/**
 * The fingerprint of what an import would do: every row's state, the record it changes or deletes, and the state in
 * which that record is now. Another table gives the same fingerprint as long as the effect is the same; a person who
 * approved it need not be asked again.
 */
export function planFingerprint(
  staging: Database,
  { mode, counts, rows }: { mode: Mode; counts: Counts; rows: number },
): string {
  const hash = createHash('sha256').update(JSON.stringify([mode, counts]))
  const effects = staging
    .prepare<[number, number], string | null>(
      `SELECT group_concat(CASE m.state WHEN ${STATE.new} THEN '+' WHEN ${STATE.changed} THEN m.record || '@' || (SELECT entry FROM t.records WHERE id = m.record)
         WHEN ${STATE.duplicate} THEN '=' WHEN ${STATE.problem} THEN '!' ELSE '' END)
       FROM matches m
       WHERE m.n > ? AND m.n <= ?`,
    )
    .pluck()
  for (let from = 0; from < rows; from += CHUNK) hash.update(`${effects.get(from, from + CHUNK) ?? ''};`)
  if (counts.deleted === 0) return hash.digest('hex')
  const deletions = staging.prepare<[number], { last: number; effect: string }>(
    `SELECT max(record) AS last, group_concat(record || '@' || entry) AS effect
     FROM (SELECT record, entry FROM deletions WHERE record > ? ORDER BY record LIMIT ${CHUNK}) HAVING count(*) > 0`,
  )
  for (let chunk = deletions.get(0); chunk !== undefined; chunk = deletions.get(chunk.last))
    hash.update(`-${chunk.effect}`)
  return hash.digest('hex')
}
