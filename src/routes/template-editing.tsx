import { Hono } from 'hono'
import { type Context, type Member, Refusal } from '../services/context.ts'
import { planTemplateChange, updateTemplate } from '../services/template-changes.ts'
import { findTemplate } from '../services/templates.ts'
import { ConfirmLossPage } from '../views/confirm-loss-page.tsx'
import { templatePath } from '../views/paths.ts'
import { renderPage } from '../views/render.ts'
import type { TemplateDraft } from '../views/template-draft.ts'
import { TemplateEditorPage } from '../views/template-editor-page.tsx'
import type { Env } from '../web/env.ts'
import { editorState, renderColumns } from './editor-state.tsx'
import { formFields } from './form-fields.ts'
import { applyAction, draftOfTemplate, readTemplateForm, toTemplateFields, toTemplateInput } from './template-form.ts'
import { viewer } from './viewer.ts'

/** The editor of a template that exists. */
export function templateEditing(context: Context): Hono<Env> {
  const app = new Hono<Env>()

  app.get('/templates/:template/edit', (c) => {
    const member = c.get('member')
    const template = findTemplate(context, member, c.req.param('template'))
    return c.html(editPage(context, member, { id: template.id, draft: draftOfTemplate(template) }))
  })

  app.post('/templates/:template/edit', async (c) => {
    const member = c.get('member')
    const template = findTemplate(context, member, c.req.param('template'))
    const { draft, action, confirmed } = readTemplateForm(await formFields(c))
    if (action.kind !== 'save') {
      const { draft: changed, focus } = applyAction(draft, action)
      const state = editorState(editPath(template.id), { focus, records: template.records })
      if (c.req.header('hx-request') === 'true') return c.html(renderColumns(changed, state))
      return c.html(editPage(context, member, { id: template.id, draft: changed, focus }))
    }
    try {
      return await save(draft, confirmed)
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error
      return c.html(editPage(context, member, { id: template.id, draft, refused: error }), error.status)
    }

    async function save(wish: TemplateDraft, force: boolean): Promise<Response> {
      const change = { id: template.id, input: { ...toTemplateInput(wish), force } }
      const { sentence } = await planTemplateChange(context, member, change)
      if (sentence !== null && !force) {
        const fields = toTemplateFields(wish)
        const page = <ConfirmLossPage viewer={viewer(context, member)} {...{ template, sentence, fields }} />
        return c.html(renderPage(page))
      }
      await updateTemplate(context, member, change)
      return c.redirect(templatePath(template.id), 303)
    }
  })

  return app
}

const editPath = (id: string) => `${templatePath(id)}/edit`

type Edit = { id: string; draft: TemplateDraft; focus?: number | null; refused?: Refusal }

function editPage(context: Context, member: Member, { id, draft, focus = null, refused }: Edit): string {
  const template = findTemplate(context, member, id)
  const message =
    refused === undefined || refused.fields.length > 0 ? null : `${refused.message} ${refused.hint}`.trim()
  return renderPage(
    <TemplateEditorPage
      viewer={viewer(context, member)}
      draft={draft}
      state={editorState(editPath(id), { focus, records: template.records, errors: refused?.fields ?? [] })}
      message={message}
      template={template}
      fromFile={null}
    />,
  )
}
