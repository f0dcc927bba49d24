import { Button } from './button.tsx'
import type { JobView } from './job-view.ts'
import { jobPath, readAgainPath, templatePath } from './paths.ts'
import { type KnownFile, ReadingFields, readingValues } from './reading-fields.tsx'

/** The way to the page on which a person says how the kept file is read once more. */
export function ReadAgainLink({ view }: { view: JobView }) {
  if (!(view.can.readAgain || view.can.importKept) || view.reading === null) return null
  return (
    <p>
      <a href={readAgainPath(view.job)}>
        {view.can.importKept ? 'Import it again, read in another way' : 'Read it again in another way'}
      </a>
    </p>
  )
}

/** For a file in which the table was not found where it was looked for: nothing need be uploaded again. */
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

/** What is known of the file whose reading failed or is doubted. */
export function knownFile({ details }: JobView): KnownFile {
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
    <>
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
      <RememberHeaders view={view} />
    </>
  )
}

/** Whether next month's file needs none of this. */
export function RememberHeaders({ view }: { view: JobView }) {
  return (
    <label class="flag">
      <input type="checkbox" name="remember" value="yes" checked />
      <span>
        Remember for <a href={`${templatePath(view.job.template_id)}/edit`}>{view.templateName}</a>, so that the next
        file with these headers needs none of this
      </span>
    </label>
  )
}

function freeHeaders(view: JobView): string[] {
  const headers = view.details?.headers ?? []
  return headers
    .filter((header) => header.columnId === null && header.header.trim() !== '')
    .map((header) => header.header)
}
