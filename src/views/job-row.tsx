import { formatNumber } from './format.ts'
import type { JobView } from './job-view.ts'
import { shortWords } from './job-words.ts'
import { jobPath, templatePath } from './paths.ts'
import { StatePill } from './state-pill.tsx'
import { Time } from './time.tsx'

export const jobRowId = (jobId: string) => `job-row-${jobId}`

/** A job in one row of a list; the list of a template itself leaves the template's name out by style. */
export function JobRow({ view }: { view: JobView }) {
  const { job } = view
  return (
    <li id={jobRowId(job.id)} class="job-row" data-status={job.status}>
      <div class="job-row-what">
        <p class="job-row-name">
          <a href={jobPath(job)}>{view.fileLabel}</a>
          <a class="job-row-template quiet" href={templatePath(job.template_id)}>
            {view.templateName}
          </a>
        </p>
        <p class="quiet">{shortWords(view)}</p>
        {job.status === 'processing' && (
          <progress
            class="bar bar-thin"
            aria-label={`Progress of ${view.fileLabel}`}
            max={100}
            value={job.progress.percent === null ? undefined : job.progress.percent}
          />
        )}
      </div>
      <StatePill status={job.status} cancelling={view.cancelling} undone={view.undoneBy !== null} />
      <p class="job-row-when quiet">
        <Time at={job.finished_at ?? job.created_at} />
        {view.creatorName && <span>{view.creatorName}</span>}
      </p>
      <p class="job-row-action">
        <RowAction view={view} />
      </p>
    </li>
  )
}

/** The one thing a person most likely wants next. */
function RowAction({ view }: { view: JobView }) {
  const { job } = view
  const path = jobPath(job)
  if (job.status === 'review') return <a href={path}>Review</a>
  if (job.status === 'failed') return <a href={path}>See why</a>
  if (view.can.downloadFile && job.kind === 'export') {
    return (
      <a href={`${path}/file`} download>
        Download
      </a>
    )
  }
  if (job.counts.problems > 0 && view.can.downloadRefused) {
    return <a href={`${path}/problems`}>{formatNumber(job.counts.problems)} to repair</a>
  }
  if (view.can.undo) return <a href={`${path}/undo`}>Undo…</a>
  return <a href={path}>Details</a>
}
