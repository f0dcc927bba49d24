import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Problem } from '../columns/problem.ts'
import type { JobRow } from '../db/schema.ts'
import { newId } from '../ids.ts'
import type { ProblemGroup, ProblemPage, ProblemQuery } from '../tables/staged-problems.ts'
import type { FileToSend } from '../web/send-file.ts'
import { askTable } from './ask-table.ts'
import { type Context, type Member, Refusal } from './context.ts'
import { columnNames } from './job-lists.ts'
import { getJob } from './jobs.ts'
import { findTemplate } from './templates.ts'

/** A problem as the API says it: the column by name. */
export type ProblemObject = Omit<Problem, 'columnId'> & { column: string | null }

/** The problems of an import by column and kind, the most frequent first. */
export async function groupJobProblems(context: Context, member: Member, id: string): Promise<ProblemGroup[]> {
  const job = getJob(context, member, id)
  if (job.problems === 0) return []
  const { shape } = findTemplate(context, member, job.templateId)
  return askTable(context, { kind: 'problems.groups', staging: stagingOf(context, job), shape })
}

/** A page of problems in the order of the file. Throws `Refusal`: 404 no such job, 410 they are no longer kept. */
export async function listJobProblems(
  context: Context,
  member: Member,
  { id, ...query }: { id: string } & ProblemQuery,
): Promise<ProblemPage> {
  const job = getJob(context, member, id)
  if (job.problems === 0) return { items: [], next: null }
  return askTable(context, { kind: 'problems.list', staging: stagingOf(context, job), query })
}

/** The same page as the API says it. */
export async function listProblemObjects(
  context: Context,
  member: Member,
  { id, ...query }: { id: string } & ProblemQuery,
): Promise<{ items: ProblemObject[]; next: string | null }> {
  const names = columnNames(context, getJob(context, member, id).templateId)
  const { items, next } = await listJobProblems(context, member, { id, ...query })
  const toObject = ({ columnId, ...problem }: Problem): ProblemObject => {
    return { ...problem, column: columnId === null ? null : (names[columnId] ?? columnId) }
  }
  return { items: items.map(toObject), next }
}

/** Writes the refused rows in the file's own layout, with what is wrong in the first column, to be repaired. */
export async function writeRefusedFile(
  context: Context,
  member: Member,
  { id, format }: { id: string; format: 'xlsx' | 'csv' },
): Promise<FileToSend> {
  const job = getJob(context, member, id)
  const out = context.config.data.exported(`${id}.refused.${newId()}`, format)
  await askTable(context, { kind: 'problems.file', staging: stagingOf(context, job), format, out })
  const original = path.parse(job.fileName ?? 'import').name
  return { path: out, name: `${original} – refused rows.${format}`, temporary: true }
}

function stagingOf({ config }: Context, job: JobRow): string {
  const staging = config.data.staging(job.id)
  if (!existsSync(staging)) {
    throw new Refusal(410, {
      code: 'expired',
      message: 'The refused rows of this import are no longer kept.',
      hint: 'Upload the file again to see its problems.',
    })
  }
  return staging
}
