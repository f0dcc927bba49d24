import { JobCard } from './job-card.tsx'
import { JobRow } from './job-row.tsx'
import type { JobView } from './job-view.ts'
import { templatePath } from './paths.ts'
import { tablePreviewId } from './table-preview.tsx'

export const jobsStripId = (templateId: string) => `jobs-${templateId}`
export const earlierJobsId = (templateId: string) => `earlier-${templateId}`

type Props = { templateId: string; jobs: JobView[] }

/** A template's jobs that run, wait or need somebody. */
export function JobsStrip({ templateId, jobs }: Props) {
  return (
    <section id={jobsStripId(templateId)} class="stack" aria-label="Running jobs">
      {jobs.map((view) => (
        <JobCard view={view} />
      ))}
    </section>
  )
}

/** A template's jobs that have ended, the latest first. */
export function EarlierJobs({ templateId, jobs }: Props) {
  return (
    <section id={earlierJobsId(templateId)} class="card earlier" aria-labelledby="earlier" hidden={jobs.length === 0}>
      <div class="section-head">
        <h2 id="earlier">Earlier</h2>
        <a href={`/jobs?template=${templateId}`}>All jobs of this template</a>
      </div>
      <TableRefresh templateId={templateId} jobs={jobs} />
      <ul class="job-rows">
        {jobs.map((view) => (
          <JobRow view={view} />
        ))}
      </ul>
    </section>
  )
}

/**
 * Loads the table again after a job has changed it: a push with the next such job brings a new element, and an element
 * that is there already does nothing.
 */
function TableRefresh({ templateId, jobs }: Props) {
  const last = jobs.find(({ job }) => job.kind !== 'export' && job.status === 'completed')
  if (last === undefined) return null
  return (
    <span
      id={`table-after-${last.job.id}`}
      hidden
      hx-get={`${templatePath(templateId)}/table`}
      hx-trigger="load"
      hx-target={`#${tablePreviewId(templateId)}`}
      hx-swap="outerMorph"
    />
  )
}
