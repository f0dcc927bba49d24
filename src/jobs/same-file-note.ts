import { isDeepStrictEqual } from 'node:util'
import { findImportedBefore } from '../db/jobs.ts'
import type { JobRow } from '../db/schema.ts'
import { findUserById } from '../db/users.ts'
import type { Context } from '../services/context.ts'
import type { Counts } from '../tables/progress.ts'

/**
 * Says that the bytes of an import were imported into its template before, by whom and when, and what importing them once
 * more means. `keyed` is whether the template has a key. The time is in ISO form; pages show it in the reader's own.
 */
export function sameFileNote(
  context: Context,
  job: JobRow,
  { counts, keyed }: { counts: Counts; keyed: boolean },
): string | undefined {
  const earlier = findImportedBefore(context.db, job)
  if (earlier === undefined) return undefined
  const by = earlier.createdBy === null ? undefined : findUserById(context.db, earlier.createdBy)?.name
  const when = earlier.finishedAt ?? earlier.createdAt
  const told = by === undefined ? `This file was imported on ${when}` : `${by} imported this file on ${when}`
  return `${told}; ${meaning(counts, { keyed, readAlike: isReadAlike(job, earlier) })}`
}

function isReadAlike({ input }: JobRow, { input: before }: JobRow): boolean {
  return input.kind === 'import' && before.kind === 'import' && isDeepStrictEqual(input.reading, before.reading)
}

function meaning(
  { created, updated, unchanged, deleted }: Counts,
  { keyed, readAlike }: { keyed: boolean; readAlike: boolean },
): string {
  if (created + updated + deleted === 0) return 'nothing in it is new.'
  if (!keyed && updated + unchanged === 0) {
    return `no key tells its rows from those, so going on adds ${count(created, 'row')} a second time.`
  }
  const effects = [
    created > 0 && `creates ${count(created, 'record')}`,
    updated > 0 &&
      (readAlike ? `sets ${count(updated, 'record')} back to what it says` : `updates ${count(updated, 'record')}`),
    deleted > 0 && `deletes ${count(deleted, 'record')}`,
  ].filter((effect) => effect !== false)
  const why = readAlike ? 'the table has changed since' : 'it is read in another way now'
  return `${why}, and going on ${listed(effects)}.`
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`
}

function listed(parts: string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
