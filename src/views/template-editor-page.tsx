import { MODES, POLICIES } from '../columns/column.ts'
import { Button, ButtonLink } from './button.tsx'
import { MODE_WORDS, POLICY_WORDS } from './column-words.ts'
import { ColumnsRegion } from './columns-region.tsx'
import { Field } from './field.tsx'
import { FormErrors } from './form-errors.tsx'
import { FromFile, type FromFileProps } from './from-file.tsx'
import { Layout } from './layout.tsx'
import type { EditorState, TemplateDraft } from './template-draft.ts'
import type { Viewer } from './viewer.ts'

type Props = {
  viewer: Viewer
  draft: TemplateDraft
  state: EditorState
  message: string | null
  /** The template that is edited; null for a new one. */
  template: { id: string; name: string } | null
  /** What a new template may start from, or has started from; null when it has started without a file. */
  fromFile: FromFileProps | null
}

export function TemplateEditorPage({ viewer, draft, state, message, template, fromFile }: Props) {
  const title = template ? `Edit ${template.name}` : 'New template'
  const back = template ? `/templates/${template.id}` : '/templates'
  const topErrors = state.errors.filter((error) => !error.path.startsWith('columns.'))
  return (
    <Layout title={title} viewer={viewer} section="templates">
      <div class="page-head">
        <div>
          <p class="crumbs">
            <a href={back}>{template ? template.name : 'Templates'}</a>
          </p>
          <h1>{title}</h1>
        </div>
      </div>
      {fromFile && <FromFile {...fromFile} />}
      <FormErrors
        message={message ?? (state.errors.length > 0 ? 'Not saved yet. Some fields need another look.' : null)}
        errors={topErrors.filter((error) => !['name', 'description'].includes(error.path))}
      />
      <form id="template-form" method="post" action={state.action} class="stack-wide">
        <input type="hidden" name="version" value={draft.version} />
        {/* The Enter key presses the first button of a form: it must be the one that saves. */}
        <button type="submit" name="action" value="save" class="visually-hidden" tabindex={-1}>
          Save
        </button>
        <section class="card stack" aria-label="Template">
          <Field
            name="name"
            label="Name"
            value={draft.name}
            required
            autocomplete="off"
            autofocus={!template && state.focus === null && !fromFile?.proposed}
            errors={state.errors}
          />
          <div class="field">
            <label class="field-label" for="field-description">
              Description
            </label>
            <textarea id="field-description" name="description" rows={2}>
              {draft.description}
            </textarea>
          </div>
          <div class="fields">
            <label class="field">
              <span class="field-label">An import should usually</span>
              <select name="mode">
                {MODES.map((mode) => (
                  <option value={mode} selected={draft.mode === mode}>
                    {MODE_WORDS[mode]}
                  </option>
                ))}
              </select>
            </label>
            <label class="field">
              <span class="field-label">When rows have problems</span>
              <select name="on_problems">
                {POLICIES.map((policy) => (
                  <option value={policy} selected={draft.onProblems === policy}>
                    {POLICY_WORDS[policy]}
                  </option>
                ))}
              </select>
            </label>
          </div>
        </section>
        <ColumnsRegion draft={draft} state={state} />
        <div class="actions actions-end">
          <Button look="primary" name="action" value="save">
            {template ? 'Save changes' : 'Create template'}
          </Button>
          <ButtonLink href={back} look="quiet">
            {template ? 'Leave without saving' : 'Cancel'}
          </ButtonLink>
          {template && (
            <a class="danger-link push-right" href={`/templates/${template.id}/delete`}>
              Delete this template…
            </a>
          )}
        </div>
      </form>
    </Layout>
  )
}
