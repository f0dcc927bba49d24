import type { Column } from '../columns/column.ts'
import { ButtonLink } from './button.tsx'
import { Empty } from './empty.tsx'
import { formatNumber } from './format.ts'
import { Layout } from './layout.tsx'
import { recordHistoryPath, recordPath, recordsPath, templatePath, withQuery } from './paths.ts'
import { type ChangeView, RecordSteps } from './record-history.tsx'
import type { Viewer } from './viewer.ts'

type Props = {
  viewer: Viewer
  template: { id: string; name: string; columns: Column[] }
  recordId: number
  /** The record is still in the table. */
  exists: boolean
  history: ChangeView[]
  /** The `before` of the page with earlier steps. */
  next: number | null
}

/** The whole life of a record, also of one that is gone. */
export function RecordHistoryPage({ viewer, template, recordId, exists, history, next }: Props) {
  const { id, name, columns } = template
  const title = `History of record ${formatNumber(recordId)}`
  return (
    <Layout title={`${title} · ${name}`} viewer={viewer} section="templates" narrow>
      <p class="crumbs">
        <a href={templatePath(id)}>{name}</a> · <a href={recordsPath(id)}>Records</a>
        {exists && (
          <>
            {' '}
            · <a href={recordPath(id, recordId)}>Record {formatNumber(recordId)}</a>
          </>
        )}
      </p>
      <h1>{title}</h1>
      {!exists && history.length > 0 && <p class="callout">This record is no longer in the table.</p>}
      {history.length === 0 ? (
        <Empty title="Nothing is known of it">
          <p>There is no earlier step of a record with this number.</p>
          <ButtonLink href={recordsPath(id)}>See the records</ButtonLink>
        </Empty>
      ) : (
        <section class="card" aria-label="Steps, the latest first">
          <RecordSteps templateId={id} columns={columns} history={history} />
        </section>
      )}
      {next !== null && (
        <a class="button button-plain" href={withQuery(recordHistoryPath(id, recordId), { before: next })} rel="next">
          Earlier
        </a>
      )}
    </Layout>
  )
}
