import { MODES, POLICIES } from '../columns/column.ts'
import { Button, ButtonLink } from './button.tsx'
import { MODE_WORDS, POLICY_WORDS } from './column-words.ts'
import { ColumnsRegion } from './columns-region.tsx'
import { Field } from './field.tsx'
import { FormErrors } from './form-errors.tsx'
import { Layout } from './layout.tsx'
import { SpreadsheetZone } from './spreadsheet-zone.tsx'
import type { EditorState, TemplateDraft } from './template-draft.ts'
import type { Viewer } from './viewer.ts'

type Props = {
  viewer: Viewer
  draft: TemplateDraft
  state: EditorState
  message: string | null
  /** The template that is edited; null for a new one. */
  template: { id: string; name: string } | null
  /** A new template may start from a file of at most so many bytes; null when it has started already. */
  fromFile: { maxBytes: number } | null
  /** Where the columns were proposed from. */
  proposedFrom: string | null
}

export function TemplateEditorPage({ viewer, draft, state, message, template, fromFile, proposedFrom }: Props) {
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
      {fromFile && <FromFile maxBytes={fromFile.maxBytes} />}
      {proposedFrom && (
        <p class="callout callout-good">
          {proposedFrom} Look at every column, change what is wrong, then save. Nothing is saved yet.
        </p>
      )}
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
            autofocus={!template && state.focus === null && !proposedFrom}
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

function FromFile({ maxBytes }: { maxBytes: number }) {
  return (
    <form
      id="from-file"
      method="post"
      action="/templates/propose"
      enctype="multipart/form-data"
      class="card stack from-file"
      data-upload="page"
      data-max-bytes={maxBytes}
    >
      <h2>Start from a spreadsheet</h2>
      <SpreadsheetZone maxBytes={maxBytes} button="Propose columns" secondary>
        <p class="quiet">Its header and rows show which columns there are. The file is not kept.</p>
      </SpreadsheetZone>
    </form>
  )
}
