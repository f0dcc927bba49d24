import { z } from 'zod'
import type { Task } from '../processes/protocol.ts'
import type { RecordPage } from '../tables/list-records.ts'
import { decodeCursor } from '../tables/record-cursor.ts'
import type { RecordChange, RecordEdit, StoredRecord } from '../tables/records.ts'
import { askTable } from './ask-table.ts'
import { type Context, type Member, Refusal } from './context.ts'
import { indexTable } from './index-table.ts'
import { noteIfPossible } from './note-if-possible.ts'
import { pathOf, type RecordInput, readRecord, refusedFields } from './record-input.ts'
import { refuseInvalid } from './refuse-invalid.ts'
import { refuseWhileApplied } from './refuse-while-applied.ts'
import { named } from './template-columns.ts'
import { findTemplate, type TemplateView } from './templates.ts'

export type { RecordInput } from './record-input.ts'

type RecordAddress = { templateId: string; id: number }

const recordQuery = z.object({
  q: z.string().max(200, { error: 'must have at most 200 characters' }).default(''),
  /** Wanted texts by column name or id. */
  filter: z.record(z.string(), z.string().max(200)).default({}),
  /** A column's name or id, with "-" in front for the largest first. */
  sort: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(25),
  cursor: z
    .string()
    .refine((cursor) => decodeCursor(cursor) !== undefined, {
      error: 'This is not a cursor of this list. Pass back the "next" of the page before.',
    })
    .optional(),
  offset: z.coerce.number().int().min(0).optional(),
  /** Only what this import wrote. */
  import: z.string().optional(),
})
export type RecordListQuery = z.input<typeof recordQuery>

/**
 * A page of records, in the order of the table unless sorted; of the texts in `filter` see tables/record-filter.ts.
 * Throws `Refusal`: 404 no such template, 422 a query that can't be understood.
 */
export async function listRecords(
  context: Context,
  member: Member,
  { templateId, query }: { templateId: string; query: RecordListQuery },
): Promise<RecordPage> {
  const template = findTemplate(context, member, templateId)
  const wish = refuseInvalid(recordQuery, query)
  const filters = Object.entries(wish.filter).filter(([, text]) => text.trim() !== '')
  const page = await askTable(context, {
    kind: 'records.list',
    ...tableOf(context, template),
    query: {
      q: wish.q,
      columns: Object.fromEntries(
        filters.map(([name, text]) => [named(template.columns, name, `filter[${name}]`).id, text]),
      ),
      ...readSort(template, wish.sort),
      limit: wish.limit,
      ...(wish.cursor && { cursor: wish.cursor }),
      ...(wish.offset !== undefined && { offset: wish.offset }),
      ...(wish.import && { importId: wish.import }),
    },
  })
  if (page.wantsIndex !== null) void indexTable(context, template, page.wantsIndex)
  return page
}

/** The first records of a table, for a look at it. */
export async function previewRecords(
  context: Context,
  member: Member,
  { templateId, limit }: { templateId: string; limit: number },
): Promise<StoredRecord[]> {
  const { items } = await listRecords(context, member, { templateId, query: { limit } })
  return items
}

/** Throws a 404 for an unknown template or record. */
export async function findRecord(context: Context, member: Member, address: RecordAddress): Promise<StoredRecord> {
  return find(context, findTemplate(context, member, address.templateId), address.id)
}

/** Whether a record is in the table now. Throws a 404 for an unknown template. */
export async function recordExists(context: Context, member: Member, address: RecordAddress): Promise<boolean> {
  const template = findTemplate(context, member, address.templateId)
  return (await askTable(context, { kind: 'records.find', ...tableOf(context, template), id: address.id })) !== null
}

/**
 * What happened to a record, the latest first, also to one that is deleted. `next` is the `before` of the page with
 * earlier steps.
 */
export async function listRecordChanges(
  context: Context,
  member: Member,
  { templateId, limit, ...asked }: RecordAddress & { limit: number; before?: number | undefined },
): Promise<{ items: RecordChange[]; next: number | null }> {
  const template = findTemplate(context, member, templateId)
  const task = { kind: 'records.history', ...tableOf(context, template), ...asked, limit: limit + 1 } as const
  const found = await askTable(context, task)
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? (items.at(-1)?.entry ?? null) : null }
}

/** Throws `Refusal`: 404 no such template, 422 for fields, also for a key or unique value that is taken; 409 busy. */
export async function createRecord(
  context: Context,
  member: Member,
  { templateId, input }: { templateId: string; input: RecordInput },
): Promise<StoredRecord> {
  const template = findTemplate(context, member, templateId)
  const values = readRecord(template.shape, input)
  refuseWhileApplied(context, template.id)
  const task = { kind: 'records.insert', ...tableOf(context, template), values, actor: member.user.name } as const
  const edit = await editTable(context, template.id, task)
  const record = accepted(edit, template, input)
  announce(context, template)
  return record
}

/** Changes the columns that `input` names. Throws as `createRecord`, and a 404 when the record is gone. */
export async function updateRecord(
  context: Context,
  member: Member,
  { templateId, id, input }: RecordAddress & { input: RecordInput },
): Promise<StoredRecord> {
  const template = findTemplate(context, member, templateId)
  const values = readRecord(template.shape, input)
  refuseWhileApplied(context, template.id)
  const task = { kind: 'records.update', ...tableOf(context, template), id, values, actor: member.user.name } as const
  const edit = await editTable(context, template.id, task)
  const record = accepted(edit, template, input)
  announce(context, template)
  return record
}

/** Throws a 404 for an unknown template or record, a 409 while an import is applied. */
export async function deleteRecord(context: Context, member: Member, { templateId, id }: RecordAddress): Promise<void> {
  const template = findTemplate(context, member, templateId)
  const actor = member.user.name
  refuseWhileApplied(context, template.id)
  const task = { kind: 'records.delete', ...tableOf(context, template), id, actor } as const
  const deleted = await editTable(context, template.id, task)
  if ('absent' in deleted) throw noRecord()
  announce(context, template)
}

type EditTask = Task<'records.insert' | 'records.update' | 'records.delete'>

async function editTable<T extends EditTask>(context: Context, templateId: string, task: T) {
  const answer = await askTable(context, task)
  if ('size' in answer) noteIfPossible(() => context.sizes.note(context.db, templateId, answer.size))
  return answer
}

async function find(context: Context, template: TemplateView, id: number): Promise<StoredRecord> {
  const known = Number.isSafeInteger(id) && id > 0
  const record = known ? await askTable(context, { kind: 'records.find', ...tableOf(context, template), id }) : null
  if (record === null) throw noRecord()
  return record
}

function tableOf(context: Context, template: TemplateView) {
  return { table: context.config.data.table(template.id), shape: template.shape }
}

/** A column may be called "-A", so the whole text is tried as a name before the sign is read. */
function readSort(template: TemplateView, sort: string | undefined): { sort: string | null; descending: boolean } {
  if (sort === undefined || sort === '') return { sort: null, descending: false }
  const plain = template.columns.find((column) => column.name === sort || column.id === sort)
  if (plain !== undefined) return { sort: plain.id, descending: false }
  const descending = sort.startsWith('-')
  return { sort: named(template.columns, descending ? sort.slice(1) : sort, 'sort').id, descending }
}

function accepted(edit: RecordEdit, template: TemplateView, input: RecordInput): StoredRecord {
  if ('ok' in edit) return edit.ok
  if ('absent' in edit) throw noRecord()
  const fields = edit.refused.map(({ path, message }) => {
    const column = template.columns.find((each) => each.id === path)
    return { path: column === undefined ? 'values' : pathOf(column, input), message }
  })
  throw refusedFields(fields)
}

function noRecord(): Refusal {
  return new Refusal(404, { code: 'no_record', message: 'There is no such record. It may have been deleted.' })
}

function announce(context: Context, template: TemplateView): void {
  context.events.emit('records.changed', { templateId: template.id, teamId: template.teamId })
}
