import { ButtonLink } from './button.tsx'
import { plural } from './format.ts'
import { JobCard } from './job-card.tsx'
import { JobFile } from './job-file.tsx'
import { JobReading } from './job-reading.tsx'
import type { JobView } from './job-view.ts'
import { titleWords } from './job-words.ts'
import { jobPath } from './paths.ts'

export const jobRegionId = (jobId: string) => `job-region-${jobId}`

type Props = { view: JobView; columnNames: Record<string, string> }

/** Everything on a job's page that depends on its state; pushed whole. */
export function JobRegion({ view, columnNames }: Props) {
  const { job } = view
  return (
    <div id={jobRegionId(job.id)} class="stack-wide" data-title={titleWords(view)} data-status={job.status}>
      <JobCard view={view} />
      {job.kind === 'import' && job.counts.problems > 0 && <ProblemsLink view={view} />}
      {view.details && <JobReading view={view} details={view.details} columnNames={columnNames} />}
      <JobFile view={view} />
    </div>
  )
}

function ProblemsLink({ view }: { view: JobView }) {
  const { job } = view
  const ended = job.status !== 'processing' && job.status !== 'pending'
  return (
    <section class="card card-line" aria-label="Problems">
      <p>
        <strong>{plural(job.counts.problems, 'row')}</strong> {job.counts.problems === 1 ? 'has' : 'have'} problems
        {ended ? '' : ' so far'}.
      </p>
      {ended && <ButtonLink href={`${jobPath(job)}/problems`}>See the problems</ButtonLink>}
    </section>
  )
}
