import { isDeepStrictEqual } from 'node:util'
import type { TemplateShape } from '../columns/column.ts'
import { findTableJob } from '../db/jobs.ts'
import { setColumns, setTemplate, type TemplateSettings } from '../db/templates.ts'
import { ProcessDied } from '../processes/pool.ts'
import type { TableChange } from '../tables/table-schema.ts'
import { askTable } from './ask-table.ts'
import { type Context, type Member, Refusal } from './context.ts'
import { refuseInvalid } from './refuse-invalid.ts'
import { chooseColumns } from './template-columns.ts'
import { type TemplateChange, templateChange } from './template-input.ts'
import { busy, findTemplate, refuseTakenName, type TemplateView } from './templates.ts'

type Request = { id: string; input: unknown }

/** What a change would do to the values in the table. `sentence` says what would be lost, and is null when nothing is. */
export type TemplatePlan = TableChange & { sentence: string | null }

/** Looks at what a change would lose, and changes nothing. Throws `Refusal`: 404, 422 for fields. */
export async function planTemplateChange(
  context: Context,
  member: Member,
  { id, input }: Request,
): Promise<TemplatePlan> {
  const template = findTemplate(context, member, id)
  const { shape } = nextTemplate(template, refuseInvalid(templateChange, input))
  return plan(context, shape)
}

/**
 * Changes what `input` names and nothing else; `columns`, when given, is the whole new list. Renaming a column keeps its
 * values. Throws `Refusal`: 404; 409 when columns would change while an import or undo is not finished, when values
 * would be lost and the input does not say `force`, when records would share what must be unique, and when somebody
 * else changed the columns meanwhile; 422 for fields.
 */
export async function updateTemplate(context: Context, member: Member, { id, input }: Request): Promise<TemplateView> {
  const template = findTemplate(context, member, id)
  const change = refuseInvalid(templateChange, input)
  const next = nextTemplate(template, change)
  if (change.version !== undefined && change.version !== template.version) throw changedMeanwhile()
  if (next.columnsChange) {
    refuseBusy(context, template)
    const effect = await plan(context, next.shape)
    refuseShared(effect)
    if (!change.force) refuseLoss(effect)
  }
  writeChange(context, member, { template, next })
  if (next.columnsChange) await syncOrTakeBack(context, member, template)
  context.events.emit('template.changed', { templateId: id, teamId: member.team.id })
  return findTemplate(context, member, id)
}

function writeChange(
  context: Context,
  member: Member,
  { template, next }: { template: TemplateView; next: Next },
): void {
  const { settings, shape, columnsChange } = next
  context.db.transaction(
    (tx) => {
      refuseChangedSince(context, member, template)
      if (columnsChange) refuseBusy(context, template)
      if (settings.name !== undefined) {
        refuseTakenName({ db: tx }, { teamId: member.team.id, name: settings.name, except: template.id })
      }
      setTemplate(tx, template.id, columnsChange ? { ...settings, version: shape.version } : settings)
      if (columnsChange) setColumns(tx, template.id, shape.columns)
    },
    { behavior: 'immediate' },
  )
}

/**
 * Brings the table up to the new columns. Should that be refused, because of a record that came in after the plan,
 * the change is taken back. When it is not known whether it was done, it is done when the table is next opened.
 */
async function syncOrTakeBack(context: Context, member: Member, before: TemplateView): Promise<void> {
  const { shape } = findTemplate(context, member, before.id)
  try {
    await askTable(context, { kind: 'table.sync', table: context.config.data.table(shape.id), shape })
  } catch (error) {
    if (error instanceof ProcessDied) throw error
    const { name, description, mode, onProblems, groupColumnId, version } = before
    context.db.transaction((tx) => {
      setTemplate(tx, before.id, { name, description, mode, onProblems, groupColumnId, version })
      setColumns(tx, before.id, before.columns)
    })
    throw error
  }
}

type Next = { settings: TemplateSettings; shape: TemplateShape; columnsChange: boolean }

function nextTemplate(template: TemplateView, change: TemplateChange): Next {
  const { columns, groupColumnId } = chooseColumns(change, template)
  const columnsChange = !isDeepStrictEqual(columns, template.columns)
  const settings: TemplateSettings = {
    ...(change.name !== undefined && { name: change.name }),
    ...(change.description !== undefined && { description: change.description }),
    ...(change.mode !== undefined && { mode: change.mode }),
    ...(change.on_problems !== undefined && { onProblems: change.on_problems }),
    ...(groupColumnId !== template.groupColumnId && { groupColumnId }),
  }
  const version = columnsChange ? template.version + 1 : template.version
  return {
    settings,
    shape: { id: template.id, name: change.name ?? template.name, version, columns, groupColumnId },
    columnsChange,
  }
}

async function plan(context: Context, shape: TemplateShape): Promise<TemplatePlan> {
  const change = await askTable(context, { kind: 'table.plan', table: context.config.data.table(shape.id), shape })
  return { ...change, sentence: lossSentence(change) }
}

function lossSentence(change: TableChange): string | null {
  const losses = [
    ...change.dropped
      .filter((column) => column.values > 0)
      .map(({ name, values }) => `${count(values, 'value')} of '${name}'`),
    ...change.misfits
      .filter((column) => column.values > 0)
      .map(({ name, values, examples }) => {
        const shown = examples.map((example) => `'${example}'`).join(', ')
        return `${count(values, 'value')} of '${name}' that can't become the new type${shown === '' ? '' : `, such as ${shown}`}`
      }),
  ]
  return losses.length === 0 ? null : `This deletes ${losses.join('; ')}.`
}

/** Records that share what is to be unique must be mended first; no `force` can decide which of them is right. */
function refuseShared({ duplicateKeys, duplicates }: TemplatePlan): void {
  const shared = duplicates.map(({ name, records, examples }) => {
    const shown = examples.map((example) => `'${example}'`).join(', ')
    return `${count(records, 'record shares its', 'records share their')} '${name}' with another, such as ${shown}`
  })
  if (duplicateKeys > 0) shared.unshift(`${count(duplicateKeys, 'record has', 'records have')} the same key as another`)
  if (shared.length === 0) return
  throw new Refusal(409, {
    code: 'not_unique',
    message: `This can't be changed yet: ${shared.join('; ')}.`,
    hint: 'Correct these records first, or choose another key.',
  })
}

function refuseLoss({ sentence }: TemplatePlan): void {
  if (sentence === null) return
  throw new Refusal(409, {
    code: 'would_lose_values',
    message: sentence,
    hint: 'Save again and say that these values may go (force), or export the data first.',
  })
}

function refuseBusy(context: Context, template: TemplateView): void {
  const job = findTableJob(context.db, template.id)
  if (job !== undefined) throw busy(job, `The columns of '${template.name}' can't be changed`)
}

function refuseChangedSince(context: Context, member: Member, template: TemplateView): void {
  if (findTemplate(context, member, template.id).version !== template.version) throw changedMeanwhile()
}

function changedMeanwhile(): Refusal {
  return new Refusal(409, {
    code: 'changed_meanwhile',
    message: 'Somebody else changed the columns of this template meanwhile.',
    hint: 'Load it again, and make your change to its present columns.',
  })
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`
}
