import { and, asc, eq, notInArray, sql } from 'drizzle-orm'
import type { Phase } from '../states.ts'
import type { ImportDetails } from '../tables/import-details.ts'
import type { Counts } from '../tables/progress.ts'
import { FINISHED } from './jobs.ts'
import type { Db } from './open.ts'
import { given, prepared } from './prepared.ts'
import { type JobError, type JobRow, jobs } from './schema.ts'

/** What is written of a job from its claim to its end. Each is asked for every job, so it is built once. */

const isProcessing = and(eq(jobs.id, given('id')), eq(jobs.status, 'processing'))

export function listProcessingJobs(db: Db): JobRow[] {
  return db.select().from(jobs).where(eq(jobs.status, 'processing')).orderBy(asc(jobs.seq)).all()
}

const claim = prepared((db: Db) =>
  db
    .update(jobs)
    .set({
      status: 'processing',
      attempts: sql`${jobs.attempts} + 1`,
      strikes: sql`${jobs.strikes} + 1`,
      backgroundJobId: given('backgroundJobId'),
      startedAt: sql`coalesce(${jobs.startedAt}, ${given('now')})`,
      heartbeatAt: given('now'),
      error: null,
    })
    .where(and(eq(jobs.id, given('id')), eq(jobs.status, 'pending')))
    .returning()
    .prepare(),
)

/** Takes the job, or answers undefined when it is no longer pending. The strike is written before anything is read. */
export function claimJob(db: Db, id: string, backgroundJobId: string): JobRow | undefined {
  // Not get(): see theRow.
  return claim(db).all({ id, backgroundJobId, now: new Date().toISOString() })[0]
}

export type JobProgress = {
  phase: Phase | null
  rowsDone: number
  rowsTotal: number | null
  percent: number | null
  groupsDone: number
  groupsTotal: number | null
  speed: number | null
  etaMs: number | null
  elapsedMs: number
  counts: Counts
  /** The index of the phase; getting further than ever before forgives the strikes. */
  furthest: number
}

const COUNTS = {
  read: given('read'),
  created: given('created'),
  updated: given('updated'),
  unchanged: given('unchanged'),
  deleted: given('deleted'),
  skipped: given('skipped'),
  problems: given('problems'),
}

const progressed = prepared((db: Db) =>
  db
    .update(jobs)
    .set({
      phase: given('phase'),
      rowsDone: given('rowsDone'),
      rowsTotal: given('rowsTotal'),
      percent: given('percent'),
      groupsDone: given('groupsDone'),
      groupsTotal: given('groupsTotal'),
      speed: given('speed'),
      etaMs: given('etaMs'),
      elapsedMs: given('elapsedMs'),
      ...COUNTS,
      strikes: sql`case when ${jobs.furthest} < ${given('furthest')} then 0 else ${jobs.strikes} end`,
      furthest: sql`max(${jobs.furthest}, ${given('furthest')})`,
      heartbeatAt: given('now'),
    })
    .where(isProcessing)
    .prepare(),
)

export function setJobProgress(db: Db, id: string, { counts, ...progress }: JobProgress): void {
  progressed(db).run({ id, ...progress, ...counts, now: new Date().toISOString() })
}

/** Its process was heard so long ago. */
export function setJobHeartbeat(db: Db, id: string, silentMs: number): void {
  const heartbeatAt = new Date(Date.now() - silentMs).toISOString()
  db.update(jobs)
    .set({ heartbeatAt })
    .where(and(eq(jobs.id, id), eq(jobs.status, 'processing')))
    .run()
}

const detailed = prepared((db: Db) =>
  db
    .update(jobs)
    .set({ details: given('details') })
    .where(eq(jobs.id, given('id')))
    .prepare(),
)

export function setJobDetails(db: Db, id: string, details: ImportDetails): void {
  detailed(db).run({ id, details: JSON.stringify(details) })
}

export type JobFinish = {
  status: (typeof FINISHED)[number]
  counts?: Counts | undefined
  rowsDone?: number | undefined
  fileSize?: number | undefined
  note?: string | undefined
  error?: JobError | undefined
  elapsedMs: number
  expiresAt: string | null
}

const finished = prepared((db: Db) =>
  db
    .update(jobs)
    .set({
      status: given('status'),
      // What is not given stays as it is.
      read: sql`coalesce(${given('read')}, ${jobs.read})`,
      created: sql`coalesce(${given('created')}, ${jobs.created})`,
      updated: sql`coalesce(${given('updated')}, ${jobs.updated})`,
      unchanged: sql`coalesce(${given('unchanged')}, ${jobs.unchanged})`,
      deleted: sql`coalesce(${given('deleted')}, ${jobs.deleted})`,
      skipped: sql`coalesce(${given('skipped')}, ${jobs.skipped})`,
      problems: sql`coalesce(${given('problems')}, ${jobs.problems})`,
      rowsDone: sql`coalesce(${given('rowsDone')}, ${jobs.rowsDone})`,
      fileSize: sql`coalesce(${given('fileSize')}, ${jobs.fileSize})`,
      error: sql`coalesce(${given('error')}, ${jobs.error})`,
      phase: null,
      etaMs: null,
      speed: null,
      plan: null,
      note: given('note'),
      percent: sql`case ${given('status')} when 'completed' then 100 else ${jobs.percent} end`,
      elapsedMs: given('elapsedMs'),
      expiresAt: given('expiresAt'),
      finishedAt: given('now'),
    })
    .where(and(eq(jobs.id, given('id')), notInArray(jobs.status, FINISHED)))
    .prepare(),
)

const NOT_GIVEN = { read: null, problems: null }
const UNSAID = { ...NOT_GIVEN, created: null, updated: null, unchanged: null, deleted: null, skipped: null }
/** Whatever was planned or under way, a cancelled job has done nothing. */
const NOTHING_DONE = { ...NOT_GIVEN, created: 0, updated: 0, unchanged: 0, deleted: 0, skipped: 0 }

/** Answers false when the job was not processing any more. */
export function setJobFinished(db: Db, id: string, end: JobFinish): boolean {
  const { status, elapsedMs, expiresAt } = end
  const { changes } = finished(db).run({
    ...{ id, status, elapsedMs, expiresAt, now: new Date().toISOString() },
    ...(status === 'cancelled' ? NOTHING_DONE : (end.counts ?? UNSAID)),
    rowsDone: end.rowsDone ?? null,
    fileSize: end.fileSize ?? null,
    note: end.note ?? null,
    error: end.error === undefined ? null : JSON.stringify(end.error),
  })
  return changes === 1
}

export function setJobReview(
  db: Db,
  id: string,
  review: { plan: string; counts: Counts; note: string | null; elapsedMs: number },
): boolean {
  const changed = db
    .update(jobs)
    .set({
      status: 'review',
      plan: review.plan,
      note: review.note,
      approved: null,
      ...review.counts,
      elapsedMs: review.elapsedMs,
      etaMs: null,
      speed: null,
      strikes: 0,
    })
    .where(and(eq(jobs.id, id), eq(jobs.status, 'processing')))
    .run()
  return changed.changes === 1
}

/** Gives a claimed job back. `refund` when it was not the job's fault, so that no strike is counted. */
export function setJobPending(db: Db, id: string, { refund }: { refund: boolean }): void {
  db.update(jobs)
    .set({
      status: 'pending',
      speed: null,
      etaMs: null,
      strikes: refund ? sql`max(${jobs.strikes} - 1, 0)` : jobs.strikes,
    })
    .where(and(eq(jobs.id, id), eq(jobs.status, 'processing')))
    .run()
}
