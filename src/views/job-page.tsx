import { JobRegion } from './job-region.tsx'
import type { JobView } from './job-view.ts'
import { titleWords } from './job-words.ts'
import { Layout } from './layout.tsx'
import { templatePath } from './paths.ts'
import type { Viewer } from './viewer.ts'

const KIND_WORDS = { import: 'Import', export: 'Export', undo: 'Undo' } as const

type Props = { viewer: Viewer; view: JobView; columnNames: Record<string, string> }

export function JobPage({ viewer, view, columnNames }: Props) {
  const { job } = view
  const underway = job.status === 'pending' || job.status === 'processing'
  return (
    <Layout
      title={titleWords(view)}
      viewer={viewer}
      section="jobs"
      liveTopics={[`job:${job.id}`]}
      refreshSeconds={underway ? 2 : null}
    >
      <div class="page-head">
        <div>
          <p class="crumbs">
            <a href={templatePath(job.template_id)}>{view.templateName}</a> · {KIND_WORDS[job.kind]}
          </p>
          <h1>{view.fileLabel}</h1>
        </div>
      </div>
      <JobRegion view={view} columnNames={columnNames} />
    </Layout>
  )
}
