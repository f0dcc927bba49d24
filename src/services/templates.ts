import { rm } from 'node:fs/promises'
import path from 'node:path'
import { type Column, keyColumns, type TemplateShape } from '../columns/column.ts'
import { listJobs, UNFINISHED } from '../db/jobs.ts'
import type { JobRow, TemplateRow } from '../db/schema.ts'
import {
  deleteTemplateRow,
  findTemplateRow,
  insertTemplate,
  listColumnRows,
  listTemplateNames,
  listTemplateRows,
  setColumns,
  type TemplatePosition,
  toShape,
} from '../db/templates.ts'
import { newId } from '../ids.ts'
import { EXPORT_FORMATS } from '../states.ts'
import { askTable } from './ask-table.ts'
import { type Context, type Member, Refusal } from './context.ts'
import { refuseInvalid } from './refuse-invalid.ts'
import { chooseColumns } from './template-columns.ts'
import { templateInput } from './template-input.ts'

/** A template with its columns in order. `hint` says what its settings leave to chance, in a sentence. */
export type TemplateView = TemplateRow & { columns: Column[]; shape: TemplateShape; hint: string | null }

/** The team's templates by name, all of them unless a limit is given; `after` is the last one of the page before. */
export function listTemplates(
  context: Context,
  member: Member,
  { after, limit = 10_000 }: { after?: TemplatePosition | undefined; limit?: number } = {},
): TemplateView[] {
  const rows = listTemplateRows(context.db, member.team.id, { limit, ...(after && { after }) })
  return rows.map((row) => view(context, row))
}

/** Throws a 404 that is the same for an unknown template and for one of another team. */
export function findTemplate(context: Context, member: Member, id: string): TemplateView {
  const row = findTemplateRow(context.db, { id, teamId: member.team.id })
  if (row === undefined) {
    throw new Refusal(404, { code: 'no_template', message: 'There is no such template. It may have been deleted.' })
  }
  return view(context, row)
}

/** Makes a template and its empty table. Throws a 422 for fields, among them a name that the team has already. */
export async function createTemplate(context: Context, member: Member, input: unknown): Promise<TemplateView> {
  const wish = refuseInvalid(templateInput, input)
  const { columns, groupColumnId } = chooseColumns(wish)
  const id = newId()
  context.db.transaction(
    (tx) => {
      refuseTakenName({ db: tx }, { teamId: member.team.id, name: wish.name })
      insertTemplate(tx, {
        id,
        teamId: member.team.id,
        name: wish.name,
        description: wish.description ?? '',
        ...(wish.mode && { mode: wish.mode }),
        ...(wish.on_problems && { onProblems: wish.on_problems }),
        groupColumnId,
        createdBy: member.user.id,
      })
      setColumns(tx, id, columns)
    },
    { behavior: 'immediate' },
  )
  const template = findTemplate(context, member, id)
  try {
    await askTable(context, { kind: 'table.sync', table: context.config.data.table(id), shape: template.shape })
  } catch (error) {
    deleteTemplateRow(context.db, id)
    throw error
  }
  context.events.emit('template.changed', { templateId: id, teamId: member.team.id })
  return template
}

/**
 * Deletes a template with its records, its jobs and their files. Throws a 404 as `findTemplate`, and a 409 while one of
 * its jobs is not finished.
 */
export async function deleteTemplate(context: Context, member: Member, id: string): Promise<void> {
  const template = findTemplate(context, member, id)
  const [unfinished] = listJobs(context.db, member.team.id, { templateId: id, statuses: UNFINISHED, limit: 1 })
  if (unfinished !== undefined) throw busy(unfinished, `'${template.name}' can't be deleted`)
  const jobs = listJobs(context.db, member.team.id, { templateId: id, limit: -1 })
  deleteTemplateRow(context.db, id)
  context.events.emit('template.deleted', { templateId: id, teamId: member.team.id })
  const { table, upload, staging, exported } = context.config.data
  const databases = [table(id), ...jobs.map((job) => staging(job.id))]
  await remove([
    ...databases.flatMap((file) => [file, `${file}-wal`, `${file}-shm`]),
    ...jobs.map((job) => upload(job.id)),
    ...jobs.flatMap((job) => EXPORT_FORMATS.map((format) => exported(job.id, format))),
  ])
}

/** Names are compared without case, in every language, among the team's own templates only. */
export function refuseTakenName(
  { db }: { db: Parameters<typeof listTemplateNames>[0] },
  { teamId, name, except }: { teamId: string; name: string; except?: string },
): void {
  const wanted = foldCase(name)
  const taken = listTemplateNames(db, teamId).find((other) => other.id !== except && foldCase(other.name) === wanted)
  if (taken === undefined) return
  const message = `Your team already has a template called '${taken.name}'.`
  throw new Refusal(422, { code: 'invalid', message, fields: [{ path: 'name', message }] })
}

/** A refusal that says which job stands in the way. */
export function busy(job: JobRow, consequence: string): Refusal {
  const file = job.fileName === null ? '' : ` of '${path.basename(job.fileName)}'`
  const state = job.status === 'review' ? 'waits for somebody to decide' : 'is not finished'
  return new Refusal(409, {
    code: 'template_busy',
    message: `${consequence} while the ${job.kind}${file} ${state}.`,
    hint: job.status === 'review' ? 'Approve or cancel it first.' : 'Wait until it is finished, or cancel it.',
    link: `/templates/${job.templateId}/jobs/${job.id}`,
  })
}

function view(context: Context, row: TemplateRow): TemplateView {
  const shape = toShape(row, listColumnRows(context.db, row.id))
  return { ...row, columns: shape.columns, shape, hint: hintFor(row, shape) }
}

function hintFor(row: TemplateRow, shape: TemplateShape): string | null {
  if (row.mode === 'add' || shape.columns.length === 0 || keyColumns(shape).length > 0) return null
  return 'No column is part of the key. Only rows of files exported from here find their record; all other rows are new.'
}

function foldCase(name: string): string {
  return name.normalize('NFC').toLocaleLowerCase('und')
}

async function remove(paths: string[]): Promise<void> {
  for (const each of paths) await rm(each, { recursive: true, force: true })
}
