import { rm } from 'node:fs/promises'
import { Hono } from 'hono'
import { newId } from '../ids.ts'
import type { Proposal } from '../processes/messages.ts'
import { type Context, type Member, Refusal } from '../services/context.ts'
import { addExample, findExampleFile, listExamples } from '../services/examples.ts'
import { proposeTemplate } from '../services/propose-template.ts'
import { receiveUpload } from '../services/receive-upload.ts'
import { previewRecords } from '../services/records.ts'
import { createTemplate, deleteTemplate, findTemplate, listTemplates } from '../services/templates.ts'
import { DeleteTemplatePage } from '../views/delete-template-page.tsx'
import type { FromFileProps } from '../views/from-file.tsx'
import { templatePath } from '../views/paths.ts'
import { NOTHING_CHOSEN, type ReadingValues } from '../views/reading-fields.tsx'
import { sheetWords, textWords } from '../views/reading-words.ts'
import { renderFragment, renderPage } from '../views/render.ts'
import { PREVIEWED, TablePreview } from '../views/table-preview.tsx'
import type { TemplateDraft } from '../views/template-draft.ts'
import { TemplateEditorPage } from '../views/template-editor-page.tsx'
import { TemplatesPage } from '../views/templates-page.tsx'
import type { Env } from '../web/env.ts'
import { sendFile } from '../web/send-file.ts'
import { editorState, renderColumns } from './editor-state.tsx'
import { formFields } from './form-fields.ts'
import { showTemplate } from './show-template.tsx'
import { templateEditing } from './template-editing.tsx'
import { applyAction, draftOfProposal, EMPTY_DRAFT, readTemplateForm, toTemplateInput } from './template-form.ts'
import { viewer } from './viewer.ts'

export function templatePages(context: Context): Hono<Env> {
  const app = new Hono<Env>()

  app.get('/', (c) => c.redirect('/templates', 303))

  app.get('/templates', (c) => {
    const member = c.get('member')
    const templates = listTemplates(context, member)
    return c.html(
      renderPage(<TemplatesPage viewer={viewer(context, member)} templates={templates} examples={listExamples()} />),
    )
  })

  app.post('/examples/:name', async (c) => {
    const template = await addExample(context, c.get('member'), c.req.param('name'))
    return c.redirect(templatePath(template.id), 303)
  })

  app.get('/examples/:name/file', (c) => sendFile(c, findExampleFile(c.req.param('name'))))

  app.get('/templates/new', (c) => c.html(newTemplatePage(context, c.get('member'), { draft: EMPTY_DRAFT })))

  app.post('/templates/new', async (c) => {
    const member = c.get('member')
    const { draft, action } = readTemplateForm(await formFields(c))
    if (action.kind !== 'save') {
      const changed = applyAction(draft, action)
      if (c.req.header('hx-request') === 'true') {
        return c.html(renderColumns(changed.draft, editorState('/templates/new', { focus: changed.focus })))
      }
      return c.html(newTemplatePage(context, member, { draft: changed.draft, focus: changed.focus, begun: true }))
    }
    try {
      const template = await createTemplate(context, member, toTemplateInput(draft))
      return c.redirect(templatePath(template.id), 303)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return c.html(newTemplatePage(context, member, { draft, refused: error, begun: true }), error.status)
    }
  })

  app.post('/templates/propose', async (c) => {
    const member = c.get('member')
    const { config } = context
    const folder = config.data.upload(newId())
    const fields = new Map<string, string>()
    try {
      const upload = await receiveUpload(c.req.raw, { folder, maxBytes: config.maxUploadBytes, fields })
      const proposal = await proposeTemplate(context, upload)
      const from = { name: upload.file.name, proposal }
      return c.html(newTemplatePage(context, member, { draft: draftOfProposal(proposal), from, fields }))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return c.html(newTemplatePage(context, member, { draft: EMPTY_DRAFT, refused: error, fields }), error.status)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  app.get('/templates/:template', async (c) =>
    c.html(
      await showTemplate(context, c.get('member'), {
        id: c.req.param('template'),
        settingsOf: c.req.query('settings_of'),
      }),
    ),
  )

  app.get('/templates/:template/table', async (c) => {
    const member = c.get('member')
    const template = findTemplate(context, member, c.req.param('template'))
    const records = await previewRecords(context, member, { templateId: template.id, limit: PREVIEWED })
    return c.html(renderFragment(<TablePreview template={template} records={records} />))
  })

  app.route('/', templateEditing(context))

  app.get('/templates/:template/delete', (c) => {
    const member = c.get('member')
    const template = findTemplate(context, member, c.req.param('template'))
    return c.html(renderPage(<DeleteTemplatePage viewer={viewer(context, member)} template={template} />))
  })

  app.post('/templates/:template/delete', async (c) => {
    await deleteTemplate(context, c.get('member'), c.req.param('template'))
    return c.redirect('/templates', 303)
  })

  return app
}

type NewTemplate = {
  draft: TemplateDraft
  refused?: Refusal
  focus?: number | null
  /** What was said of a file that came, and what was proposed from it. */
  fields?: Map<string, string>
  from?: { name: string; proposal: Proposal }
  /** There is something to lose, so the page no longer offers to start from a file. */
  begun?: boolean
}

function newTemplatePage(context: Context, member: Member, page: NewTemplate): string {
  const { draft, refused, focus = null, from, fields = new Map(), begun = false } = page
  return renderPage(
    <TemplateEditorPage
      viewer={viewer(context, member)}
      draft={draft}
      state={editorState('/templates/new', { focus, errors: refused?.fields ?? [] })}
      message={refused === undefined || isAboutFields(refused) ? null : `${refused.message} ${refused.hint}`.trim()}
      template={null}
      fromFile={
        begun
          ? null
          : {
              maxBytes: context.config.maxUploadBytes,
              values: placeValues(fields),
              proposed: from === undefined ? null : proposedFrom(from),
            }
      }
    />,
  )
}

/** A refusal whose messages all stand at fields of the editor needs no sentence of its own. */
function isAboutFields(refused: Refusal): boolean {
  return refused.fields.length > 0 && refused.fields.every(({ path }) => path !== 'file')
}

function placeValues(fields: Map<string, string>): ReadingValues {
  const said = (name: string) => fields.get(name) ?? ''
  return {
    ...NOTHING_CHOSEN,
    sheet: said('sheet'),
    headerRow: said('header_row'),
    encoding: said('encoding'),
    delimiter: said('delimiter'),
    quote: said('quote'),
    oneTable: said('one_table'),
  }
}

function proposedFrom({ name, proposal }: { name: string; proposal: Proposal }): FromFileProps['proposed'] {
  const { dialect, headerRow, sheet, sheets, warnings } = proposal
  const isText = dialect !== null
  const others = isText ? [] : sheets.filter((each) => each.name !== sheet)
  const notRead = others.length === 0 ? [] : [`Not looked at: ${others.map(sheetWords).join(', ')}.`]
  return {
    // A text file has no sheets, whatever the reader calls its only one.
    file: { sheets: isText ? [] : sheets, isText, headerRow },
    sentences: [
      proposedWords(name, proposal),
      ...(dialect ? [`Read as ${textWords(dialect)}.`] : []),
      ...warnings,
      ...notRead,
    ],
  }
}

function proposedWords(fileName: string, { columns, rows, sheet, headerRow, dialect }: Proposal): string {
  const count = columns.length === 1 ? 'One column' : `${columns.length} columns`
  const where = dialect ? fileName : `${fileName}, sheet “${sheet}”`
  return `${count} proposed from ${where}: header in row ${headerRow}, ${rows.toLocaleString('en-US')} rows looked at.`
}
