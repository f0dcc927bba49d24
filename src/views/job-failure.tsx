import { Button, ButtonLink, PostButton } from './button.tsx'
import { plural } from './format.ts'
import type { JobView } from './job-view.ts'
import { jobPath, templatePath } from './paths.ts'

/** What went wrong, that nothing was changed, and the ways on. */
export function JobFailure({ view }: { view: JobView }) {
  const { job } = view
  const path = jobPath(job)
  const elsewhere = view.can.retry && FOUND_ELSEWHERE.some((code) => code === job.error?.code)
  return (
    <div class="job-block">
      <p class="lead">
        <strong>{job.error?.message ?? 'Something went wrong.'}</strong>
        {job.kind !== 'export' && ' Nothing was changed.'}
      </p>
      {job.error?.hint && <p>{job.error.hint}</p>}
      {elsewhere && <ReadAgain view={view} />}
      <div class="actions">
        {view.can.retry && !elsewhere && (
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

/** The table may be elsewhere in the file, or under other names: then nothing need be uploaded again. */
const FOUND_ELSEWHERE = ['missing_columns', 'no_header', 'no_rows', 'sheet_not_found'] as const

function ReadAgain({ view }: { view: JobView }) {
  return (
    <form method="post" action={`${jobPath(view.job)}/retry`} class="stack">
      {view.job.error?.code === 'missing_columns' && <MapColumns view={view} />}
      <fieldset class="fieldset">
        <legend>Or is the table somewhere else in the file?</legend>
        <div class="fields">
          <div class="field">
            <label class="field-label" for="read-sheet">
              Sheet
            </label>
            <SheetChoice view={view} />
          </div>
          <label class="field">
            <span class="field-label">Header is in row</span>
            <input
              name="header_row"
              type="number"
              min={1}
              placeholder={String(view.details?.headerRow ?? 'found by itself')}
            />
          </label>
        </div>
      </fieldset>
      <div class="actions">
        <Button look="primary">Try this file again</Button>
      </div>
    </form>
  )
}

function SheetChoice({ view: { details } }: { view: JobView }) {
  if (details === null) return <input id="read-sheet" name="sheet" autocomplete="off" />
  return (
    <select id="read-sheet" name="sheet">
      {[details.sheet, ...details.otherSheets].map((sheet) => (
        <option value={sheet}>{sheet === '' ? 'the only one' : sheet}</option>
      ))}
    </select>
  )
}

/** One select for each column that the file seems to lack, among the headers nobody claimed. */
function MapColumns({ view }: { view: JobView }) {
  const missing = view.details?.missing ?? []
  const headers = freeHeaders(view)
  if (headers.length === 0) return null
  return (
    <fieldset class="fieldset">
      <legend>Which column of the file is it?</legend>
      <div class="fields">
        {missing.map((column) => (
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
    </fieldset>
  )
}

function freeHeaders(view: JobView): string[] {
  const headers = view.details?.headers ?? []
  return headers
    .filter((header) => header.columnId === null && header.header.trim() !== '')
    .map((header) => header.header)
}
