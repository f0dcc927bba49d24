import { formatNumber, plural } from './format.ts'
import { recordsPath } from './paths.ts'
import type { RecordView } from './record-view.ts'
import { RecordsTable } from './records-table.tsx'
import type { TemplateView } from './template-view.ts'

export const PREVIEWED = 10
export const tablePreviewId = (templateId: string) => `table-${templateId}`

type Props = { template: TemplateView; records: RecordView[] }

/** The first records of a template's table; loaded again when a job has changed them. */
export function TablePreview({ template, records }: Props) {
  const all = recordsPath(template.id)
  return (
    <section id={tablePreviewId(template.id)} class="stack" aria-labelledby="table-title">
      <div class="section-head">
        <h2 id="table-title">
          Table <span class="quiet">{plural(template.records, 'record')}</span>
        </h2>
        {template.records > 0 && (
          <a href={all}>
            {template.records > records.length
              ? `See all ${formatNumber(template.records)} records`
              : 'Search and edit'}
          </a>
        )}
      </div>
      {records.length === 0 ? (
        <p class="quiet">
          Empty so far. The rows of the first import appear here, or <a href={`${all}/new`}>add a record by hand</a>.
        </p>
      ) : (
        <RecordsTable templateId={template.id} columns={template.columns} records={records} query={null} />
      )}
    </section>
  )
}
