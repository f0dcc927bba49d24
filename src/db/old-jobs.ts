import { and, asc, desc, eq, inArray, isNull, lt, ne } from 'drizzle-orm'
import { FINISHED } from './jobs.ts'
import type { Db } from './open.ts'
import { theRow } from './returned.ts'
import { type JobRow, jobs, notices, type SweepRow, type Swept, sweeps, type TemplateRow, templates } from './schema.ts'

/** So many sweeps are told of. */
const SWEEPS_KEPT = 50

/** Imports and exports that have ended and whose file is said to be there. */
export function listIdsEndedWithFile(db: Db): string[] {
  return db
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(inArray(jobs.status, FINISHED), ne(jobs.kind, 'undo'), isNull(jobs.fileGoneAt)))
    .all()
    .map(({ id }) => id)
}

/** Imports that are not over, which need their file. */
export function listOpenImports(db: Db): JobRow[] {
  return db
    .select()
    .from(jobs)
    .where(and(eq(jobs.kind, 'import'), inArray(jobs.status, ['pending', 'processing', 'review'])))
    .all()
}

export function setFileGone(db: Db, id: string, at: string): void {
  db.update(jobs).set({ fileGoneAt: at }).where(eq(jobs.id, id)).run()
}

export function listIdsEndedBefore(db: Db, time: string): string[] {
  return db
    .select({ id: jobs.id })
    .from(jobs)
    .where(endedBefore(time))
    .all()
    .map(({ id }) => id)
}

/** Forgets those of these jobs that ended before this time, and the notices about them. Answers how many. */
export function deleteJobsEndedBefore(db: Db, time: string, ids: string[]): number {
  return db.transaction((tx) => {
    const old = and(inArray(jobs.id, ids), endedBefore(time))
    const forgotten = tx.select({ id: jobs.id }).from(jobs).where(old)
    tx.delete(notices).where(inArray(notices.jobId, forgotten)).run()
    return tx.delete(jobs).where(old).run().changes
  })
}

function endedBefore(time: string) {
  return and(inArray(jobs.status, FINISHED), lt(jobs.finishedAt, time))
}

export function listTemplatesMadeBefore(db: Db, time: string): TemplateRow[] {
  return db.select().from(templates).where(lt(templates.createdAt, time)).orderBy(asc(templates.createdAt)).all()
}

export function insertSweep(db: Db, sweep: { at: string; removed: Swept }): void {
  const { seq } = theRow(db.insert(sweeps).values(sweep).returning().all())
  db.delete(sweeps)
    .where(lt(sweeps.seq, seq - SWEEPS_KEPT))
    .run()
}

/** The latest first. */
export function listSweeps(db: Db, limit: number): SweepRow[] {
  return db.select().from(sweeps).orderBy(desc(sweeps.seq)).limit(limit).all()
}
