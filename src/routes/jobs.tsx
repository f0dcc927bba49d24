import { Hono } from 'hono'
import { z } from 'zod'
import { PROBLEM_CODES } from '../columns/problem.ts'
import { newId } from '../ids.ts'
import { answerQuestions } from '../services/answers.ts'
import type { Context } from '../services/context.ts'
import { deleteJobFile } from '../services/delete-job-file.ts'
import { CHANGE_KINDS, listJobChanges } from '../services/job-changes.ts'
import { findExportFile } from '../services/job-files.ts'
import { columnNames, listJobPage } from '../services/job-lists.ts'
import { toJobObject } from '../services/job-object.ts'
import { groupJobProblems, listJobProblems, writeRefusedFile } from '../services/job-problems.ts'
import { viewJob } from '../services/job-views.ts'
import { approveImport, cancelJob, getCompletedImport, getJob, undoJob } from '../services/jobs.ts'
import { readJobNotices } from '../services/notices.ts'
import { listKeptByUndo, planUndo } from '../services/plan-undo.ts'
import { findTemplate } from '../services/templates.ts'
import { JOB_KINDS, JOB_STATUSES } from '../states.ts'
import { ChangesPage } from '../views/changes-page.tsx'
import { DeleteFilePage } from '../views/delete-file-page.tsx'
import { JobPage } from '../views/job-page.tsx'
import { JobsPage } from '../views/jobs-page.tsx'
import { KeptPage } from '../views/kept-page.tsx'
import { jobPath } from '../views/paths.ts'
import { ProblemsPage } from '../views/problems-page.tsx'
import { ReceiptPage } from '../views/receipt-page.tsx'
import { renderPage } from '../views/render.ts'
import { UndoPage } from '../views/undo-page.tsx'
import type { Env } from '../web/env.ts'
import { sendFile } from '../web/send-file.ts'
import { answersFromForm } from './answers-form.ts'
import { viewer } from './viewer.ts'

const PROBLEMS_A_PAGE = 50
const KEPT_A_PAGE = 25
const CHANGES_A_PAGE = 50

/** What a person can't have meant is as good as not said: an address typed by hand still shows a list. */
const listQuery = z.object({
  status: z.enum(JOB_STATUSES).nullable().catch(null).default(null),
  kind: z.enum(JOB_KINDS).nullable().catch(null).default(null),
  template: z.string().nullable().default(null),
  cursor: z.string().optional(),
})

/** A column's id, or "row" for problems of the row as a whole; always together with the kind of problem. */
const problemsQuery = z.object({
  column: z.string().optional(),
  code: z.enum(PROBLEM_CODES).nullable().catch(null).default(null),
  after: z.string().optional(),
})

const changesQuery = z.object({
  kind: z.enum(CHANGE_KINDS).optional().catch(undefined),
  after: z.coerce.number().int().min(0).catch(0).default(0),
})

export function jobPages(context: Context): Hono<Env> {
  const app = new Hono<Env>()

  app.get('/jobs', (c) => {
    const member = c.get('member')
    const { cursor, ...filter } = listQuery.parse(c.req.query())
    const { jobs, next } = listJobPage(context, member, {
      cursor,
      statuses: filter.status === null ? undefined : [filter.status],
      kind: filter.kind ?? undefined,
      templateId: filter.template ?? undefined,
    })
    const underway = jobs.some(({ job }) => job.status === 'pending' || job.status === 'processing')
    const templateName = filter.template === null ? null : findTemplate(context, member, filter.template).name
    return c.html(
      renderPage(
        <JobsPage
          viewer={viewer(context, member)}
          {...{ jobs, filter, next, underway, templateName, older: cursor !== undefined }}
        />,
      ),
    )
  })

  app.get('/jobs/:job/status.json', (c) => c.json(toJobObject(getJob(context, c.get('member'), c.req.param('job')))))

  app.get('/templates/:template/jobs/:job', (c) => {
    const member = c.get('member')
    const job = getJob(context, member, c.req.param('job'))
    if (job.status !== 'processing' && job.status !== 'pending') readJobNotices(context, member, job.id)
    const names = columnNames(context, job.templateId)
    return c.html(
      renderPage(<JobPage viewer={viewer(context, member)} view={viewJob(context, job)} columnNames={names} />),
    )
  })

  app.post('/templates/:template/jobs/:job/approve', async (c) => {
    const { plan } = await c.req.parseBody()
    const id = c.req.param('job')
    const job = approveImport(context, c.get('member'), typeof plan === 'string' ? { id, plan } : { id })
    return c.redirect(jobPath(toJobObject(job)), 303)
  })

  app.post('/templates/:template/jobs/:job/answers', async (c) => {
    const input = answersFromForm(await c.req.parseBody())
    const job = await answerQuestions(context, c.get('member'), { id: c.req.param('job'), input })
    return c.redirect(jobPath(toJobObject(job)), 303)
  })

  app.post('/templates/:template/jobs/:job/cancel', (c) => {
    const job = cancelJob(context, c.get('member'), c.req.param('job'))
    return c.redirect(jobPath(toJobObject(job)), 303)
  })

  app.get('/templates/:template/jobs/:job/undo', async (c) => {
    const member = c.get('member')
    const after = Number(c.req.query('after')) || 0
    const { job, plan, next } = await planUndo(context, member, { id: c.req.param('job'), after, limit: KEPT_A_PAGE })
    const { columns } = findTemplate(context, member, job.templateId)
    const page = { view: viewJob(context, job), columns, plan, next, idempotencyKey: newId() }
    return c.html(renderPage(<UndoPage viewer={viewer(context, member)} {...page} />))
  })

  app.post('/templates/:template/jobs/:job/undo', async (c) => {
    const { idempotency_key: key } = await c.req.parseBody()
    const id = c.req.param('job')
    const undo = undoJob(context, c.get('member'), typeof key === 'string' ? { id, key } : { id })
    return c.redirect(jobPath(toJobObject(undo)), 303)
  })

  app.get('/templates/:template/jobs/:job/kept', async (c) => {
    const member = c.get('member')
    const after = Number(c.req.query('after')) || 0
    const kept = await listKeptByUndo(context, member, { id: c.req.param('job'), after, limit: KEPT_A_PAGE })
    const { columns } = findTemplate(context, member, kept.job.templateId)
    const page = { view: viewJob(context, kept.job), columns, kept: kept.items, next: kept.next }
    return c.html(renderPage(<KeptPage viewer={viewer(context, member)} {...page} />))
  })

  app.get('/templates/:template/jobs/:job/receipt', (c) => {
    const member = c.get('member')
    const job = getCompletedImport(context, member, c.req.param('job'))
    const page = { view: viewJob(context, job), columnNames: columnNames(context, job.templateId) }
    return c.html(renderPage(<ReceiptPage viewer={viewer(context, member)} {...page} />))
  })

  app.get('/templates/:template/jobs/:job/changes', async (c) => {
    const member = c.get('member')
    const { kind, after } = changesQuery.parse(c.req.query())
    const page = { id: c.req.param('job'), kind, after, limit: CHANGES_A_PAGE }
    const { job, template, ...changes } = await listJobChanges(context, member, page)
    return c.html(
      renderPage(
        <ChangesPage
          viewer={viewer(context, member)}
          view={viewJob(context, job)}
          columns={template.columns}
          {...changes}
          first={after === 0}
          idempotencyKey={newId()}
        />,
      ),
    )
  })

  app.get('/templates/:template/jobs/:job/delete-file', (c) => {
    const member = c.get('member')
    const view = viewJob(context, getJob(context, member, c.req.param('job')))
    return c.html(renderPage(<DeleteFilePage viewer={viewer(context, member)} view={view} />))
  })

  app.post('/templates/:template/jobs/:job/delete-file', async (c) => {
    const job = await deleteJobFile(context, c.get('member'), c.req.param('job'))
    return c.redirect(jobPath(toJobObject(job)), 303)
  })

  app.get('/templates/:template/jobs/:job/file', (c) =>
    sendFile(c, findExportFile(context, c.get('member'), c.req.param('job'))),
  )

  app.get('/templates/:template/jobs/:job/:file{problems\\.(xlsx|csv)}', async (c) => {
    const format = c.req.param('file').endsWith('.csv') ? 'csv' : 'xlsx'
    return sendFile(c, await writeRefusedFile(context, c.get('member'), { id: c.req.param('job'), format }))
  })

  app.get('/templates/:template/jobs/:job/problems', async (c) => {
    const member = c.get('member')
    const id = c.req.param('job')
    const { after, column, code } = problemsQuery.parse(c.req.query())
    const filter = { code, columnId: code === null || column === 'row' ? null : (column ?? null) }
    const groups = await groupJobProblems(context, member, id)
    const only = filter.code === null ? {} : { code: filter.code, columnId: filter.columnId }
    const page = await listJobProblems(context, member, { id, limit: PROBLEMS_A_PAGE, cursor: after, ...only })
    const job = getJob(context, member, id)
    return c.html(
      renderPage(
        <ProblemsPage
          viewer={viewer(context, member)}
          view={viewJob(context, job)}
          columnNames={columnNames(context, job.templateId)}
          groups={groups}
          problems={page.items}
          filter={filter}
          next={page.next}
          first={after === undefined}
        />,
      ),
    )
  })

  return app
}
