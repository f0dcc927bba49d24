import type { ImportDetails } from '../processes/messages.ts'
import { Button, ButtonLink, PostButton } from './button.tsx'
import { plural } from './format.ts'
import type { JobView } from './job-view.ts'
import { jobPath, templatePath } from './paths.ts'

/** What went wrong, that nothing was changed, and the ways on. */
export function JobFailure({ view }: { view: JobView }) {
  const { job } = view
  const path = jobPath(job)
  const mapping = job.error?.code === 'missing_columns' && view.can.retry && freeHeaders(view).length > 0
  return (
    <div class="job-block">
      <p class="lead">
        <strong>{job.error?.message ?? 'Something went wrong.'}</strong>
        {job.kind !== 'export' && ' Nothing was changed.'}
      </p>
      {job.error?.hint && <p>{job.error.hint}</p>}
      {mapping && <MapColumns view={view} />}
      <div class="actions">
        {view.can.retry && !mapping && (
          <PostButton action={`${path}/retry`} look="primary">
            {job.kind === 'import' ? 'Try this file again' : 'Try again'}
          </PostButton>
        )}
        {view.can.downloadRefused && (
          <ButtonLink href={`${path}/problems.xlsx`} icon="download" download>
            Download {plural(job.counts.problems, 'row')} to repair
          </ButtonLink>
        )}
        {job.kind === 'import' && (
          <ButtonLink href={`${templatePath(job.template_id)}#drop`}>Import another file</ButtonLink>
        )}
      </div>
    </div>
  )
}

/** One select for each column that the file seems to lack, among the headers nobody claimed; what can wait is folded. */
function MapColumns({ view }: { view: JobView }) {
  const missing = view.details?.missing ?? []
  const headers = freeHeaders(view)
  const wanted = missing.filter((column) => column.required || column.suggestion !== null)
  const others = missing.filter((column) => !wanted.includes(column))
  return (
    <form method="post" action={`${jobPath(view.job)}/retry`} class="stack">
      <fieldset class="fieldset stack">
        <legend>Which column of the file is it?</legend>
        <ColumnSelects columns={wanted} headers={headers} />
        {others.length > 0 && (
          <details class="more">
            <summary>{plural(others.length, 'column')} that may stay empty</summary>
            <ColumnSelects columns={others} headers={headers} />
          </details>
        )}
      </fieldset>
      <div class="actions">
        <Button look="primary">{wanted.length === 1 ? 'Import with this column' : 'Import with these columns'}</Button>
      </div>
    </form>
  )
}

function ColumnSelects({ columns, headers }: { columns: ImportDetails['missing']; headers: string[] }) {
  return (
    <div class="fields">
      {columns.map((column) => (
        <label class="field">
          <span class="field-label">
            {column.name}
            {column.required && <span class="field-mark">required</span>}
          </span>
          <select name={`map[${column.columnId}]`}>
            <option value="">not in the file</option>
            {headers.map((header) => (
              <option value={header} selected={column.suggestion === header}>
                {header}
              </option>
            ))}
          </select>
        </label>
      ))}
    </div>
  )
}

function freeHeaders(view: JobView): string[] {
  const headers = view.details?.headers ?? []
  return headers
    .filter((header) => header.columnId === null && header.header.trim() !== '')
    .map((header) => header.header)
}
