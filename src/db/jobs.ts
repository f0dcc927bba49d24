import { and, asc, desc, eq, gte, inArray, isNull, lt, ne, notInArray, type SQL, sql } from 'drizzle-orm'
import type { JobKind, JobStatus, Phase } from '../states.ts'
import type { ImportDetails } from '../tables/import-details.ts'
import type { Counts } from '../tables/progress.ts'
import { CHANGES_TABLE } from './job-order.ts'
import type { Db, Queries } from './open.ts'
import { prepared } from './prepared.ts'
import { type JobError, type JobRow, jobs } from './schema.ts'

export const UNFINISHED = ['pending', 'processing', 'review'] as const satisfies JobStatus[]
export const FINISHED = ['completed', 'failed', 'cancelled'] as const satisfies JobStatus[]

export function insertJob(db: Db, job: typeof jobs.$inferInsert): JobRow {
  return db.insert(jobs).values(job).returning().get()
}

export function findJob(db: Db, teamId: string, id: string): JobRow | undefined {
  return db
    .select()
    .from(jobs)
    .where(and(eq(jobs.id, id), eq(jobs.teamId, teamId)))
    .get()
}

const jobById = prepared((db: Db) =>
  db
    .select()
    .from(jobs)
    .where(eq(jobs.id, sql.placeholder('id')))
    .prepare(),
)

export function findJobById(db: Db, id: string): JobRow | undefined {
  return jobById(db).get({ id })
}

export function findJobByKey(db: Db, teamId: string, idempotencyKey: string): JobRow | undefined {
  return db
    .select()
    .from(jobs)
    .where(and(eq(jobs.teamId, teamId), eq(jobs.idempotencyKey, idempotencyKey)))
    .get()
}

/** Whether an import or undo of its template has been completed since this job began. */
export function hasTableChangedSince(db: Db, { templateId, startedAt }: JobRow): boolean {
  const since = and(eq(jobs.status, 'completed'), gte(jobs.finishedAt, startedAt ?? ''))
  return (
    db
      .select({ seq: jobs.seq })
      .from(jobs)
      .where(and(eq(jobs.templateId, templateId), inArray(jobs.kind, CHANGES_TABLE), since))
      .get() !== undefined
  )
}

/** An unfinished import of the same bytes into the same template. */
export function findSameImport(db: Db, templateId: string, sha256: string): JobRow | undefined {
  return db
    .select()
    .from(jobs)
    .where(
      and(
        eq(jobs.templateId, templateId),
        eq(jobs.fileSha256, sha256),
        eq(jobs.kind, 'import'),
        inArray(jobs.status, UNFINISHED),
      ),
    )
    .get()
}

/** The last other import of the same bytes into the same template that changed something and still stands. */
export function findImportedBefore(
  db: Db,
  { id, templateId, fileSha256 }: Pick<JobRow, 'id' | 'templateId' | 'fileSha256'>,
): JobRow | undefined {
  if (fileSha256 === null) return undefined
  return db
    .select()
    .from(jobs)
    .where(
      and(
        eq(jobs.templateId, templateId),
        eq(jobs.fileSha256, fileSha256),
        eq(jobs.kind, 'import'),
        eq(jobs.status, 'completed'),
        sql`json_extract(${jobs.input}, '$.dryRun') = 0`,
        sql`${jobs.created} + ${jobs.updated} + ${jobs.deleted} > 0`,
        isNull(jobs.undoneBy),
        ne(jobs.id, id),
      ),
    )
    .orderBy(desc(jobs.seq))
    .get()
}

export type JobFilter = {
  templateId?: string | undefined
  kind?: JobKind | undefined
  statuses?: readonly JobStatus[] | undefined
}

/** The newest first. `before` is the `seq` of the last job of the page before. */
export function listJobs(
  db: Db,
  teamId: string,
  { templateId, kind, statuses, limit, before }: JobFilter & { limit: number; before?: number | undefined },
): JobRow[] {
  const conditions: (SQL | undefined)[] = [
    eq(jobs.teamId, teamId),
    templateId === undefined ? undefined : eq(jobs.templateId, templateId),
    kind === undefined ? undefined : eq(jobs.kind, kind),
    statuses === undefined ? undefined : inArray(jobs.status, statuses),
    before === undefined ? undefined : lt(jobs.seq, before),
  ]
  return db
    .select()
    .from(jobs)
    .where(and(...conditions))
    .orderBy(desc(jobs.seq))
    .limit(limit)
    .all()
}

/** The job that holds the template's table right now. */
export function findApplyingJob(db: Db, templateId: string): JobRow | undefined {
  return db
    .select()
    .from(jobs)
    .where(and(eq(jobs.templateId, templateId), eq(jobs.status, 'processing'), eq(jobs.phase, 'applying')))
    .get()
}

export function listProcessingJobs(db: Db): JobRow[] {
  return db.select().from(jobs).where(eq(jobs.status, 'processing')).orderBy(asc(jobs.seq)).all()
}

/** The unfinished job that holds the template's table or waits for it first; a template can't be changed meanwhile. */
export function findTableJob(db: Db, templateId: string): JobRow | undefined {
  return db
    .select()
    .from(jobs)
    .where(and(eq(jobs.templateId, templateId), inArray(jobs.kind, CHANGES_TABLE), inArray(jobs.status, UNFINISHED)))
    .orderBy(asc(jobs.seq))
    .get()
}

/** Takes the job, or answers undefined when it is no longer pending. The strike is on disk before anything is read. */
export function claimJob(db: Db, id: string, backgroundJobId: string): JobRow | undefined {
  const now = new Date().toISOString()
  return db
    .update(jobs)
    .set({
      status: 'processing',
      attempts: sql`${jobs.attempts} + 1`,
      strikes: sql`${jobs.strikes} + 1`,
      backgroundJobId,
      startedAt: sql`coalesce(${jobs.startedAt}, ${now})`,
      heartbeatAt: now,
      error: null,
    })
    .where(and(eq(jobs.id, id), eq(jobs.status, 'pending')))
    .returning()
    .get()
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

export function setJobProgress(db: Db, id: string, { counts, furthest, ...progress }: JobProgress): void {
  db.update(jobs)
    .set({
      ...progress,
      ...counts,
      strikes: sql`case when ${jobs.furthest} < ${furthest} then 0 else ${jobs.strikes} end`,
      furthest: sql`max(${jobs.furthest}, ${furthest})`,
      heartbeatAt: new Date().toISOString(),
    })
    .where(and(eq(jobs.id, id), eq(jobs.status, 'processing')))
    .run()
}

/** Its process was heard so long ago. */
export function setJobHeartbeat(db: Db, id: string, silentMs: number): void {
  const heartbeatAt = new Date(Date.now() - silentMs).toISOString()
  db.update(jobs)
    .set({ heartbeatAt })
    .where(and(eq(jobs.id, id), eq(jobs.status, 'processing')))
    .run()
}

export function setJobDetails(db: Db, id: string, details: ImportDetails): void {
  db.update(jobs).set({ details }).where(eq(jobs.id, id)).run()
}

/** Answers false when the job was not processing any more. */
export function setJobFinished(
  db: Db,
  id: string,
  end: {
    status: (typeof FINISHED)[number]
    counts?: Counts | undefined
    rowsDone?: number | undefined
    fileSize?: number | undefined
    note?: string | undefined
    error?: JobError | undefined
    elapsedMs: number
    expiresAt: string | null
  },
): boolean {
  const { counts, ...rest } = end
  // Whatever was planned or under way, a cancelled job has done nothing.
  const nothing = { created: 0, updated: 0, unchanged: 0, deleted: 0, skipped: 0 }
  const changed = db
    .update(jobs)
    .set({
      ...rest,
      ...(end.status === 'cancelled' ? nothing : counts),
      phase: null,
      etaMs: null,
      speed: null,
      plan: null,
      note: end.note ?? null,
      percent: end.status === 'completed' ? 100 : sql`${jobs.percent}`,
      finishedAt: new Date().toISOString(),
    })
    .where(and(eq(jobs.id, id), notInArray(jobs.status, FINISHED)))
    .run()
  return changed.changes === 1
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

/** A person approved the plan they were shown: the job waits for its turn again. */
export function setJobApproved(db: Db, id: string): boolean {
  const changed = db
    .update(jobs)
    .set({ status: 'pending', approved: sql`${jobs.plan}`, plan: null, strikes: 0 })
    .where(and(eq(jobs.id, id), eq(jobs.status, 'review')))
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

export function setCancelRequested(db: Db, id: string): void {
  db.update(jobs).set({ cancelRequested: true }).where(eq(jobs.id, id)).run()
}

/** A person wants a job done again that failed, was cancelled or waits for a decision, perhaps with another input. */
export function setJobRetried(db: Queries, id: string, input: JobRow['input']): boolean {
  const changed = db
    .update(jobs)
    .set({
      status: 'pending',
      phase: null,
      input,
      error: null,
      approved: null,
      plan: null,
      note: null,
      cancelRequested: false,
      strikes: 0,
      furthest: 0,
      rowsDone: 0,
      rowsTotal: null,
      percent: null,
      elapsedMs: 0,
      startedAt: null,
      finishedAt: null,
      expiresAt: null,
      fileGoneAt: null,
      read: 0,
      created: 0,
      updated: 0,
      unchanged: 0,
      deleted: 0,
      skipped: 0,
      problems: 0,
    })
    .where(and(eq(jobs.id, id), inArray(jobs.status, ['failed', 'cancelled', 'review'])))
    .run()
  return changed.changes === 1
}

export function setUndoneBy(db: Db, id: string, undoneBy: string | null): void {
  db.update(jobs).set({ undoneBy }).where(eq(jobs.id, id)).run()
}

/** An undo of this job that has not failed or been cancelled. */
export function findUndoOf(db: Db, id: string): JobRow | undefined {
  return db
    .select()
    .from(jobs)
    .where(
      and(
        eq(jobs.kind, 'undo'),
        sql`json_extract(${jobs.input}, '$.undoOf') = ${id}`,
        inArray(jobs.status, UNFINISHED),
        isNull(jobs.undoneBy),
      ),
    )
    .get()
}
