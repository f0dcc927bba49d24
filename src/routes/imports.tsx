import { Hono } from 'hono'
import { MODES, POLICIES } from '../columns/column.ts'
import { newId } from '../ids.ts'
import { type Context, Refusal } from '../services/context.ts'
import { startExport } from '../services/exports.ts'
import { startImport } from '../services/imports.ts'
import { toJobObject } from '../services/job-object.ts'
import { refuseFullQueue } from '../services/queue-depth.ts'
import { receiveUpload } from '../services/receive-upload.ts'
import { findTemplate } from '../services/templates.ts'
import type { DropValues } from '../views/drop-form.tsx'
import { jobPath } from '../views/paths.ts'
import type { Env } from '../web/env.ts'
import { exportFromForm } from './export-form.ts'
import { readingTyped } from './reading-form.ts'
import { showTemplate } from './show-template.tsx'

export function importPages(context: Context): Hono<Env> {
  const app = new Hono<Env>()

  app.post('/templates/:template/imports', async (c) => {
    const member = c.get('member')
    const templateId = c.req.param('template')
    findTemplate(context, member, templateId)
    refuseFullQueue(context, member)
    const typed = new Map<string, string>()
    try {
      const jobId = newId()
      const upload = await receiveUpload(c.req.raw, {
        folder: context.config.data.upload(jobId),
        maxBytes: context.config.maxUploadBytes,
        fields: typed,
      })
      const job = await startImport(context, member, { templateId, jobId, upload })
      return c.redirect(jobPath(toJobObject(job)), 303)
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error
      const typedAgain = { drop: dropValues(typed), settingsOf: typed.get('settings_of') }
      const page = await showTemplate(context, member, { id: templateId, ...typedAgain, refused: error })
      return c.html(page, error.status)
    }
  })

  app.post('/templates/:template/exports', async (c) => {
    const member = c.get('member')
    const { shape } = findTemplate(context, member, c.req.param('template'))
    const input = exportFromForm(await c.req.parseBody(), shape)
    const job = startExport(context, member, { templateId: shape.id, input })
    return c.redirect(jobPath(toJobObject(job)), 303)
  })

  return app
}

/** What was chosen before, for the form that comes back; what can't be chosen is left as the template has it. */
function dropValues(typed: Map<string, string>): Partial<DropValues> {
  const mode = MODES.find((each) => each === typed.get('mode'))
  const onProblems = POLICIES.find((each) => each === typed.get('on_problems'))
  return {
    ...(mode && { mode }),
    ...(onProblems && { onProblems }),
    ...readingTyped(Object.fromEntries(typed)),
    checkOnly: typed.has('dry_run'),
  }
}
