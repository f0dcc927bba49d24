import { ButtonLink } from './button.tsx'
import { plural } from './format.ts'
import { FileGone, ImportAgain, TryAgain } from './job-again.tsx'
import type { JobView } from './job-view.ts'
import { jobPath } from './paths.ts'
import { FindTable, ReadAgainLink } from './read-again.tsx'

/** What went wrong, that nothing was changed, and the ways on. */
export function JobFailure({ view }: { view: JobView }) {
  const { job } = view
  const path = jobPath(job)
  const elsewhere = isElsewhere(view)
  return (
    <div class="job-block">
      <p class="lead">
        <strong>{job.error?.message ?? 'Something went wrong.'}</strong>
        {job.kind !== 'export' && ' Nothing was changed.'}
      </p>
      {job.error?.hint && <p>{job.error.hint}</p>}
      {elsewhere && <FindTable view={view} />}
      {mayBeReadOtherwise(view) && <ReadAgainLink view={view} />}
      <FileGone view={view} />
      <div class="actions">
        {!elsewhere && <TryAgain view={view} />}
        {view.can.downloadRefused && (
          <ButtonLink href={`${path}/problems.xlsx`} icon="download" download>
            Download {plural(job.counts.problems, 'row')} to repair
          </ButtonLink>
        )}
        <ImportAgain view={view} />
      </div>
    </div>
  )
}

/** Another sheet may be whole, and quotes be text. Where more is known of the file, that is offered beside it. */
function mayBeReadOtherwise({ job, details }: JobView): boolean {
  return job.error?.code === 'damaged' && details === null
}

/** The table may be elsewhere in the file, or under other names: then nothing need be uploaded again. */
const FOUND_ELSEWHERE = ['missing_columns', 'no_header', 'no_rows', 'no_sheet', 'sheet_not_found'] as const

/** Whether the card itself asks where in the file the table is. */
export function isElsewhere({ job, can }: JobView): boolean {
  return can.readAgain && job.status === 'failed' && FOUND_ELSEWHERE.some((code) => code === job.error?.code)
}
