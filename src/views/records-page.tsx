import { Button, ButtonLink } from './button.tsx'
import { Empty } from './empty.tsx'
import { ExportMenu } from './export-menu.tsx'
import { formatNumber, plural } from './format.ts'
import { Icon } from './icon.tsx'
import { Layout } from './layout.tsx'
import { Pager } from './pager.tsx'
import { recordPath, recordsPath, templatePath, withQuery } from './paths.ts'
import { queryFields, type RecordsQuery, type RecordView } from './record-view.ts'
import { RecordsTable } from './records-table.tsx'
import type { TemplateView } from './template-view.ts'
import type { Viewer } from './viewer.ts'

export const RECORDS_A_PAGE = 25

type Props = {
  viewer: Viewer
  template: TemplateView
  records: RecordView[]
  /** How many fit the query. */
  total: number
  query: RecordsQuery
  /** The file of the import that the page is limited to. */
  importName: string | null
  idempotencyKey: string
  /** The record that was just added. */
  added: number | null
}

export function RecordsPage(props: Props) {
  const { viewer, template, total, query } = props
  const { page: _page, ...fields } = queryFields(query)
  const filtered = isNarrowed(query)
  return (
    <Layout title={`Records of ${template.name}`} viewer={viewer} section="templates">
      <div class="page-head">
        <div>
          <p class="crumbs">
            <a href={templatePath(template.id)}>{template.name}</a>
          </p>
          <h1>Records</h1>
        </div>
        <div class="actions">
          {/* An import is not something that an export can be limited to: there it is the whole table. */}
          <ExportMenu
            templateId={template.id}
            records={query.importId === null ? total : template.records}
            idempotencyKey={props.idempotencyKey}
            filter={filtered && query.importId === null ? fields : {}}
          />
          <ButtonLink href={`${recordsPath(template.id)}/new`} look="primary" icon="plus">
            Add a record
          </ButtonLink>
        </div>
      </div>
      {props.added !== null && (
        <p class="callout callout-good" role="status">
          <Icon name="check" />
          <span>
            <a href={recordPath(template.id, props.added)}>Record {formatNumber(props.added)}</a> is added.
          </span>
        </p>
      )}
      <SearchForm {...props} />
      {total === 0 && !filtered ? <NoRecords template={template} /> : <RecordsList {...props} />}
    </Layout>
  )
}

function SearchForm({ template, query, importName, total }: Props) {
  return (
    <div class="stack search-block">
      <search>
        <form id="records-filter" method="get" action={recordsPath(template.id)} class="search">
          <label class="visually-hidden" for="q">
            Search in all columns
          </label>
          <input id="q" type="search" name="q" value={query.q} placeholder="Search in all columns" autocomplete="off" />
          {query.sort && <input type="hidden" name="sort" value={query.descending ? `-${query.sort}` : query.sort} />}
          {query.importId && <input type="hidden" name="import" value={query.importId} />}
          <Button icon="search">Search</Button>
          {isNarrowed(query) && <a href={recordsPath(template.id)}>Show all</a>}
        </form>
      </search>
      <p class="quiet">
        {isNarrowed(query) ? `${plural(total, 'record')} found` : `${plural(total, 'record')}`}
        {query.importId && <> written by {importName ?? 'one import'}</>}
      </p>
    </div>
  )
}

function RecordsList({ template, records, total, query }: Props) {
  const pages = Math.ceil(total / RECORDS_A_PAGE)
  const first = (query.page - 1) * RECORDS_A_PAGE + 1
  const shown = `${formatNumber(first)}–${formatNumber(first + records.length - 1)} of ${formatNumber(total)}`
  return (
    <div class="stack">
      <RecordsTable templateId={template.id} columns={template.columns} records={records} query={query} />
      {total === 0 ? (
        <NothingFits template={template} />
      ) : (
        <div class="table-foot">
          <p class="quiet">
            {records.length === 0
              ? 'There is no such page.'
              : `${shown} · Double-click a cell, or press Enter on it, to edit it.`}
          </p>
          <Pager
            page={query.page}
            pages={pages}
            label="Pages of records"
            href={(page) => withQuery(recordsPath(template.id), queryFields({ ...query, page }))}
          />
        </div>
      )}
    </div>
  )
}

/** Below the table's head, so that the filters stand there to be changed. */
function NothingFits({ template }: { template: TemplateView }) {
  return (
    <Empty title="Nothing fits">
      <p>No record fits this search and these filters.</p>
      <ButtonLink href={recordsPath(template.id)}>Show all records</ButtonLink>
    </Empty>
  )
}

function NoRecords({ template }: { template: TemplateView }) {
  return (
    <Empty title="No records yet">
      <p>Drop a spreadsheet on the template to fill its table, or add a record by hand.</p>
      <ButtonLink href={`${templatePath(template.id)}#drop`} icon="upload">
        Import a spreadsheet
      </ButtonLink>
    </Empty>
  )
}

function isNarrowed(query: RecordsQuery): boolean {
  return query.q !== '' || query.importId !== null || Object.values(query.columns).some(Boolean)
}
