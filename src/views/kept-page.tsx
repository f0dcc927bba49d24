import type { KeptRecord } from '../tables/undo.ts'
import { formatNumber, plural } from './format.ts'
import type { JobView } from './job-view.ts'
import { Layout } from './layout.tsx'
import { jobPath, recordPath, templatePath, withQuery } from './paths.ts'
import type { Viewer } from './viewer.ts'

const REASONS: Record<KeptRecord['reason'], string> = {
  changed: 'was changed since',
  deleted: 'was deleted since',
  taken: 'would collide: its earlier key or unique value belongs to another record now',
}

type Props = { viewer: Viewer; view: JobView; kept: KeptRecord[]; next: number | null }

/** What an undo did not touch, and why. */
export function KeptPage({ viewer, view, kept, next }: Props) {
  const { job } = view
  const path = jobPath(job)
  return (
    <Layout title={`Kept by ${view.fileLabel}`} viewer={viewer} section="jobs" narrow>
      <p class="crumbs">
        <a href={templatePath(job.template_id)}>{view.templateName}</a> · <a href={path}>{view.fileLabel}</a>
      </p>
      <h1>{plural(job.counts.skipped, 'record')} kept</h1>
      <ul class="card rows">
        {kept.map(({ recordId, reason }) => (
          <li class="row">
            <p>
              {reason === 'deleted' ? (
                `Record ${formatNumber(recordId)}`
              ) : (
                <a href={recordPath(job.template_id, recordId)}>Record {formatNumber(recordId)}</a>
              )}{' '}
              {REASONS[reason]}.
            </p>
          </li>
        ))}
      </ul>
      {next !== null && (
        <a class="button button-plain" href={withQuery(`${path}/kept`, { after: next })} rel="next">
          Next
        </a>
      )}
    </Layout>
  )
}
