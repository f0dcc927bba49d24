import { and, asc, desc, eq, gte, inArray, isNull, lt, ne, type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { JobKind, JobStatus } from '../states.ts'
import { CHANGES_TABLE } from './job-order.ts'
import type { Db, Queries } from './open.ts'
import { given, prepared } from './prepared.ts'
import { theRow } from './returned.ts'
import { type JobRow, jobs } from './schema.ts'

export const UNFINISHED = ['pending', 'processing', 'review'] as const satisfies JobStatus[]
export const FINISHED = ['completed', 'failed', 'cancelled'] as const satisfies JobStatus[]

type NewJob = Pick<JobRow, 'id' | 'teamId' | 'templateId' | 'kind' | 'input'> &
  Partial<Pick<JobRow, (typeof MAY_LACK)[number] | 'status'>>

const MAY_LACK = ['createdBy', 'fileName', 'fileSize', 'fileSha256', 'idempotencyKey', 'idempotencyHash'] as const
const LACKS_ALL = Object.fromEntries(MAY_LACK.map((name) => [name, null]))

const insert = prepared((db: Db) => {
  const names = ['id', 'teamId', 'templateId', 'kind', 'input', 'status', ...MAY_LACK] as const
  const values = Object.fromEntries(names.map((name) => [name, sql.placeholder(name)]))
  return db
    .insert(jobs)
    .values(values as Record<(typeof names)[number], Placeholder>)
    .returning()
    .prepare()
})

export function insertJob(db: Db, job: NewJob): JobRow {
  return theRow(insert(db).all({ status: 'pending', ...LACKS_ALL, ...job }))
}

const jobOfTeam = prepared((db: Db) =>
  db
    .select()
    .from(jobs)
    .where(and(eq(jobs.id, given('id')), eq(jobs.teamId, given('teamId'))))
    .prepare(),
)

export function findJob(db: Db, teamId: string, id: string): JobRow | undefined {
  return jobOfTeam(db).get({ id, teamId })
}

const jobById = prepared((db: Db) =>
  db
    .select()
    .from(jobs)
    .where(eq(jobs.id, given('id')))
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

const sameImport = prepared((db: Db) =>
  db
    .select()
    .from(jobs)
    .where(
      and(
        eq(jobs.templateId, given('templateId')),
        eq(jobs.fileSha256, given('sha256')),
        eq(jobs.kind, 'import'),
        inArray(jobs.status, UNFINISHED),
      ),
    )
    .prepare(),
)

/** An unfinished import of the same bytes into the same template. */
export function findSameImport(db: Db, templateId: string, sha256: string): JobRow | undefined {
  return sameImport(db).get({ templateId, sha256 })
}

const importedBefore = prepared((db: Db) =>
  db
    .select()
    .from(jobs)
    .where(
      and(
        eq(jobs.templateId, given('templateId')),
        eq(jobs.fileSha256, given('fileSha256')),
        eq(jobs.kind, 'import'),
        eq(jobs.status, 'completed'),
        sql`json_extract(${jobs.input}, '$.dryRun') = 0`,
        sql`${jobs.created} + ${jobs.updated} + ${jobs.deleted} > 0`,
        isNull(jobs.undoneBy),
        ne(jobs.id, given('id')),
      ),
    )
    .orderBy(desc(jobs.seq))
    .prepare(),
)

/** The last other import of the same bytes into the same template that changed something and still stands. */
export function findImportedBefore(
  db: Db,
  { id, templateId, fileSha256 }: Pick<JobRow, 'id' | 'templateId' | 'fileSha256'>,
): JobRow | undefined {
  return fileSha256 === null ? undefined : importedBefore(db).get({ id, templateId, fileSha256 })
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

/** The unfinished job that holds the template's table or waits for it first; a template can't be changed meanwhile. */
export function findTableJob(db: Db, templateId: string): JobRow | undefined {
  return db
    .select()
    .from(jobs)
    .where(and(eq(jobs.templateId, templateId), inArray(jobs.kind, CHANGES_TABLE), inArray(jobs.status, UNFINISHED)))
    .orderBy(asc(jobs.seq))
    .get()
}

/** A person approved the plan they were shown: the job waits for its turn again. */
export function setJobApproved(db: Db, id: string): boolean {
  const changed = db
    .update(jobs)
    .set({ status: 'pending', approved: sql`${jobs.plan}`, plan: null, strikes: 0, backgroundJobId: null })
    .where(and(eq(jobs.id, id), eq(jobs.status, 'review')))
    .run()
  return changed.changes === 1
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
      backgroundJobId: null,
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
