import { z } from 'zod'
import { DATE_ORDERS, DECIMAL_SIGNS } from '../columns/column.ts'
import type { Question } from '../columns/question.ts'
import { TOTALS_ANSWERS } from '../columns/totals.ts'
import { setJobRetried } from '../db/jobs.ts'
import type { Queries } from '../db/open.ts'
import type { JobRow } from '../db/schema.ts'
import { findTemplateRow, setColumnReading, setTemplate } from '../db/templates.ts'
import { tellJobEnqueued } from '../events.ts'
import type { Reading } from '../tables/reading.ts'
import { type Context, type Member, Refusal } from './context.ts'
import { getJob, refuseGoneFile, wrongState } from './jobs.ts'
import { openQuestions } from './open-questions.ts'
import { refuseInvalid } from './refuse-invalid.ts'

const answersInput = z.object({
  /** The question's id → the value of one of its options. */
  answers: z.record(z.string(), z.string()),
  /** Whether the template keeps the answers, so that nobody is asked again. */
  remember: z.boolean().default(true),
})

/**
 * Answers all that an import asks about its file, which is read again as the same job. Throws `Refusal`: 409 when it asks
 * nothing, 410 when its file is gone, 422 for a question without one of its answers.
 */
export async function answerQuestions(
  context: Context,
  member: Member,
  { id, input }: { id: string; input: unknown },
): Promise<JobRow> {
  const job = getJob(context, member, id)
  const questions = openQuestions(job)
  if (questions.length === 0 || job.input.kind !== 'import') throw wrongState(job, 'answer')
  const { answers, remember } = refuseInvalid(answersInput, input)
  refuseUnanswered(questions, answers)
  await refuseGoneFile(context, job)
  const given = readingOf(questions, answers)
  const reading = {
    ...job.input.reading,
    dateOrders: { ...job.input.reading.dateOrders, ...given.dateOrders },
    decimals: { ...job.input.reading.decimals, ...given.decimals },
    totals: given.totals ?? job.input.reading.totals,
  }
  const newInput = { ...job.input, reading }
  context.db.transaction((tx) => {
    if (!setJobRetried(tx, id, newInput)) throw wrongState(job, 'answer')
    if (remember) rememberReading(tx, job, given)
  })
  tellJobEnqueued(context.events, job)
  if (remember) context.events.emit('template.changed', { templateId: job.templateId, teamId: job.teamId })
  return getJob(context, member, id)
}

function refuseUnanswered(questions: Question[], answers: Record<string, string>): void {
  const fields = questions.flatMap(({ id, options, sentence }) => {
    const known = options.some(({ value }) => value === answers[id])
    const values = options.map(({ value }) => value).join(', ')
    return known ? [] : [{ path: `answers.${id}`, message: `${sentence} Answer with one of ${values}.` }]
  })
  const [first] = fields
  if (first === undefined) return
  throw new Refusal(422, {
    code: 'invalid',
    message: first.message,
    hint: 'Go back and answer every question.',
    fields,
  })
}

type Given = Pick<Reading, 'dateOrders' | 'decimals' | 'totals'>

function readingOf(questions: Question[], answers: Record<string, string>): Given {
  const given: Given = { dateOrders: {}, decimals: {}, totals: null }
  for (const { id, kind, columnId } of questions) {
    const isOne = <T extends string>(value: T) => value === answers[id]
    if (kind === 'totals') given.totals = TOTALS_ANSWERS.find(isOne) ?? null
    if (columnId === null) continue
    if (kind === 'date_order') given.dateOrders[columnId] = DATE_ORDERS.find(isOne) ?? null
    const decimal = DECIMAL_SIGNS.find(isOne)
    if (kind === 'decimal' && decimal !== undefined) given.decimals[columnId] = decimal
  }
  return given
}

/** What was said of columns becomes the template's; "none of these" is about this file only, and is asked again. */
function rememberReading(db: Queries, { templateId, teamId }: JobRow, { dateOrders, decimals }: Given): void {
  const template = findTemplateRow(db, { id: templateId, teamId })
  if (template === undefined) return
  if (Object.keys(dateOrders).length + Object.keys(decimals).length === 0) return
  for (const [id, dateOrder] of Object.entries(dateOrders)) {
    if (dateOrder !== null) setColumnReading(db, { templateId, id }, { dateOrder })
  }
  for (const [id, decimal] of Object.entries(decimals)) setColumnReading(db, { templateId, id }, { decimal })
  setTemplate(db, templateId, { version: template.version + 1 })
}
