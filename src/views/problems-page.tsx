import type { Problem, ProblemCode } from '../columns/problem.ts'
import type { ProblemGroup } from '../tables/staged-problems.ts'
import { ButtonLink } from './button.tsx'
import { Empty } from './empty.tsx'
import { formatNumber, plural } from './format.ts'
import { Icon } from './icon.tsx'
import type { JobView } from './job-view.ts'
import { Layout } from './layout.tsx'
import { jobPath, templatePath, withQuery } from './paths.ts'
import { problemWords } from './problem-words.ts'
import { TableFrame } from './table-frame.tsx'
import type { Viewer } from './viewer.ts'

export type ProblemsFilter = { columnId: string | null; code: ProblemCode | null }

type Props = {
  viewer: Viewer
  view: JobView
  columnNames: Record<string, string>
  groups: ProblemGroup[]
  problems: Problem[]
  filter: ProblemsFilter
  /** The cursor of the next page. */
  next: string | null
  /** This is the first page. */
  first: boolean
}

export function ProblemsPage(props: Props) {
  const { viewer, view, columnNames, groups, problems, filter, next, first } = props
  const { job } = view
  const path = jobPath(job)
  return (
    <Layout title={`Problems in ${view.fileLabel}`} viewer={viewer} section="jobs">
      <div class="page-head">
        <div>
          <p class="crumbs">
            <a href={templatePath(job.template_id)}>{view.templateName}</a> · <a href={path}>{view.fileLabel}</a>
          </p>
          <h1>{job.counts.problems === 0 ? 'No problems' : `${plural(job.counts.problems, 'row')} with problems`}</h1>
        </div>
        {view.can.downloadRefused && (
          <div class="actions">
            <ButtonLink href={`${path}/problems.xlsx`} look="primary" icon="download" download>
              Download {plural(job.counts.problems, 'row')} to repair
            </ButtonLink>
            <ButtonLink href={`${path}/problems.csv`} icon="download" download>
              As CSV
            </ButtonLink>
          </div>
        )}
      </div>
      {groups.length === 0 ? (
        <Empty title="Nothing to repair">
          <p>
            {job.counts.problems === 0
              ? 'Every row of this file fits.'
              : 'What was refused is no longer kept. Upload the file again to see its problems.'}
          </p>
          <ButtonLink href={path}>Back to the job</ButtonLink>
        </Empty>
      ) : (
        <div class="stack-wide">
          <Groups groups={groups} columnNames={columnNames} path={path} filter={filter} />
          {/* A text file has no sheets, whatever the reader calls its only one. */}
          <ProblemList problems={problems} columnNames={columnNames} hasSheets={!view.details?.dialect} />
          <Paging path={path} filter={filter} next={next} first={first} />
        </div>
      )}
    </Layout>
  )
}

type GroupsProps = { groups: ProblemGroup[]; columnNames: Record<string, string>; path: string; filter: ProblemsFilter }

function Groups({ groups, columnNames, path, filter }: GroupsProps) {
  return (
    <section aria-label="Kinds of problems">
      <ul class="groups">
        {groups.map((group) => (
          <li class="card group">
            <p class="group-head">
              <strong>{nameOf(group.columnId, columnNames)}</strong> {problemWords(group.code)} in{' '}
              <strong>{plural(group.count, 'row')}</strong>
            </p>
            {group.values.some(({ value }) => value !== '') && (
              <p class="values">
                {group.values.map(({ value, count }) => (
                  <code>
                    {value === '' ? 'empty' : value} ×{formatNumber(count)}
                  </code>
                ))}
              </p>
            )}
            <p class="quiet">{group.message}</p>
            <p class="quiet">
              {group.count === 1 ? 'Row' : 'Rows'} {group.rows}
            </p>
            {isChosen(group, filter) ? (
              <a href={`${path}/problems`}>Show all kinds</a>
            ) : (
              <a href={withQuery(`${path}/problems`, { column: group.columnId ?? 'row', code: group.code })}>
                Show only these
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

type ListProps = { problems: Problem[]; columnNames: Record<string, string>; hasSheets: boolean }

function ProblemList({ problems, columnNames, hasSheets }: ListProps) {
  return (
    <TableFrame label="Problems">
      <table class="table table-problems">
        <thead>
          <tr>
            <th scope="col" class="right">
              Row
            </th>
            <th scope="col">Cell</th>
            <th scope="col">Column</th>
            <th scope="col">Value</th>
            <th scope="col">Problem</th>
          </tr>
        </thead>
        <tbody>
          {problems.map((problem) => (
            <tr>
              <th scope="row" class="right">
                {formatNumber(problem.row)}
              </th>
              <td>
                {problem.cell === null ? (
                  <span class="nothing">–</span>
                ) : (
                  <span title={hasSheets ? `Sheet ${problem.sheet}` : undefined}>
                    {hasSheets && <span class="quiet">{problem.sheet}!</span>}
                    {problem.cell}
                  </span>
                )}
              </td>
              <td>{nameOf(problem.columnId, columnNames)}</td>
              <td class="problem-cell">
                <Icon name="alert" />
                {problem.value === '' ? <span class="quiet">empty</span> : problem.value}
              </td>
              <td class="wrap">{problem.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  )
}

type PagingProps = { path: string; filter: ProblemsFilter; next: string | null; first: boolean }

function Paging({ path, filter, next, first }: PagingProps) {
  const query = { column: filter.code === null ? null : (filter.columnId ?? 'row'), code: filter.code }
  return (
    <nav class="pager" aria-label="Pages of problems">
      {!first && (
        <a class="button button-plain" href={withQuery(`${path}/problems`, query)}>
          First page
        </a>
      )}
      {next && (
        <a class="button button-plain" href={withQuery(`${path}/problems`, { ...query, after: next })} rel="next">
          Next
          <Icon name="right" />
        </a>
      )}
    </nav>
  )
}

function nameOf(columnId: string | null, columnNames: Record<string, string>): string {
  return columnId === null ? 'The row' : (columnNames[columnId] ?? 'A removed column')
}

function isChosen(group: ProblemGroup, filter: ProblemsFilter): boolean {
  return filter.code === group.code && filter.columnId === group.columnId
}
