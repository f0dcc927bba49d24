import { ButtonLink } from './button.tsx'
import { formatBytes, plural } from './format.ts'
import { ImportAgain } from './job-again.tsx'
import { ImportFigures } from './job-figures.tsx'
import type { JobView } from './job-view.ts'
import { NoteText } from './note-text.tsx'
import { jobPath, recordsPath, templatePath, withQuery } from './paths.ts'

/** What came of it and what a person does next. */
export function JobCompletion({ view }: { view: JobView }) {
  const { job } = view
  return (
    <div class="job-block">
      <p class="lead">
        <strong>{job.progress.message}</strong>
      </p>
      {job.kind === 'import' && <ImportFigures counts={job.counts} done={!view.checkOnly} leftOut={job.left_out} />}
      {view.note && (
        <p class="callout">
          <NoteText note={view.note} />
        </p>
      )}
      {view.undoneBy && (
        <p class="callout">
          This {job.kind} was undone.{' '}
          <a href={jobPath({ id: view.undoneBy, template_id: job.template_id })}>See the undo</a>
        </p>
      )}
      <div class="actions">{job.kind === 'export' ? <ExportActions view={view} /> : <TableActions view={view} />}</div>
    </div>
  )
}

function ExportActions({ view }: { view: JobView }) {
  const { job } = view
  if (!view.can.downloadFile) return <ButtonLink href={templatePath(job.template_id)}>Make a new export</ButtonLink>
  const size = job.file?.size ? `, ${formatBytes(job.file.size)}` : ''
  return (
    <ButtonLink href={`${jobPath(job)}/file`} look="primary" icon="download" download>
      Download {job.file?.name ?? 'the file'}
      {size}
    </ButtonLink>
  )
}

function TableActions({ view }: { view: JobView }) {
  const { job } = view
  const path = jobPath(job)
  const wrote =
    job.kind === 'import' && job.counts.created + job.counts.updated > 0 && !view.checkOnly && !view.undoneBy
  const refused = job.counts.problems
  return (
    <>
      <ButtonLink
        href={withQuery(recordsPath(job.template_id), { import: wrote ? job.id : null })}
        look={view.checkOnly ? 'plain' : 'primary'}
      >
        See the data
      </ButtonLink>
      {view.can.downloadRefused && (
        <ButtonLink href={`${path}/problems.xlsx`} icon="download" download>
          Download {plural(refused, 'refused row')}
        </ButtonLink>
      )}
      {view.can.seeChanges && <ButtonLink href={`${path}/changes`}>See what changed</ButtonLink>}
      {job.kind === 'undo' && job.counts.skipped > 0 && (
        <ButtonLink href={`${path}/kept`}>See the {plural(job.counts.skipped, 'record')} kept</ButtonLink>
      )}
      {view.can.undo && (
        <ButtonLink href={`${path}/undo`} icon="undo">
          {job.kind === 'undo' ? 'Undo the undo…' : 'Undo this import…'}
        </ButtonLink>
      )}
      {job.kind === 'import' && (
        <ButtonLink href={`${path}/receipt`} look="quiet">
          Receipt
        </ButtonLink>
      )}
      <ImportAgain view={view} quiet />
    </>
  )
}
