import { Hono, type Context as HonoContext } from 'hono'
import type { JobRow } from '../db/schema.ts'
import { newId } from '../ids.ts'
import { type Context, Refusal } from '../services/context.ts'
import { importKept } from '../services/import-kept.ts'
import { toJobObject } from '../services/job-object.ts'
import { viewJob } from '../services/job-views.ts'
import { getJob, isUnderway, retryJob } from '../services/jobs.ts'
import { findTemplate } from '../services/templates.ts'
import type { JobView } from '../views/job-view.ts'
import { jobPath } from '../views/paths.ts'
import { ReadAgainPage } from '../views/read-again-page.tsx'
import { readingValues } from '../views/reading-fields.tsx'
import { renderPage } from '../views/render.ts'
import type { Env } from '../web/env.ts'
import { columnTyped, mappingFromForm, readingFromForm, readingTyped } from './reading-form.ts'
import { viewer } from './viewer.ts'

type Form = Record<string, unknown>

/** The kept file of an import is read once more, the way somebody says. */
export function readAgainPages(context: Context): Hono<Env> {
  const app = new Hono<Env>()

  app.get('/templates/:template/jobs/:job/read-again', (c) => {
    const job = getJob(context, c.get('member'), c.req.param('job'))
    const view = viewJob(context, job)
    return view.can.readAgain || view.can.importKept ? c.html(page(c, view)) : c.redirect(jobPath(view.job), 303)
  })

  app.post('/templates/:template/jobs/:job/retry', async (c) => {
    const member = c.get('member')
    const form = await c.req.parseBody()
    const job = getJob(context, member, c.req.param('job'))
    if (isUnderway(job)) return c.redirect(jobPath(toJobObject(job)), 303)
    return await readAs(c, { job, form }, (reading) => retryJob(context, member, { id: job.id, reading }))
  })

  app.post('/templates/:template/jobs/:job/import-again', async (c) => {
    const member = c.get('member')
    const form = await c.req.parseBody()
    const job = getJob(context, member, c.req.param('job'))
    const key = String(form.idempotency_key ?? '')
    return await readAs(c, { job, form }, (reading) => importKept(context, member, { id: job.id, reading, key }))
  })

  return app

  /** Reads it as the form says; a form that can't be meant comes back with the reason. */
  async function readAs(
    c: HonoContext<Env>,
    { job, form }: { job: JobRow; form: Form },
    read: (reading: Record<string, string>) => Promise<JobRow>,
  ): Promise<Response> {
    try {
      const mapping = mappingFromForm(form, job.details?.headers ?? [])
      refuseTwice(mapping)
      const reading = { ...readingFromForm(form), mapping: JSON.stringify(mapping) }
      return c.redirect(jobPath(toJobObject(await read(reading))), 303)
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 422) throw error
      return c.html(page(c, viewJob(context, job), { form, message: error.message }), error.status)
    }
  }

  function page(c: HonoContext<Env>, view: JobView, again?: { form: Form; message: string }): string {
    const member = c.get('member')
    return renderPage(
      <ReadAgainPage
        viewer={viewer(context, member)}
        view={view}
        columns={findTemplate(context, member, view.job.template_id).shape.columns}
        values={again === undefined && view.reading ? readingValues(view.reading) : readingTyped(again?.form ?? {})}
        columnOf={({ header, columnId }) => columnTyped(again?.form ?? {}, header) ?? columnId ?? ''}
        message={again?.message ?? null}
        idempotencyKey={newId()}
      />,
    )
  }
}

/** Of a column and the header that it had, the one that is chosen now goes first; of two that are chosen, none does. */
function refuseTwice(mapping: Record<string, string | null>): void {
  const headers = new Map<string, string>()
  for (const [header, columnId] of Object.entries(mapping)) {
    if (columnId === null) continue
    const other = headers.get(columnId)
    if (other !== undefined) {
      const message = `“${other}” and “${header}” can’t both be read into the same column. Choose one of them.`
      throw new Refusal(422, { code: 'invalid', message, fields: [{ path: 'mapping', message }] })
    }
    headers.set(columnId, header)
  }
}
