import { FileGone, ImportAgain, TryAgain } from './job-again.tsx'
import type { JobView } from './job-view.ts'

/** That nothing came of it, and the ways on. */
export function JobCancellation({ view }: { view: JobView }) {
  return (
    <div class="job-block">
      <p class="job-line">{view.job.progress.message}</p>
      <FileGone view={view} />
      <div class="actions">
        <TryAgain view={view} />
        <ImportAgain view={view} />
      </div>
    </div>
  )
}
