import { ButtonLink } from './button.tsx'
import { plural } from './format.ts'
import type { JobView } from './job-view.ts'
import { jobPath } from './paths.ts'
import { Time } from './time.tsx'

/** How long the file of a job is kept, and when the job is over the way to have it deleted now. */
export function JobFile({ view }: { view: JobView }) {
  const { job, fileGoneAt, keepHours } = view
  if (job.kind === 'undo') return null
  if (job.finished_at === null) {
    if (job.kind === 'export') return null
    const after =
      keepHours === 0 ? 'until the import is over' : `for ${plural(keepHours, 'hour')} after the import is over`
    return (
      <section class="card card-line" aria-label="File">
        <p class="quiet">The uploaded file is kept {after}.</p>
      </section>
    )
  }
  const file = job.kind === 'export' ? 'file' : 'uploaded file'
  if (fileGoneAt !== null) {
    // An export that was not completed never had one.
    if (job.kind === 'export' && job.status !== 'completed') return null
    return (
      <section class="card card-line" aria-label="File">
        <p class="quiet">
          The {file} was deleted on <Time at={fileGoneAt} />.
        </p>
      </section>
    )
  }
  if (job.expires_at === null) return null
  return (
    <section class="card card-line" aria-label="File">
      <p>
        The {file} is kept until <Time at={job.expires_at} />
        {view.can.downloadRefused && job.kind === 'import' ? ', with the rows to repair' : ''}.
      </p>
      <ButtonLink href={`${jobPath(job)}/delete-file`}>Delete it now…</ButtonLink>
    </section>
  )
}
