import { FINISHED, type JobFilter, listJobs } from '../db/jobs.ts'
import type { JobRow } from '../db/schema.ts'
import { listColumnRows } from '../db/templates.ts'
import type { JobStatus } from '../states.ts'
import type { JobView } from '../views/job-view.ts'
import type { Context, Member } from './context.ts'
import { viewJob } from './job-views.ts'

const PAGE = 25
const EARLIER = 8

/** A page of jobs, the newest first. `cursor` and `next` name the last job of the page before. */
export function listJobRows(
  { db }: Context,
  { team }: Member,
  { limit = PAGE, cursor, ...filter }: JobFilter & { limit?: number; cursor?: string | undefined },
): { rows: JobRow[]; next: string | null } {
  const before = cursor === undefined ? undefined : Number.parseInt(cursor, 36)
  const found = listJobs(db, team.id, { ...filter, limit: limit + 1, before: Number.isNaN(before) ? 0 : before })
  const rows = found.slice(0, limit)
  return { rows, next: found.length > limit ? (rows.at(-1)?.seq.toString(36) ?? null) : null }
}

export function listJobPage(
  context: Context,
  member: Member,
  filter: JobFilter & { cursor?: string | undefined },
): { jobs: JobView[]; next: string | null } {
  const { rows, next } = listJobRows(context, member, filter)
  return { jobs: rows.map((row) => viewJob(context, row)), next }
}

/** A template's jobs that run, wait or need somebody, and the last ones that have ended. */
export function templateJobs(
  context: Context,
  { team }: Member,
  templateId: string,
): { running: JobView[]; earlier: JobView[] } {
  const view = (row: JobRow) => viewJob(context, row)
  const list = (statuses: readonly JobStatus[], limit: number) =>
    listJobs(context.db, team.id, { templateId, statuses, limit })
  // However many came after it and wait, the one that runs is seen, and so is one that needs somebody.
  const running = [...list(['processing', 'review'], PAGE), ...list(['pending'], PAGE)]
  return {
    running: running.sort((a, b) => b.seq - a.seq).map(view),
    earlier: list(FINISHED, EARLIER).map(view),
  }
}

/** Column names by id, for pages that speak of columns. */
export function columnNames({ db }: Context, templateId: string): Record<string, string> {
  return Object.fromEntries(listColumnRows(db, templateId).map(({ id, name }) => [id, name]))
}
