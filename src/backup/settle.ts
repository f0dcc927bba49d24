import Database from 'better-sqlite3'
import { and, eq, inArray } from 'drizzle-orm'
import { UNFINISHED } from '../db/jobs.ts'
import type { Db } from '../db/open.ts'
import { setJobFinished } from '../db/running-jobs.ts'
import { columns, type JobRow, jobs, templates } from '../db/schema.ts'
import { setTemplateRecords } from '../db/templates.ts'
import { countRecords, findLedgerEntry } from '../tables/ledger.ts'
import { isCreated, readMeta } from '../tables/table-file.ts'

/** The copy of app.db, and the one that is in use. */
export type Both = { copy: Db; live: Db }

/**
 * A table is copied after app.db, so it may know more: imports that were applied, columns that were changed and records
 * that were written meanwhile. This brings the copy of app.db up to what the copied table knows, so that both are one
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
    for (const job of unfinishedImports(copy, templateId)) completeIfApplied(copy, { job, table, expiresAt })
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

function unfinishedImports(db: Db, templateId: string): JobRow[] {
  return db
    .select()
    .from(jobs)
    .where(and(eq(jobs.templateId, templateId), eq(jobs.kind, 'import'), inArray(jobs.status, UNFINISHED)))
    .all()
}

/** Nobody may decide about an import, or cancel it, that the table already holds. */
function completeIfApplied(
  copy: Db,
  { job, table, expiresAt }: { job: JobRow; table: Database.Database; expiresAt: string },
): void {
  const counts = findLedgerEntry(table, job.id)?.counts
  if (counts === undefined) return
  const { elapsedMs } = job
  setJobFinished(copy, job.id, { status: 'completed', counts, rowsDone: counts.read, elapsedMs, expiresAt })
}
