import { Hono } from 'hono'
import { newId } from '../../ids.ts'
import type { Context } from '../../services/context.ts'
import { startExport } from '../../services/exports.ts'
import { startImport } from '../../services/imports.ts'
import { toJobObject } from '../../services/job-object.ts'
import { refuseFullQueue } from '../../services/queue-depth.ts'
import { receiveUpload } from '../../services/receive-upload.ts'
import { findTemplate } from '../../services/templates.ts'
import type { Env } from '../../web/env.ts'
import { readJson } from '../../web/read-json.ts'

export function importsApi(context: Context): Hono<Env> {
  const app = new Hono<Env>()

  app.post('/templates/:id/imports', async (c) => {
    const templateId = c.req.param('id')
    // Before the upload: who may not import here should not have to send the whole file to learn it.
    findTemplate(context, c.get('member'), templateId)
    refuseFullQueue(context, c.get('member'))
    const jobId = newId()
    const upload = await receiveUpload(c.req.raw, {
      folder: context.config.data.upload(jobId),
      maxBytes: context.config.maxUploadBytes,
    })
    const key = c.req.header('idempotency-key')
    if (key !== undefined) upload.fields.set('idempotency_key', key)
    const job = await startImport(context, c.get('member'), { templateId, jobId, upload })
    c.header('Location', `/api/jobs/${job.id}`)
    return c.json(toJobObject(job), 202)
  })

  app.post('/templates/:id/exports', async (c) => {
    const input = await readJson(c)
    const key = c.req.header('idempotency-key')
    const job = startExport(context, c.get('member'), { templateId: c.req.param('id'), input, key })
    c.header('Location', `/api/jobs/${job.id}`)
    return c.json(toJobObject(job), 202)
  })

  return app
}
