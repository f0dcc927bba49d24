import { Hono } from 'hono'
import { z } from 'zod'
import { answerQuestions } from '../../services/answers.ts'
import type { Context } from '../../services/context.ts'
import { deleteJobFile } from '../../services/delete-job-file.ts'
import { CHANGE_KINDS, listChangeObjects } from '../../services/job-changes.ts'
import { findExportFile } from '../../services/job-files.ts'
import { listJobRows } from '../../services/job-lists.ts'
import { toJobObject } from '../../services/job-object.ts'
import { listProblemObjects, writeRefusedFile } from '../../services/job-problems.ts'
import { approveImport, cancelJob, getJob, retryJob, undoJob } from '../../services/jobs.ts'
import { listKeptByUndo, planUndo } from '../../services/plan-undo.ts'
import { refuseInvalid } from '../../services/refuse-invalid.ts'
import { findTemplate } from '../../services/templates.ts'
import { toKeptObject, toUndoPlanObject } from '../../services/undo-object.ts'
import { JOB_KINDS, JOB_STATUSES } from '../../states.ts'
import type { Env } from '../../web/env.ts'
import { readJson } from '../../web/read-json.ts'
import { sendFile } from '../../web/send-file.ts'
import { fromCursor, limitField, toCursor } from './cursor.ts'

const listQuery = z.object({
  template: z.string().optional(),
  kind: z.enum(JOB_KINDS).optional(),
  status: z.enum(JOB_STATUSES).optional(),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

const problemsQuery = z.object({
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
})

const changesQuery = z.object({
  kind: z.enum(CHANGE_KINDS).optional(),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
})
const position = z.object({ kind: z.enum(CHANGE_KINDS), after: z.number().int().min(0) })

const keptQuery = z.object({ limit: limitField, cursor: z.string().optional() })

function keptPage(id: string, query: Record<string, string>): { id: string; after: number; limit: number } {
  const { limit, cursor } = refuseInvalid(keptQuery, query)
  return { id, limit, after: fromCursor(z.number().int().min(0), cursor) ?? 0 }
}

export function jobsApi(context: Context): Hono<Env> {
  const app = new Hono<Env>()

  app.get('/jobs', (c) => {
    const { template, status, ...query } = refuseInvalid(listQuery, c.req.query())
    const statuses = status === undefined ? undefined : [status]
    const { rows, next } = listJobRows(context, c.get('member'), { ...query, templateId: template, statuses })
    return c.json({ items: rows.map(toJobObject), next })
  })

  app.get('/jobs/:id', (c) => c.json(toJobObject(getJob(context, c.get('member'), c.req.param('id')))))

  app.post('/jobs/:id/approve', (c) =>
    c.json(toJobObject(approveImport(context, c.get('member'), { id: c.req.param('id') }))),
  )

  app.post('/jobs/:id/answers', async (c) => {
    const input = await readJson(c)
    return c.json(toJobObject(await answerQuestions(context, c.get('member'), { id: c.req.param('id'), input })), 202)
  })

  app.post('/jobs/:id/cancel', (c) => c.json(toJobObject(cancelJob(context, c.get('member'), c.req.param('id')))))

  app.post('/jobs/:id/retry', async (c) => {
    const reading = c.req.header('content-type')?.includes('json') ? await readJson(c) : {}
    return c.json(toJobObject(await retryJob(context, c.get('member'), { id: c.req.param('id'), reading })), 202)
  })

  app.post('/jobs/:id/undo', (c) => {
    const undo = undoJob(context, c.get('member'), { id: c.req.param('id'), key: c.req.header('idempotency-key') })
    c.header('Location', `/api/jobs/${undo.id}`)
    return c.json(toJobObject(undo), 202)
  })

  app.get('/jobs/:id/undo', async (c) => {
    const { job, plan, next } = await planUndo(context, c.get('member'), keptPage(c.req.param('id'), c.req.query()))
    const { shape } = findTemplate(context, c.get('member'), job.templateId)
    const items = plan.kept.map((kept) => toKeptObject(kept, shape))
    return c.json({ ...toUndoPlanObject(plan), items, next: next === null ? null : toCursor(next) })
  })

  app.get('/jobs/:id/kept', async (c) => {
    const page = keptPage(c.req.param('id'), c.req.query())
    const { job, items, next } = await listKeptByUndo(context, c.get('member'), page)
    const { shape } = findTemplate(context, c.get('member'), job.templateId)
    return c.json({
      items: items.map((kept) => toKeptObject(kept, shape)),
      next: next === null ? null : toCursor(next),
    })
  })

  app.get('/jobs/:id/changes', async (c) => {
    const { cursor, ...query } = refuseInvalid(changesQuery, c.req.query())
    const asked = { id: c.req.param('id'), ...query, from: fromCursor(position, cursor) }
    const { items, next } = await listChangeObjects(context, c.get('member'), asked)
    return c.json({ items, next: next === null ? null : toCursor(next) })
  })

  app.get('/jobs/:id/problems', async (c) => {
    const page = refuseInvalid(problemsQuery, c.req.query())
    return c.json(await listProblemObjects(context, c.get('member'), { id: c.req.param('id'), ...page }))
  })

  app.get('/jobs/:id/:file{problems\\.(xlsx|csv)}', async (c) => {
    const format = c.req.param('file').endsWith('.csv') ? 'csv' : 'xlsx'
    return sendFile(c, await writeRefusedFile(context, c.get('member'), { id: c.req.param('id'), format }))
  })

  app.delete('/jobs/:id/file', async (c) =>
    c.json(toJobObject(await deleteJobFile(context, c.get('member'), c.req.param('id')))),
  )

  app.get('/jobs/:id/file', (c) => sendFile(c, findExportFile(context, c.get('member'), c.req.param('id'))))

  return app
}
