import { Hono } from 'hono'
import { z } from 'zod'
import type { Column, Value } from '../columns/column.ts'
import { valueText } from '../columns/parse-value.ts'
import { newId } from '../ids.ts'
import { type Context, type Member, Refusal } from '../services/context.ts'
import { getJob } from '../services/jobs.ts'
import {
  createRecord,
  deleteRecord,
  findRecord,
  listRecordChanges,
  listRecords,
  recordExists,
  updateRecord,
} from '../services/records.ts'
import { findTemplate, type TemplateView } from '../services/templates.ts'
import { DeleteRecordPage } from '../views/delete-record-page.tsx'
import { recordPath, recordsPath, withQuery } from '../views/paths.ts'
import { RecordCell, RecordCellForm } from '../views/record-cell.tsx'
import { RecordFormPage } from '../views/record-form-page.tsx'
import type { ChangeView } from '../views/record-history.tsx'
import { RecordHistoryPage } from '../views/record-history-page.tsx'
import { queryFields, type RecordsQuery, type RecordView } from '../views/record-view.ts'
import { RECORDS_A_PAGE, RecordsPage } from '../views/records-page.tsx'
import { renderFragment, renderPage } from '../views/render.ts'
import type { Env } from '../web/env.ts'
import { formFields } from './form-fields.ts'
import { viewer } from './viewer.ts'

const STEPS_SHOWN = 10
const STEPS_A_PAGE = 50

export function recordPages(context: Context): Hono<Env> {
  const app = new Hono<Env>()

  app.get('/templates/:template/records', async (c) => {
    const member = c.get('member')
    const template = findTemplate(context, member, c.req.param('template'))
    const query = readQuery(template, c.req.query())
    const { items, total } = await listRecords(context, member, { templateId: template.id, query: toListQuery(query) })
    const pages = Math.ceil(total / RECORDS_A_PAGE)
    if (query.page > pages && pages > 0) return c.redirect(addressOfPage(template.id, { ...query, page: pages }), 303)
    return c.html(
      renderPage(
        <RecordsPage
          viewer={viewer(context, member)}
          template={template}
          records={items}
          total={total}
          query={query}
          importName={query.importId === null ? null : getJob(context, member, query.importId).fileName}
          idempotencyKey={newId()}
          added={Number(c.req.query('added')) || null}
        />,
      ),
    )
  })

  app.get('/templates/:template/records/new', (c) => {
    const member = c.get('member')
    const template = findTemplate(context, member, c.req.param('template'))
    return c.html(recordPage(context, member, { template, record: null, texts: {}, history: [] }))
  })

  app.post('/templates/:template/records', async (c) => {
    const member = c.get('member')
    const template = findTemplate(context, member, c.req.param('template'))
    const texts = readTexts(await formFields(c))
    try {
      const { id } = await createRecord(context, member, { templateId: template.id, input: { form: texts } })
      return c.redirect(withQuery(recordsPath(template.id), { added: id }), 303)
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error
      const page = recordPage(context, member, { template, record: null, texts, history: [], refused: error })
      return c.html(page, error.status)
    }
  })

  app.get('/templates/:template/records/:record', async (c) => {
    const member = c.get('member')
    const address = addressOf(c.req.param())
    const template = findTemplate(context, member, address.templateId)
    const record = await findRecord(context, member, address)
    const texts = Object.fromEntries(
      template.columns.map((column) => [column.id, fieldText(record.values[column.id] ?? null, column)]),
    )
    const history = await lastSteps(context, member, address)
    const saved = c.req.query('saved') === 'yes'
    return c.html(recordPage(context, member, { template, record, texts, history, saved }))
  })

  app.post('/templates/:template/records/:record', async (c) => {
    const member = c.get('member')
    const address = addressOf(c.req.param())
    const template = findTemplate(context, member, address.templateId)
    const texts = readTexts(await formFields(c))
    try {
      await updateRecord(context, member, { ...address, input: { form: texts } })
      return c.redirect(withQuery(recordPath(address.templateId, address.id), { saved: 'yes' }), 303)
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error
      const record = await findRecord(context, member, address)
      const history = await lastSteps(context, member, address)
      return c.html(recordPage(context, member, { template, record, texts, history, refused: error }), error.status)
    }
  })

  app.get('/templates/:template/records/:record/cells/:column', async (c) => {
    const member = c.get('member')
    const address = addressOf(c.req.param())
    const column = findColumn(findTemplate(context, member, address.templateId), c.req.param('column'))
    const record = await findRecord(context, member, address)
    const text = fieldText(record.values[column.id] ?? null, column)
    return c.html(cellForm(address, { column, text, message: null }))
  })

  app.post('/templates/:template/records/:record/cells/:column', async (c) => {
    const member = c.get('member')
    const address = addressOf(c.req.param())
    const column = findColumn(findTemplate(context, member, address.templateId), c.req.param('column'))
    const texts = readTexts(await formFields(c))
    const text = texts[column.id] ?? ''
    try {
      const record = await updateRecord(context, member, { ...address, input: { form: { [column.id]: text } } })
      return c.html(renderFragment(<RecordCell column={column} value={record.values[column.id] ?? null} />))
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error
      return c.html(
        cellForm(address, { column, text, message: error.fields[0]?.message ?? error.message }),
        error.status,
      )
    }
  })

  app.get('/templates/:template/records/:record/history', async (c) => {
    const member = c.get('member')
    const address = addressOf(c.req.param())
    const template = findTemplate(context, member, address.templateId)
    const before = Number(c.req.query('before')) || undefined
    const { items, next } = await listRecordChanges(context, member, { ...address, before, limit: STEPS_A_PAGE })
    const exists = await recordExists(context, member, address)
    const page = { template, recordId: address.id, exists, history: items, next }
    return c.html(renderPage(<RecordHistoryPage viewer={viewer(context, member)} {...page} />))
  })

  app.get('/templates/:template/records/:record/delete', async (c) => {
    const member = c.get('member')
    const address = addressOf(c.req.param())
    const template = findTemplate(context, member, address.templateId)
    const record = await findRecord(context, member, address)
    return c.html(renderPage(<DeleteRecordPage viewer={viewer(context, member)} template={template} record={record} />))
  })

  app.post('/templates/:template/records/:record/delete', async (c) => {
    const address = addressOf(c.req.param())
    await deleteRecord(context, c.get('member'), address)
    return c.redirect(recordsPath(address.templateId), 303)
  })

  return app
}

/** What the page of a record tells of its history; the rest is on a page of its own. */
async function lastSteps(
  context: Context,
  member: Member,
  address: { templateId: string; id: number },
): Promise<ChangeView[]> {
  const { items } = await listRecordChanges(context, member, { ...address, limit: STEPS_SHOWN })
  return items
}

function findColumn({ columns }: TemplateView, id: string): Column {
  const column = columns.find((each) => each.id === id)
  if (column === undefined) throw new Refusal(404, { code: 'no_column', message: 'There is no such column any more.' })
  return column
}

function cellForm(
  { templateId, id }: { templateId: string; id: number },
  content: { column: Column; text: string; message: string | null },
): string {
  return renderFragment(<RecordCellForm templateId={templateId} recordId={id} {...content} />)
}

type RecordPage = {
  template: TemplateView
  record: RecordView | null
  texts: Record<string, string>
  history: ChangeView[]
  refused?: Refusal
  saved?: boolean
}

function recordPage(context: Context, member: Member, content: RecordPage): string {
  const { template, record, texts, history, refused, saved = false } = content
  const message =
    refused === undefined || refused.fields.length > 0 ? null : `${refused.message} ${refused.hint}`.trim()
  return renderPage(
    <RecordFormPage
      viewer={viewer(context, member)}
      template={template}
      record={record}
      texts={texts}
      errors={refused?.fields ?? []}
      message={message}
      history={history}
      saved={saved}
    />,
  )
}

function addressOfPage(templateId: string, query: RecordsQuery): string {
  return withQuery(recordsPath(templateId), queryFields(query))
}

const page = z.coerce.number().int().min(1).max(10_000_000).catch(1)

/** What an address asks for; what can't be meant is left out, so that an old link still shows the table. */
function readQuery(template: TemplateView, query: Record<string, string>): RecordsQuery {
  const columns = template.columns.flatMap(({ id }) => {
    const text = query[`filter[${id}]`]?.trim()
    return text ? [[id, text] as const] : []
  })
  const sort = query.sort ?? ''
  const sorted = template.columns.find(({ id }) => id === sort.replace(/^-/, ''))
  return {
    q: (query.q ?? '').trim().slice(0, 200),
    columns: Object.fromEntries(columns),
    sort: sorted?.id ?? null,
    descending: sorted !== undefined && sort.startsWith('-'),
    page: page.parse(query.page ?? 1),
    importId: query.import || null,
  }
}

function toListQuery(query: RecordsQuery) {
  const { sort, import: importId } = queryFields(query)
  return {
    q: query.q,
    filter: query.columns,
    limit: RECORDS_A_PAGE,
    offset: (query.page - 1) * RECORDS_A_PAGE,
    ...(sort && { sort }),
    ...(importId && { import: importId }),
  }
}

/** The fields of the form by column id. */
function readTexts(fields: [string, string][]): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap(([name, text]) => {
      const columnId = /^values\[(\w+)\]$/.exec(name)?.[1]
      return columnId === undefined ? [] : [[columnId, text]]
    }),
  )
}

/** The select of a yes-or-no column has "yes" and "no" to choose from. */
function fieldText(value: Value, column: Column): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : valueText(value, column)
}

function addressOf(params: { template: string; record: string }): { templateId: string; id: number } {
  return { templateId: params.template, id: /^\d{1,15}$/.test(params.record) ? Number(params.record) : 0 }
}
