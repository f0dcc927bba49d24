import type { Column, ColumnType } from '../columns/column.ts'
import { TYPE_WORDS } from './column-words.ts'
import { formatNumber } from './format.ts'
import { Icon } from './icon.tsx'
import { jobPath, recordPath, recordsPath, withQuery } from './paths.ts'
import { queryFields, type RecordsQuery, type RecordView } from './record-view.ts'
import { TableFrame } from './table-frame.tsx'
import { columnDecimals, DisplayValue, isRightAligned } from './value.tsx'

type Props = {
  templateId: string
  columns: Column[]
  records: RecordView[]
  /** Where sorting and filtering start from; null for a preview that has neither. */
  query: RecordsQuery | null
}

export function RecordsTable({ templateId, columns, records, query }: Props) {
  const decimals = columnDecimals(
    columns,
    records.map(({ values }) => values),
  )
  return (
    <TableFrame label="Records" tall>
      <table class="table table-records" data-cells={query ? recordsPath(templateId) : undefined}>
        <thead>
          <tr>
            <th scope="col" class="table-id">
              No.
            </th>
            {columns.map((column) => (
              <ColumnHead templateId={templateId} column={column} query={query} />
            ))}
            <th scope="col">From</th>
          </tr>
          {query && <FilterRow columns={columns} query={query} />}
        </thead>
        <tbody>
          {records.map((record) => (
            <RecordLine templateId={templateId} columns={columns} record={record} decimals={decimals} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  )
}

function ColumnHead({ templateId, column, query }: { templateId: string; column: Column; query: RecordsQuery | null }) {
  const title = `${TYPE_WORDS[column.type]}${column.required ? ', required' : ''}${column.key ? ', key' : ''}`
  const sorted = query?.sort === column.id
  const ariaSort = sorted ? (query.descending ? 'descending' : 'ascending') : undefined
  return (
    <th scope="col" class={isRightAligned(column) ? 'right' : undefined} title={title} aria-sort={ariaSort}>
      {query ? (
        <a class="sort" href={sortAddress(templateId, column, query)}>
          {column.name}
          {column.required && <RequiredMark />}
          {sorted && <Icon name={query.descending ? 'down' : 'up'} />}
        </a>
      ) : (
        <>
          {column.name}
          {column.required && <RequiredMark />}
        </>
      )}
    </th>
  )
}

function RequiredMark() {
  return (
    <span class="required-mark" title="required">
      *<span class="visually-hidden"> required</span>
    </span>
  )
}

/** The first click sorts upwards, the second downwards, the third as the table comes. */
function sortAddress(templateId: string, column: Column, query: RecordsQuery): string {
  const sorted = query.sort === column.id
  const next = !sorted
    ? { sort: column.id, descending: false }
    : query.descending
      ? { sort: null, descending: false }
      : { sort: column.id, descending: true }
  return withQuery(recordsPath(templateId), queryFields({ ...query, ...next, page: 1 }))
}

const TEXT_HINT = 'part of the text; abc* begins with it; =abc exactly; = empty; != not empty'
const NUMBER_HINT = '5 exactly; >5, >=5, <5, <=5; = empty; != not empty'
const DATE_HINT = '2024, 2024-02 or 2024-02-28; >2024-02-28, <…; = empty; != not empty'
const FILTER_HINTS: Record<ColumnType, string> = {
  text: TEXT_HINT,
  email: TEXT_HINT,
  url: TEXT_HINT,
  choice: 'a choice; !=choice any other; = empty; != not empty',
  number: NUMBER_HINT,
  integer: NUMBER_HINT,
  boolean: 'yes or no; = empty; != not empty',
  date: DATE_HINT,
  datetime: DATE_HINT,
}

function FilterRow({ columns, query }: { columns: Column[]; query: RecordsQuery }) {
  return (
    <tr class="filter-row">
      <td class="table-id">
        <button class="icon-button" type="submit" form="records-filter" title="Filter">
          <Icon name="search" />
          <span class="visually-hidden">Filter by these columns</span>
        </button>
      </td>
      {columns.map((column) => (
        <td>
          <input
            form="records-filter"
            name={`filter[${column.id}]`}
            value={query.columns[column.id] ?? ''}
            aria-label={`Filter by ${column.name}`}
            placeholder="filter"
            title={FILTER_HINTS[column.type]}
            autocomplete="off"
          />
        </td>
      ))}
      <td />
    </tr>
  )
}

type LineProps = { templateId: string; columns: Column[]; record: RecordView; decimals: Record<string, number> }

function RecordLine({ templateId, columns, record, decimals }: LineProps) {
  return (
    <tr data-record={record.id}>
      <th scope="row" class="table-id">
        <a href={recordPath(templateId, record.id)}>
          {formatNumber(record.id)}
          <span class="visually-hidden">, edit this record</span>
        </a>
      </th>
      {columns.map((column) => (
        <td class={isRightAligned(column) ? 'right' : undefined} data-column={column.id}>
          <DisplayValue value={record.values[column.id]} column={column} decimals={decimals[column.id]} />
        </td>
      ))}
      <td class="quiet">
        <Provenance templateId={templateId} origin={record.import} />
      </td>
    </tr>
  )
}

/** Which row of which file wrote the record last. */
export function Provenance({ templateId, origin }: { templateId: string; origin: RecordView['import'] }) {
  if (!origin) return <>by hand</>
  return (
    <a href={jobPath({ id: origin.jobId, template_id: templateId })} title={`Sheet ${origin.sheet}`}>
      {origin.file} row {formatNumber(origin.row)}
    </a>
  )
}
