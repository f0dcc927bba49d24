import { Button } from './button.tsx'
import type { JobView } from './job-view.ts'
import { jobPath } from './paths.ts'
import { type KnownFile, ReadingFields, readingValues } from './reading-fields.tsx'

/** Reads the kept file once more, the way a person says; nothing need be uploaded again. */
export function ReadAgain({ view }: { view: JobView }) {
  if (!view.can.readAgain || view.reading === null) return null
  return (
    <details class="more" id="read-again">
      <summary>Read it again in another way</summary>
      <form method="post" action={`${jobPath(view.job)}/retry`} class="stack">
        <ReadingFields values={readingValues(view.reading)} file={knownFile(view)} unsaid="as they were read" />
        <div class="actions">
          <Button>Read the file again</Button>
        </div>
      </form>
    </details>
  )
}

/** The same for a file in which the table was not found where it was looked for. */
export function FindTable({ view }: { view: JobView }) {
  if (view.reading === null) return null
  return (
    <form method="post" action={`${jobPath(view.job)}/retry`} class="stack">
      {view.job.error?.code === 'missing_columns' && <MapColumns view={view} />}
      <fieldset class="fieldset">
        <legend>Or is the table somewhere else in the file?</legend>
        <ReadingFields values={readingValues(view.reading)} file={knownFile(view)} unsaid="as they were read" />
      </fieldset>
      <div class="actions">
        <Button look="primary">Read the file again</Button>
      </div>
    </form>
  )
}

function knownFile({ details }: JobView): KnownFile {
  const isText = details === null ? null : details.dialect !== null
  // A text file has no sheets, whatever the reader calls its only one.
  const sheets = details === null || isText ? [] : details.sheets
  return { sheets, isText, headerRow: details?.headerRow ?? null }
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
