import { ButtonLink, PostButton } from './button.tsx'
import { formatNumber } from './format.ts'
import { ImportFigures } from './job-figures.tsx'
import type { JobView } from './job-view.ts'
import { approveWords, readyRows, reviewWords } from './job-words.ts'
import { NoteText } from './note-text.tsx'
import { jobPath } from './paths.ts'

/** What a person has to decide, and what each answer does. */
export function JobReview({ view }: { view: JobView }) {
  const { job } = view
  const path = jobPath(job)
  const nothing = readyRows(job.counts) + job.counts.deleted === 0
  return (
    <div class="job-block">
      <p class="lead">
        <strong>{reviewWords(job)}</strong> Nothing has changed yet.
      </p>
      <ImportFigures counts={job.counts} done={false} leftOut={job.left_out} />
      {view.note && (
        <p class="callout callout-decide">
          <NoteText note={view.note} />
        </p>
      )}
      {job.counts.deleted > 0 && (
        <p class="callout callout-decide">
          The file replaces the table: {formatNumber(job.counts.deleted)}{' '}
          {job.counts.deleted === 1 ? 'record is' : 'records are'} not in it and will be deleted. An undo brings them
          back.
        </p>
      )}
      <div class="actions">
        {view.can.approve && !nothing && (
          <PostButton
            action={`${path}/approve`}
            look={job.counts.deleted > 0 ? 'danger' : 'primary'}
            fields={{ plan: view.plan }}
          >
            {approveWords(job)}
          </PostButton>
        )}
        {view.can.seeChanges && <ButtonLink href={`${path}/changes`}>See what would change</ButtonLink>}
        {view.can.downloadRefused && (
          <ButtonLink href={`${path}/problems.xlsx`} icon="download" download>
            {job.counts.problems === 1 ? 'Download the row' : `Download the ${formatNumber(job.counts.problems)}`} to
            repair
          </ButtonLink>
        )}
        {view.can.cancel && (
          <PostButton action={`${path}/cancel`} look="quiet">
            Cancel import
          </PostButton>
        )}
      </div>
    </div>
  )
}
