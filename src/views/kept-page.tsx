import type { Column } from '../columns/column.ts'
import type { KeptSince } from '../tables/kept-records.ts'
import { plural } from './format.ts'
import type { JobView } from './job-view.ts'
import { KeptList } from './kept-list.tsx'
import { Layout } from './layout.tsx'
import { jobPath, templatePath, withQuery } from './paths.ts'
import type { Viewer } from './viewer.ts'

type Props = { viewer: Viewer; view: JobView; columns: Column[]; kept: KeptSince[]; next: number | null }

/** What an undo did not touch, and why. */
export function KeptPage({ viewer, view, columns, kept, next }: Props) {
  const { job } = view
  const path = jobPath(job)
  return (
    <Layout title={`Kept by ${view.fileLabel}`} viewer={viewer} section="jobs" narrow>
      <p class="crumbs">
        <a href={templatePath(job.template_id)}>{view.templateName}</a> · <a href={path}>{view.fileLabel}</a>
      </p>
      <h1>{plural(job.counts.skipped, 'record')} kept</h1>
      <KeptList
        templateId={job.template_id}
        columns={columns}
        kept={kept}
        next={next === null ? null : { href: withQuery(`${path}/kept`, { after: next }) }}
      />
    </Layout>
  )
}
