import { rm } from 'node:fs/promises'
import { Hono } from 'hono'
import { z } from 'zod'
import { newId } from '../../ids.ts'
import type { Context } from '../../services/context.ts'
import { proposeTemplate } from '../../services/propose-template.ts'
import { receiveUpload } from '../../services/receive-upload.ts'
import { refuseInvalid } from '../../services/refuse-invalid.ts'
import { updateTemplate } from '../../services/template-changes.ts'
import { toProposalObject, toTemplateObject } from '../../services/template-object.ts'
import { createTemplate, deleteTemplate, findTemplate, listTemplates } from '../../services/templates.ts'
import type { Env } from '../../web/env.ts'
import { readJson } from '../../web/read-json.ts'
import { fromCursor, limitField, toCursor } from './cursor.ts'

const listQuery = z.object({ limit: limitField, cursor: z.string().optional() })
const position = z.object({ name: z.string(), id: z.string() })

export function templatesApi(context: Context): Hono<Env> {
  const app = new Hono<Env>()

  app.get('/templates', (c) => {
    const { limit, cursor } = refuseInvalid(listQuery, c.req.query())
    const after = fromCursor(position, cursor)
    const found = listTemplates(context, c.get('member'), { after, limit: limit + 1 })
    const items = found.slice(0, limit)
    const last = found.length > limit ? items.at(-1) : undefined
    const next = last === undefined ? null : toCursor({ name: last.name, id: last.id })
    return c.json({ items: items.map(toTemplateObject), next })
  })

  app.post('/templates', async (c) => {
    const template = await createTemplate(context, c.get('member'), await readJson(c))
    return c.json(toTemplateObject(template), 201, { Location: `/api/templates/${template.id}` })
  })

  app.post('/templates/infer', async (c) => {
    const { config } = context
    const folder = config.data.upload(newId())
    const upload = await receiveUpload(c.req.raw, { folder, maxBytes: config.maxUploadBytes })
    try {
      return c.json(toProposalObject(await proposeTemplate(context, upload)))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  app.get('/templates/:id', (c) => c.json(toTemplateObject(findTemplate(context, c.get('member'), c.req.param('id')))))

  app.patch('/templates/:id', async (c) => {
    const change = { id: c.req.param('id'), input: await readJson(c) }
    return c.json(toTemplateObject(await updateTemplate(context, c.get('member'), change)))
  })

  app.delete('/templates/:id', async (c) => {
    await deleteTemplate(context, c.get('member'), c.req.param('id'))
    return c.body(null, 204)
  })

  return app
}
