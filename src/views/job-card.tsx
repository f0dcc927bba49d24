import { PostButton } from './button.tsx'
import { formatBytes } from './format.ts'
import { JobCancellation } from './job-cancellation.tsx'
import { JobCompletion } from './job-completion.tsx'
import { JobFailure } from './job-failure.tsx'
import { ImportFigures, ReadingFigures } from './job-figures.tsx'
import { JobProgress } from './job-progress.tsx'
import { JobQuestions } from './job-questions.tsx'
import { JobReview } from './job-review.tsx'
import { JobSteps } from './job-steps.tsx'
import type { JobView } from './job-view.ts'
import { waitingWords } from './job-words.ts'
import { jobPath } from './paths.ts'
import { StatePill } from './state-pill.tsx'
import { Time } from './time.tsx'

export const jobCardId = (jobId: string) => `job-${jobId}`

/** A job with its state, its numbers and its actions; the same on every page and in every push. */
export function JobCard({ view }: { view: JobView }) {
  const { job } = view
  return (
    <article id={jobCardId(job.id)} class="card job" data-status={job.status}>
      <header class="job-head">
        <StatePill status={job.status} cancelling={view.cancelling} undone={view.undoneBy !== null} />
        <h2 class="job-name">
          <a href={jobPath(job)}>{view.fileLabel}</a>
        </h2>
        <JobMeta view={view} />
        {isUnderway(view) && view.can.cancel && (
          <div class="job-head-action">
            <PostButton action={`${jobPath(job)}/cancel`} look="quiet">
              {view.cancelling ? 'End it at once' : 'Cancel'}
            </PostButton>
          </div>
        )}
      </header>
      <JobBody view={view} />
    </article>
  )
}

function JobMeta({ view }: { view: JobView }) {
  const { job, creatorName } = view
  return (
    <p class="job-meta">
      {job.kind === 'import' && job.file?.size != null && <span>{formatBytes(job.file.size)}</span>}
      {creatorName && <span>{creatorName}</span>}
      <span>
        <Time at={job.created_at} />
      </span>
      {view.checkOnly && <span>check only</span>}
    </p>
  )
}

function JobBody({ view }: { view: JobView }) {
  const { job } = view
  switch (job.status) {
    case 'pending':
      return (
        <>
          <p class="job-line">{waitingWords(view)}</p>
          {job.kind === 'import' && <JobSteps view={view} />}
        </>
      )
    case 'processing':
      return (
        <>
          <JobProgress view={view} />
          {job.kind === 'import' && <JobSteps view={view} />}
          {job.kind === 'import' && <RunningFigures view={view} />}
        </>
      )
    case 'review':
      return job.questions.length > 0 ? <JobQuestions view={view} /> : <JobReview view={view} />
    case 'completed':
      return <JobCompletion view={view} />
    case 'failed':
      return <JobFailure view={view} />
    case 'cancelled':
      return <JobCancellation view={view} />
  }
}

function RunningFigures({ view }: { view: JobView }) {
  const { phase, counts } = view.job
  return phase === 'applying' ? <ImportFigures counts={counts} done={false} /> : <ReadingFigures counts={counts} />
}

function isUnderway({ job }: JobView): boolean {
  return job.status === 'pending' || job.status === 'processing'
}
