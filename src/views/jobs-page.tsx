import { JOB_KINDS, JOB_STATUSES, type JobKind, type JobStatus } from '../states.ts'
import { Empty } from './empty.tsx'
import { JobRow } from './job-row.tsx'
import type { JobView } from './job-view.ts'
import { Layout } from './layout.tsx'
import { withQuery } from './paths.ts'
import { stateWord } from './state-pill.tsx'
import type { Viewer } from './viewer.ts'

export const JOBS_REGION_ID = 'jobs'

export type JobsFilter = { status: JobStatus | null; kind: JobKind | null; template: string | null }

type RegionProps = { jobs: JobView[]; filter: JobsFilter; next: string | null }
type Props = RegionProps & {
  viewer: Viewer
  templateName: string | null
  underway: boolean
  /** This is not the first page. */
  older: boolean
}

const KIND_WORDS: Record<JobKind, string> = { import: 'Imports', export: 'Exports', undo: 'Undos' }

export function JobsPage({ viewer, templateName, underway, older, jobs, filter, next }: Props) {
  // The pushed region is the first page of all jobs; any other list is kept up to date row by row.
  const filtered = isFiltered(filter)
  return (
    <Layout
      title="Jobs"
      viewer={viewer}
      section="jobs"
      liveTopics={filtered || older ? jobs.map((view) => `job:${view.job.id}`) : ['jobs']}
      refreshSeconds={underway ? 2 : null}
    >
      <div class="page-head">
        <h1>Jobs</h1>
      </div>
      <nav class="filters" aria-label="Filter">
        <Choices
          label="State"
          all="Any state"
          options={JOB_STATUSES.map((status) => ({ value: status, word: stateWord(status) }))}
          current={filter.status}
          href={(status) => withQuery('/jobs', { ...filter, status })}
        />
        <Choices
          label="Kind"
          all="Any kind"
          options={JOB_KINDS.map((kind) => ({ value: kind, word: KIND_WORDS[kind] }))}
          current={filter.kind}
          href={(kind) => withQuery('/jobs', { ...filter, kind })}
        />
        {filter.template && (
          <p>
            Only of <strong>{templateName ?? 'one template'}</strong>.{' '}
            <a href={withQuery('/jobs', { ...filter, template: null })}>Show all templates</a>
          </p>
        )}
      </nav>
      <JobsRegion jobs={jobs} filter={filter} next={next} />
    </Layout>
  )
}

/** The list itself, pushed whole. */
export function JobsRegion({ jobs, filter, next }: RegionProps) {
  const filtered = isFiltered(filter)
  return (
    <section id={JOBS_REGION_ID} class="stack" aria-label="Jobs">
      {jobs.length === 0 ? (
        <Empty title={filtered ? 'No such jobs' : 'No jobs yet'}>
          <p>
            {filtered
              ? 'No job fits this filter.'
              : 'Every import and export shows up here while it runs and after. Drop a spreadsheet on a template to start one.'}
          </p>
          <a class="button button-plain" href={filtered ? '/jobs' : '/templates'}>
            {filtered ? 'Show all jobs' : 'Go to the templates'}
          </a>
        </Empty>
      ) : (
        <ul class="card job-rows">
          {jobs.map((view) => (
            <JobRow view={view} />
          ))}
        </ul>
      )}
      {next && (
        <p>
          <a class="button button-plain" href={withQuery('/jobs', { ...filter, cursor: next })}>
            Older jobs
          </a>
        </p>
      )}
    </section>
  )
}

type ChoicesProps<T extends string> = {
  label: string
  all: string
  options: { value: T; word: string }[]
  current: T | null
  href: (value: T | null) => string
}

function Choices<T extends string>({ label, all, options, current, href }: ChoicesProps<T>) {
  return (
    <ul class="choices" aria-label={label}>
      <li>
        <a href={href(null)} aria-current={current === null ? 'true' : undefined}>
          {all}
        </a>
      </li>
      {options.map(({ value, word }) => (
        <li>
          <a href={href(value)} aria-current={current === value ? 'true' : undefined}>
            {word}
          </a>
        </li>
      ))}
    </ul>
  )
}

function isFiltered(filter: JobsFilter): boolean {
  return filter.status !== null || filter.kind !== null || filter.template !== null
}
