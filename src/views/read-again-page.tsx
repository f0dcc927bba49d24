import { isRecordIdHeader } from '../columns/claim-columns.ts'
import type { Column } from '../columns/column.ts'
import type { SampledHeader } from '../columns/matched-header.ts'
import { Button, ButtonLink } from './button.tsx'
import { modeSentence } from './column-words.ts'
import { FormErrors } from './form-errors.tsx'
import { plural } from './format.ts'
import type { JobView } from './job-view.ts'
import { Layout } from './layout.tsx'
import { jobPath } from './paths.ts'
import { knownFile, RememberHeaders } from './read-again.tsx'
import { ReadingFields, type ReadingValues } from './reading-fields.tsx'
import { TableFrame } from './table-frame.tsx'
import type { Viewer } from './viewer.ts'

/** Every header can have any column: beyond this many, a table of choices is too large for a browser. */
const MOST_HEADERS = 300

type Props = {
  viewer: Viewer
  view: JobView
  columns: Column[]
  values: ReadingValues
  /** The id of the column that a header has, or that somebody chose for it; '' for none. */
  columnOf(header: SampledHeader): string
  /** Why what was sent is refused. */
  message: string | null
  /** The form may be sent twice and makes one import. */
  idempotencyKey: string
}

/** Which column of the file is which, and where and how its table is written, for the file of an import that is kept. */
export function ReadAgainPage({ viewer, view, columns, values, columnOf, message, idempotencyKey }: Props) {
  const { job, can } = view
  const path = jobPath(job)
  const isNew = can.importKept
  const title = `${isNew ? 'Import' : 'Read'} ${view.fileLabel} again`
  return (
    <Layout title={title} viewer={viewer} section="templates" narrow>
      <p class="crumbs">
        <a href={path}>{view.fileLabel}</a>
      </p>
      <h1>{title}</h1>
      <form method="post" action={`${path}/${isNew ? 'import-again' : 'retry'}`} class="stack-wide">
        {isNew ? (
          <AsNewImport view={view} columns={columns} />
        ) : (
          <p>It need not be uploaded again, and nothing has changed yet.</p>
        )}
        <FormErrors message={message} />
        {isNew && <input type="hidden" name="idempotency_key" value={idempotencyKey} />}
        <Matching view={view} columns={columns} columnOf={columnOf} />
        <section class="card stack" aria-labelledby="reading">
          <h2 id="reading">How it is read</h2>
          <ReadingFields values={values} file={knownFile(view)} unsaid="as they were read" />
        </section>
        <div class="actions">
          <Button look="primary">{isNew ? 'Import the file again' : 'Read the file again'}</Button>
          <ButtonLink href={path} look="quiet">
            Leave it as it is
          </ButtonLink>
        </div>
      </form>
    </Layout>
  )
}

function AsNewImport({ view: { job, can, checkOnly }, columns }: { view: JobView; columns: Column[] }) {
  if (checkOnly) return <p>The file is checked once more, and nothing is changed.</p>
  return (
    <p>
      It is imported once more, as an import of its own, and you are asked before it changes anything.{' '}
      {job.mode && modeSentence(job.mode, columns)}{' '}
      {can.undo && (
        <>
          What the first one did stays; <a href={`${jobPath(job)}/undo`}>undo it first</a> if it should not.
        </>
      )}
    </p>
  )
}

function Matching({ view, columns, columnOf }: Pick<Props, 'view' | 'columns' | 'columnOf'>) {
  const headers = chosenByName(view.details?.headers ?? [])
  if (headers.length === 0) return null
  return (
    <section class="card stack" aria-labelledby="matching">
      <h2 id="matching">Which column is which</h2>
      <TableFrame label="Columns of the file">
        <table class="table table-matching">
          <thead>
            <tr>
              <th scope="col">In the file</th>
              <th scope="col">Column</th>
            </tr>
          </thead>
          <tbody>
            {headers.slice(0, MOST_HEADERS).map((header) => (
              <HeaderRow header={header} columns={columns} chosen={columnOf(header)} />
            ))}
          </tbody>
        </table>
      </TableFrame>
      {headers.length > MOST_HEADERS && (
        <p class="quiet">The {plural(headers.length - MOST_HEADERS, 'column')} behind these stay as they are.</p>
      )}
      <RememberHeaders view={view} />
    </section>
  )
}

/** A header is chosen for by its name: one that comes twice is there once, and the ids of records are not to be chosen. */
function chosenByName(headers: SampledHeader[]): SampledHeader[] {
  const first = new Map<string, SampledHeader>()
  for (const header of headers) {
    if (header.header === '' || isRecordIdHeader(header.header)) continue
    const known = first.get(header.header)
    if (known === undefined || (known.columnId === null && header.columnId !== null)) first.set(header.header, header)
  }
  return [...first.values()]
}

function HeaderRow({ header, columns, chosen }: { header: SampledHeader; columns: Column[]; chosen: string }) {
  return (
    <tr>
      <th scope="row">
        {header.header}
        {header.samples && header.samples.length > 0 && (
          <span class="matching-samples">{header.samples.join(' · ')}</span>
        )}
      </th>
      <td>
        <select name={`as[${header.header}]`} aria-label={`Column for ${header.header}`}>
          <option value="">not imported</option>
          {columns.map(({ id, name }) => (
            <option value={id} selected={id === chosen}>
              {name}
            </option>
          ))}
        </select>
        {header.suggestion !== null && <span class="quiet">nearly “{header.suggestion}”</span>}
      </td>
    </tr>
  )
}
