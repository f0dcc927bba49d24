import { ButtonLink, PostButton } from './button.tsx'
import type { JobView } from './job-view.ts'
import { importAgainPath, jobPath } from './paths.ts'

/** The same job once more, as long as that is possible. */
export function TryAgain({ view: { job, can } }: { view: JobView }) {
  if (!can.retry) return null
  return (
    <PostButton action={`${jobPath(job)}/retry`} look="primary">
      {job.kind === 'import' ? 'Try this file again' : 'Try again'}
    </PostButton>
  )
}

/** The drop form with everything that this import was told. */
export function ImportAgain({ view: { job }, quiet = false }: { view: JobView; quiet?: boolean }) {
  if (job.kind !== 'import') return null
  return (
    <ButtonLink href={importAgainPath(job)} look={quiet ? 'quiet' : 'plain'}>
      Import again with another file
    </ButtonLink>
  )
}

/** Why an import that came to nothing can't be tried again, and what can be done instead. */
export function FileGone({ view: { job, can } }: { view: JobView }) {
  if (job.kind !== 'import' || can.retry) return null
  return (
    <p>
      The uploaded file is no longer kept, so it can’t be tried again from here. Upload it once more: the settings of
      this import are still known.
    </p>
  )
}
