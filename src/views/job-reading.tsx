import { isRecordIdHeader } from '../columns/claim-columns.ts'
import type { MatchedHeader } from '../columns/matched-header.ts'
import type { ImportDetails } from '../tables/import-details.ts'
import { formatNumber, plural } from './format.ts'
import { isElsewhere } from './job-failure.tsx'
import type { JobView } from './job-view.ts'
import { ReadAgainLink } from './read-again.tsx'
import { sheetWords, textWords } from './reading-words.ts'
import { TableFrame } from './table-frame.tsx'

const BY: Record<NonNullable<MatchedHeader['by']>, string> = {
  mark: 'by our mark in the file',
  mapping: 'chosen by you',
  name: 'by name',
  alias: 'by alias',
}

type Props = {
  view: JobView
  details: ImportDetails
  columnNames: Record<string, string>
  /** On a receipt, every column of the file is shown at once, and nothing is left to be done. */
  receipt?: boolean
}

/** How the file was understood, for whoever doubts it. */
export function JobReading({ view, details, columnNames, receipt }: Props) {
  const headers = details.headers.filter(({ header }) => !isRecordIdHeader(header))
  const matched = headers.filter((header) => header.columnId !== null)
  return (
    <section class="card" aria-labelledby="reading">
      <h2 id="reading">How the file was read</h2>
      <p>{readingWords(details)}</p>
      {details.dialect === null && details.sheets.length > 1 && <Sheets details={details} />}
      {details.warnings.length > 0 && (
        <ul class="warnings">
          {details.warnings.map((warning) => (
            <li>{warning}</li>
          ))}
        </ul>
      )}
      <details class="more" open={receipt}>
        <summary>
          {formatNumber(matched.length)} of {plural(headers.length, 'column')} of the file matched
        </summary>
        <TableFrame label="Columns of the file">
          <table class="table table-columns">
            <thead>
              <tr>
                <th scope="col">In the file</th>
                <th scope="col">Column</th>
                <th scope="col">Matched</th>
              </tr>
            </thead>
            <tbody>
              {details.headers.map((header) => (
                <HeaderRow header={header} columnNames={columnNames} />
              ))}
            </tbody>
          </table>
        </TableFrame>
      </details>
      {!receipt && !isElsewhere(view) && <ReadAgainLink view={view} />}
    </section>
  )
}

/** All sheets, so that nobody takes a part for the whole. */
function Sheets({ details }: { details: ImportDetails }) {
  const others = details.sheets.filter(({ name }) => name !== details.sheet && !details.sheetsRead.includes(name))
  if (others.length === 0) return null
  return (
    <p>
      {details.sheet === '' ? 'Its sheets' : 'Not read'}: {others.map(sheetWords).join(', ')}.
    </p>
  )
}

function HeaderRow({ header, columnNames }: { header: MatchedHeader; columnNames: Record<string, string> }) {
  const name = header.columnId === null ? null : (columnNames[header.columnId] ?? header.columnId)
  return (
    <tr>
      <th scope="row">{header.header || <span class="quiet">no header</span>}</th>
      <td>
        {name ?? <span class="quiet">{isRecordIdHeader(header.header) ? 'which record it is' : 'not imported'}</span>}
      </td>
      <td class="quiet">{howMatched(header)}</td>
    </tr>
  )
}

function howMatched({ header, by, suggestion }: MatchedHeader): string {
  if (by) return BY[by]
  if (isRecordIdHeader(header)) return 'by our export'
  return suggestion ? `nearly “${suggestion}”` : 'no such column'
}

function sheetsWords({ sheet, sheetsRead }: ImportDetails): string {
  if (sheetsRead.length > 1) return `, sheets ${sheetsRead.map((name) => `“${name}”`).join(', ')}`
  return sheet === '' ? '' : `, sheet “${sheet}”`
}

function readingWords(details: ImportDetails): string {
  const { dialect, format } = details
  const what = `Read as ${dialect ? textWords(dialect) : `${format.toUpperCase()}${sheetsWords(details)}`}`
  return details.headerRow === null ? `${what}.` : `${what}, header in row ${formatNumber(details.headerRow)}.`
}
