import type { Column } from '../columns/column.ts'
import { Button, ButtonLink } from './button.tsx'
import { type FieldError, FormErrors } from './form-errors.tsx'
import { formatNumber } from './format.ts'
import { Icon } from './icon.tsx'
import { Layout } from './layout.tsx'
import { recordHistoryPath, recordPath, recordsPath, templatePath } from './paths.ts'
import { RecordField } from './record-field.tsx'
import { type ChangeView, RecordSteps } from './record-history.tsx'
import type { RecordView } from './record-view.ts'
import { Provenance } from './records-table.tsx'
import { Time } from './time.tsx'
import type { Viewer } from './viewer.ts'

type Props = {
  viewer: Viewer
  template: { id: string; name: string; columns: Column[] }
  /** Null for a new one. */
  record: RecordView | null
  /** What stands in the fields, by column id. */
  texts: Record<string, string>
  errors: FieldError[]
  message: string | null
  /** Its last steps. */
  history: ChangeView[]
  /** It was just saved. */
  saved: boolean
}

export function RecordFormPage(props: Props) {
  const { viewer, template, record, texts, errors, message, history, saved } = props
  const title = record ? `Record ${formatNumber(record.id)}` : 'New record'
  const action = record ? recordPath(template.id, record.id) : recordsPath(template.id)
  const known = new Set(template.columns.map((column) => column.id))
  return (
    <Layout title={`${title} · ${template.name}`} viewer={viewer} section="templates" narrow>
      <p class="crumbs">
        <a href={templatePath(template.id)}>{template.name}</a> · <a href={recordsPath(template.id)}>Records</a>
      </p>
      <h1>{title}</h1>
      {record && (
        <p class="quiet">
          {record.import ? 'From ' : 'Written '}
          <Provenance templateId={template.id} origin={record.import} />, last changed <Time at={record.updatedAt} />
        </p>
      )}
      {saved && (
        <p class="callout callout-good" role="status">
          <Icon name="check" />
          Saved.
        </p>
      )}
      <FormErrors
        message={message ?? (errors.length > 0 ? 'Not saved yet. Some values need another look.' : null)}
        errors={errors.filter((error) => !known.has(error.path))}
      />
      <form method="post" action={action} class="card stack">
        {template.columns.map((column, index) => (
          <RecordField column={column} text={texts[column.id] ?? ''} errors={errors} first={index === 0 && !record} />
        ))}
        <div class="actions">
          <Button look="primary">{record ? 'Save record' : 'Add record'}</Button>
          <ButtonLink href={recordsPath(template.id)} look="quiet">
            Cancel
          </ButtonLink>
          {record && (
            <a class="danger-link push-right" href={`${recordPath(template.id, record.id)}/delete`}>
              Delete this record…
            </a>
          )}
        </div>
      </form>
      {record && history.length > 0 && (
        <section class="card" aria-labelledby="history">
          <div class="section-head">
            <h2 id="history">History</h2>
            <a href={recordHistoryPath(template.id, record.id)}>Whole history</a>
          </div>
          <RecordSteps templateId={template.id} columns={template.columns} history={history} />
        </section>
      )}
    </Layout>
  )
}
