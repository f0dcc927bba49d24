import { ButtonLink } from './button.tsx'
import { DropForm, type DropValues, type SettingsView } from './drop-form.tsx'
import { Empty } from './empty.tsx'
import { ExportMenu } from './export-menu.tsx'
import type { JobView } from './job-view.ts'
import { EarlierJobs, JobsStrip } from './jobs-strip.tsx'
import { Layout } from './layout.tsx'
import { templatePath } from './paths.ts'
import type { RecordView } from './record-view.ts'
import { TablePreview } from './table-preview.tsx'
import type { TemplateView } from './template-view.ts'
import type { Viewer } from './viewer.ts'

type Props = {
  viewer: Viewer
  template: TemplateView
  running: JobView[]
  earlier: JobView[]
  records: RecordView[]
  drop: DropValues
  settings: SettingsView | null
  maxBytes: number
  idempotencyKey: string
  refused: { message: string; hint: string; link: string | null } | null
  /** A file to try the template with, when it was made from an example. */
  example: { href: string; fileName: string } | null
}

export function TemplatePage(props: Props) {
  const { viewer, template, running, earlier, idempotencyKey } = props
  const path = templatePath(template.id)
  const underway = running.some(({ job }) => job.status !== 'review')
  return (
    <Layout
      title={template.name}
      viewer={viewer}
      section="templates"
      liveTopics={[`template:${template.id}`]}
      refreshSeconds={underway ? 5 : null}
    >
      <div class="page-head">
        <div>
          <p class="crumbs">
            <a href="/templates">Templates</a>
          </p>
          <h1>{template.name}</h1>
          {template.description && <p class="quiet description">{template.description}</p>}
        </div>
        <div class="actions">
          {template.columns.length > 0 && (
            <ExportMenu templateId={template.id} records={template.records} idempotencyKey={idempotencyKey} />
          )}
          <ButtonLink href={`${path}/edit`} icon="pencil">
            Edit template
          </ButtonLink>
        </div>
      </div>
      <div class="stack-wide">
        <JobsStrip templateId={template.id} jobs={running} />
        {template.columns.length === 0 ? <NoColumns path={path} /> : <Filling {...props} />}
        <EarlierJobs templateId={template.id} jobs={earlier} />
      </div>
    </Layout>
  )
}

function NoColumns({ path }: { path: string }) {
  return (
    <Empty title="This template has no columns yet">
      <p>Add the columns that a file should have; then spreadsheets can be imported.</p>
      <ButtonLink href={`${path}/edit`} look="primary" icon="plus">
        Add columns
      </ButtonLink>
    </Empty>
  )
}

function Filling({ template, drop, settings, maxBytes, idempotencyKey, refused, records, example }: Props) {
  return (
    <>
      {example && template.records === 0 && (
        <p class="callout callout-good">
          <span>
            Try it: download{' '}
            <a href={example.href} download>
              {example.fileName}
            </a>
            , then drop it below.
          </span>
        </p>
      )}
      {template.hint && <p class="callout callout-decide">{template.hint}</p>}
      <DropForm
        template={template}
        values={drop}
        settings={settings}
        maxBytes={maxBytes}
        idempotencyKey={idempotencyKey}
        refused={refused}
      />
      <TablePreview template={template} records={records} />
    </>
  )
}
