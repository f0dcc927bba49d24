import type { Column } from '../columns/column.ts'
import type { ChangeKind, RecordDiff } from '../tables/job-changes.ts'
import { ButtonLink, PostButton } from './button.tsx'
import { Empty } from './empty.tsx'
import { formatNumber } from './format.ts'
import { Icon } from './icon.tsx'
import type { JobView } from './job-view.ts'
import { Layout } from './layout.tsx'
import { jobPath, recordHistoryPath, templatePath, withQuery } from './paths.ts'
import { ValueChange } from './record-history.tsx'
import { TableFrame } from './table-frame.tsx'
import { columnDecimals, DisplayValue, isRightAligned } from './value.tsx'
import type { Viewer } from './viewer.ts'

type Words = Record<ChangeKind, string>
const DONE: Words = { created: 'Created', updated: 'Changed', deleted: 'Deleted' }
const PUT_BACK: Words = { created: 'Brought back', updated: 'Put back', deleted: 'Removed' }
const PLANNED: Words = { created: 'New', updated: 'Changed', deleted: 'Deleted' }
const KINDS = ['created', 'updated', 'deleted'] as const

type Props = {
  viewer: Viewer
  view: JobView
  columns: Column[]
  kind: ChangeKind
  items: RecordDiff[]
  /** The `after` of the next page. */
  next: number | null
  first: boolean
  /** The import is in review and has changed nothing yet. */
  planned: boolean
  /** False when somebody changed the table since it was compared for the plan. */
  current: boolean
  idempotencyKey: string
}

/** Every record that a job wrote, or would write, with its values on both sides. */
export function ChangesPage(props: Props) {
  const { viewer, view, columns, kind, items, next, first, planned, current } = props
  const { job } = view
  const path = jobPath(job)
  const title = planned ? 'What would change' : 'What changed'
  return (
    <Layout title={`${title} · ${view.fileLabel}`} viewer={viewer} section="jobs">
      <div class="page-head">
        <div>
          <p class="crumbs">
            <a href={templatePath(job.template_id)}>{view.templateName}</a> · <a href={path}>{view.fileLabel}</a>
          </p>
          <h1>{title}</h1>
          {planned && (
            <p class="quiet">Nothing has changed yet. This is what you approve or cancel on the import’s page.</p>
          )}
        </div>
        {planned ? <ButtonLink href={path}>Back to the review</ButtonLink> : <Downloads {...props} />}
      </div>
      {!current && (
        <p class="callout callout-decide">
          The table has changed since this was worked out. When you approve, it is compared again, and you are asked
          again if that makes a difference.
        </p>
      )}
      <nav class="filters" aria-label="Kinds of changes">
        <ul class="choices">
          {KINDS.map((each) => (
            <li>
              <a href={withQuery(`${path}/changes`, { kind: each })} aria-current={each === kind ? 'true' : undefined}>
                {wordsOf(props)[each]} {formatNumber(job.counts[each])}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {items.length === 0 ? (
        <Empty title="None of these">
          <p>No record is among them.</p>
          <ButtonLink href={path}>Back to the job</ButtonLink>
        </Empty>
      ) : (
        <div class="stack">
          <ChangesTable
            templateId={job.template_id}
            columns={shownColumns(columns, { kind, items })}
            {...{ kind, items }}
          />
          <Paging path={path} kind={kind} next={next} first={first} />
        </div>
      )}
    </Layout>
  )
}

function wordsOf({ planned, view }: Pick<Props, 'planned' | 'view'>): Words {
  if (planned) return PLANNED
  return view.job.kind === 'undo' ? PUT_BACK : DONE
}

function Downloads({ view: { job }, idempotencyKey }: Props) {
  const fields = (format: string) => ({
    format,
    content: 'changes',
    job: job.id,
    idempotency_key: `${idempotencyKey}${format}`,
  })
  const all = job.counts.created + job.counts.updated + job.counts.deleted
  const action = `${templatePath(job.template_id)}/exports`
  return (
    <div class="actions">
      <PostButton action={action} fields={fields('xlsx')} icon="download">
        All {formatNumber(all)} as XLSX
      </PostButton>
      <PostButton action={action} fields={fields('csv')} icon="download">
        As CSV
      </PostButton>
    </div>
  )
}

/** Of changed records only what tells them apart and what became another; the whole record is a click away. */
function shownColumns(columns: Column[], { kind, items }: { kind: ChangeKind; items: RecordDiff[] }): Column[] {
  if (kind !== 'updated') return columns
  return columns.filter(({ id, key }) => key || items.some(({ before, after }) => before?.[id] !== after?.[id]))
}

type TableProps = { templateId: string; columns: Column[]; kind: ChangeKind; items: RecordDiff[] }

function ChangesTable({ templateId, columns, kind, items }: TableProps) {
  const rows = items.some(({ row }) => row !== null)
  const sides = items.flatMap(({ before, after }) => [before, after]).filter((side) => side !== null)
  const decimals = columnDecimals(columns, sides)
  return (
    <TableFrame label="Changes" tall>
      <table class="table table-records">
        <thead>
          <tr>
            <th scope="col" class="table-id">
              {items.some(({ recordId }) => recordId !== null) ? 'No.' : 'Row'}
            </th>
            {columns.map((column) => (
              <th scope="col" class={isRightAligned(column) ? 'right' : undefined}>
                {column.name}
              </th>
            ))}
            {rows && kind === 'updated' && <th scope="col">Row in the file</th>}
          </tr>
        </thead>
        <tbody>
          {items.map((diff) => (
            <tr>
              <th scope="row" class="table-id">
                <RecordName templateId={templateId} diff={diff} />
              </th>
              {columns.map((column) => (
                <td class={isRightAligned(column) ? 'right' : undefined}>
                  <Cell column={column} diff={diff} decimals={decimals[column.id]} />
                </td>
              ))}
              {rows && kind === 'updated' && (
                <td class="quiet">
                  <RowName diff={diff} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  )
}

function RecordName({ templateId, diff }: { templateId: string; diff: RecordDiff }) {
  const { recordId } = diff
  if (recordId === null) return <RowName diff={diff} />
  return (
    <a href={recordHistoryPath(templateId, recordId)}>
      {formatNumber(recordId)}
      <span class="visually-hidden">, its history</span>
    </a>
  )
}

function RowName({ diff: { row, sheet } }: { diff: RecordDiff }) {
  if (row === null) return <>–</>
  return (
    <>
      {sheet !== null && `${sheet}!`}
      {formatNumber(row)}
    </>
  )
}

type CellProps = { column: Column; diff: RecordDiff; decimals: number | undefined }

function Cell({ column, diff: { before, after }, decimals }: CellProps) {
  if (before === null || after === null) {
    return <DisplayValue value={(after ?? before)?.[column.id]} column={column} decimals={decimals} />
  }
  const [old, now] = [before[column.id] ?? null, after[column.id] ?? null]
  if (old === now) return <DisplayValue value={now} column={column} decimals={decimals} />
  return <ValueChange column={column} action="update" before={old} after={now} decimals={decimals} />
}

type PagingProps = { path: string; kind: ChangeKind; next: number | null; first: boolean }

function Paging({ path, kind, next, first }: PagingProps) {
  const href = (after: number | null) => withQuery(`${path}/changes`, { kind, after })
  return (
    <nav class="pager" aria-label="Pages of changes">
      {!first && (
        <a class="button button-plain" href={href(null)}>
          First page
        </a>
      )}
      {next !== null && (
        <a class="button button-plain" href={href(next)} rel="next">
          Next
          <Icon name="right" />
        </a>
      )}
    </nav>
  )
}
