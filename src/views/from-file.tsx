import type { Child } from 'hono/jsx'
import { type KnownFile, PlaceFields, type ReadingValues, UNKNOWN_FILE } from './reading-fields.tsx'
import { SpreadsheetZone } from './spreadsheet-zone.tsx'

export type FromFileProps = {
  maxBytes: number
  values: ReadingValues
  /** What columns were proposed from, with the sentences about it; null when none were yet. */
  proposed: { file: KnownFile; sentences: string[] } | null
}

/** A new template may start from a spreadsheet; when it has, from another place in it. */
export function FromFile({ maxBytes, values, proposed }: FromFileProps) {
  if (proposed === null) {
    return (
      <FileForm maxBytes={maxBytes}>
        <h2>Start from a spreadsheet</h2>
        <SpreadsheetZone
          maxBytes={maxBytes}
          button="Propose columns"
          secondary
          options={
            <details class="more" open={Object.values(values).some((value) => value !== '')}>
              <summary>How it is read</summary>
              <PlaceFields values={values} file={UNKNOWN_FILE} />
            </details>
          }
        >
          <p class="quiet">Its header and rows show which columns there are. The file is not kept.</p>
        </SpreadsheetZone>
      </FileForm>
    )
  }
  return (
    <>
      <div class="callout callout-good">
        <div>
          <p>{proposed.sentences[0]} Look at every column, change what is wrong, then save. Nothing is saved yet.</p>
          {proposed.sentences.slice(1).map((sentence) => (
            <p>{sentence}</p>
          ))}
        </div>
      </div>
      <details class="more">
        <summary>Read the file in another way</summary>
        <FileForm maxBytes={maxBytes}>
          <SpreadsheetZone
            maxBytes={maxBytes}
            button="Propose columns again"
            secondary
            options={<PlaceFields values={values} file={proposed.file} />}
          >
            <p class="quiet">The file was not kept, so choose it again. These columns are replaced.</p>
          </SpreadsheetZone>
        </FileForm>
      </details>
    </>
  )
}

function FileForm({ maxBytes, children }: { maxBytes: number; children: Child }) {
  return (
    <form
      id="from-file"
      method="post"
      action="/templates/propose"
      enctype="multipart/form-data"
      class="card stack from-file"
      data-upload="page"
      data-max-bytes={maxBytes}
    >
      {children}
    </form>
  )
}
