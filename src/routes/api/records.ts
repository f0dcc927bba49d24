import { Hono } from 'hono'
import { z } from 'zod'
import type { Context } from '../../services/context.ts'
import { toRecordObject, toStepObject } from '../../services/record-object.ts'
import {
  createRecord,
  deleteRecord,
  findRecord,
  listRecordChanges,
  listRecords,
  updateRecord,
} from '../../services/records.ts'
import { refuseInvalid } from '../../services/refuse-invalid.ts'
import { findTemplate } from '../../services/templates.ts'
import type { Env } from '../../web/env.ts'
import { readJson } from '../../web/read-json.ts'
import { fromCursor, limitField, toCursor } from './cursor.ts'

const recordBody = z.object(
  { values: z.unknown() },
  { error: 'must be an object such as {"values": {"Column name": value}}' },
)

const historyQuery = z.object({ limit: limitField, cursor: z.string().optional() })
const position = z.number().int().min(0)

export function recordsApi(context: Context): Hono<Env> {
  const app = new Hono<Env>()

  app.get('/templates/:id/records', async (c) => {
    const templateId = c.req.param('id')
    const { shape } = findTemplate(context, c.get('member'), templateId)
    const query = { ...c.req.query(), filter: readFilter(c.req.query()) }
    const { items, next } = await listRecords(context, c.get('member'), { templateId, query })
    return c.json({ items: items.map((record) => toRecordObject(record, shape)), next })
  })

  app.post('/templates/:id/records', async (c) => {
    const templateId = c.req.param('id')
    const { shape } = findTemplate(context, c.get('member'), templateId)
    const { values } = refuseInvalid(recordBody, await readJson(c))
    const record = await createRecord(context, c.get('member'), { templateId, input: { json: values } })
    const location = `/api/templates/${templateId}/records/${record.id}`
    return c.json(toRecordObject(record, shape), 201, { Location: location })
  })

  app.get('/templates/:id/records/:record', async (c) => {
    const { shape } = findTemplate(context, c.get('member'), c.req.param('id'))
    const record = await findRecord(context, c.get('member'), addressOf(c.req.param()))
    return c.json(toRecordObject(record, shape))
  })

  app.get('/templates/:id/records/:record/history', async (c) => {
    const { shape } = findTemplate(context, c.get('member'), c.req.param('id'))
    const { limit, cursor } = refuseInvalid(historyQuery, c.req.query())
    const before = fromCursor(position, cursor)
    const page = { ...addressOf(c.req.param()), limit, before }
    const { items, next } = await listRecordChanges(context, c.get('member'), page)
    return c.json({
      items: items.map((step) => toStepObject(step, shape)),
      next: next === null ? null : toCursor(next),
    })
  })

  app.patch('/templates/:id/records/:record', async (c) => {
    const { shape } = findTemplate(context, c.get('member'), c.req.param('id'))
    const { values } = refuseInvalid(recordBody, await readJson(c))
    const change = { ...addressOf(c.req.param()), input: { json: values } }
    return c.json(toRecordObject(await updateRecord(context, c.get('member'), change), shape))
  })

  app.delete('/templates/:id/records/:record', async (c) => {
    await deleteRecord(context, c.get('member'), addressOf(c.req.param()))
    return c.body(null, 204)
  })

  return app
}

/** What is not a number names no record. */
function addressOf({ id, record }: { id: string; record: string }): { templateId: string; id: number } {
  return { templateId: id, id: /^\d{1,15}$/.test(record) ? Number(record) : 0 }
}

/** filter[Name]=text, once for each column. */
function readFilter(query: Record<string, string>): Record<string, string> {
  const wanted = Object.entries(query).map(([name, text]) => [/^filter\[([\s\S]+)\]$/.exec(name)?.[1] ?? '', text])
  return Object.fromEntries(wanted.filter(([column]) => column !== ''))
}
