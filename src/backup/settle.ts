import Database from 'better-sqlite3'
import { eq } from 'drizzle-orm'
import { findJobById, setUndoneBy } from '../db/jobs.ts'
import type { Db } from '../db/open.ts'
import { setJobFinished } from '../db/running-jobs.ts'
import { columns, jobs, templates } from '../db/schema.ts'
import { setTemplateRecords } from '../db/templates.ts'
import { findUserById } from '../db/users.ts'
import { countRecords, findLedgerEntry, type JobInLedger, listJobsInLedger } from '../tables/ledger.ts'
import { isCreated, readMeta } from '../tables/table-file.ts'

/** The copy of app.db, and the one that is in use. */
export type Both = { copy: Db; live: Db }

/**
 * A table is copied after app.db, so it may know more: imports and undos that were applied, columns that were changed and
 * records that were written meanwhile. This brings the copy of app.db up to what the copied table knows, so that both are one
 * state. `expiresAt` is when the files of an import go that turns out to be over.
 */
export function settle(
  { copy, live }: Both,
  { templateId, table: file, expiresAt }: { templateId: string; table: string; expiresAt: string },
): void {
  const table = new Database(file, { readonly: true, fileMustExist: true })
  try {
    if (!isCreated(table)) return
    const version = Number(readMeta(table, 'version'))
    if (version > (findVersion(copy, templateId) ?? 0)) takeColumns({ copy, live }, templateId)
    for (const done of listJobsInLedger(table)) settleJob({ copy, live }, { table, done, expiresAt })
    setTemplateRecords(copy, templateId, countRecords(table))
  } finally {
    table.close()
  }
}

/** The version of a template's columns; `undefined` when there is no such template. */
export function findVersion(db: Db, templateId: string): number | undefined {
  return db.select({ version: templates.version }).from(templates).where(eq(templates.id, templateId)).get()?.version
}

/** Columns are changed in app.db first, so there they are at least as new as in the table. */
function takeColumns({ copy, live }: Both, templateId: string): void {
  const now = live.transaction((tx) => ({
    template: tx.select().from(templates).where(eq(templates.id, templateId)).get(),
    columns: tx.select().from(columns).where(eq(columns.templateId, templateId)).all(),
  }))
  const template = now.template
  if (template === undefined) return
  copy.transaction((tx) => {
    const { version, groupColumnId } = template
    tx.update(templates).set({ version, groupColumnId }).where(eq(templates.id, templateId)).run()
    tx.delete(columns).where(eq(columns.templateId, templateId)).run()
    for (const column of now.columns) tx.insert(columns).values(column).run()
  })
}

/** Nobody may decide about an import or undo, cancel it or do it again, that the table already holds. */
function settleJob(
  { copy, live }: Both,
  { table, done, expiresAt }: { table: Database.Database; done: JobInLedger; expiresAt: string },
): void {
  if (findJobById(copy, done.id)?.status !== 'completed') {
    takeJob({ copy, live }, done.id)
    completeIfApplied(copy, { id: done.id, table, expiresAt })
  }
  const job = findJobById(copy, done.id)
  if (job !== undefined && job.undoneBy !== done.undoneBy) setUndoneBy(copy, job.id, done.undoneBy)
}

/** The job may have been asked for, or tried again, only after app.db was copied; one that is forgotten stays so. */
function takeJob({ copy, live }: Both, id: string): void {
  const job = findJobById(live, id)
  if (job === undefined) return
  // Whoever asked may have come after the copy as well.
  const known = job.createdBy !== null && findUserById(copy, job.createdBy) !== undefined
  const row = { ...job, createdBy: known ? job.createdBy : null }
  copy.insert(jobs).values(row).onConflictDoUpdate({ target: jobs.id, set: row }).run()
}

/** What is done in the table may not be noted yet in the app.db that is in use. */
function completeIfApplied(
  copy: Db,
  { id, table, expiresAt }: { id: string; table: Database.Database; expiresAt: string },
): void {
  const job = findJobById(copy, id)
  const counts = findLedgerEntry(table, id)?.counts
  if (job === undefined || counts === undefined) return
  const { elapsedMs } = job
  setJobFinished(copy, id, {
    ...{ status: 'completed', counts, rowsDone: counts.read, elapsedMs },
    expiresAt: job.kind === 'undo' ? null : expiresAt,
  })
}
