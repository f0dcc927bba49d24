import type { Child } from 'hono/jsx'
import { MODES, POLICIES } from '../columns/column.ts'
import { ButtonLink } from './button.tsx'
import { MODE_WORDS, POLICY_WORDS } from './column-words.ts'
import { formatBytes, formatDuration, formatNumber, plural } from './format.ts'
import { ImportFigures } from './job-figures.tsx'
import { JobReading } from './job-reading.tsx'
import type { JobView } from './job-view.ts'
import { Layout } from './layout.tsx'
import { jobPath, recordsPath, templatePath, withQuery } from './paths.ts'
import { Time } from './time.tsx'
import type { Viewer } from './viewer.ts'

type Props = { viewer: Viewer; view: JobView; columnNames: Record<string, string> }

/** One import on one page, to be printed and kept: which file, by its hash, was read in which way and did what. */
export function ReceiptPage({ viewer, view, columnNames }: Props) {
  const { job } = view
  const path = jobPath(job)
  return (
    <Layout title={`Receipt · ${view.fileLabel}`} viewer={viewer} section="jobs" narrow>
      <p class="crumbs">
        <a href={templatePath(job.template_id)}>{view.templateName}</a> · <a href={path}>{view.fileLabel}</a>
      </p>
      <h1>Receipt</h1>
      <div class="stack-wide">
        <section class="card" aria-label="The import">
          <Facts view={view} />
          <p class="lead">
            <strong>{job.progress.message}</strong>
          </p>
          <ImportFigures counts={job.counts} done={!view.checkOnly} leftOut={job.left_out} />
          {view.undoneBy && (
            <p class="callout">It was undone later. What nobody had changed since is as it was before.</p>
          )}
          <div class="actions">
            {view.can.seeChanges && <ButtonLink href={`${path}/changes`}>See what changed</ButtonLink>}
            <ButtonLink href={withQuery(recordsPath(job.template_id), { import: job.id })}>See its records</ButtonLink>
          </div>
        </section>
        {view.details && <JobReading view={view} details={view.details} columnNames={columnNames} receipt />}
      </div>
    </Layout>
  )
}

function Facts({ view }: { view: JobView }) {
  const { job, creatorName } = view
  const version = view.details?.templateVersion
  const mode = MODES.find((each) => each === job.mode)
  const policy = POLICIES.find((each) => each === job.on_problems)
  return (
    <dl class="facts">
      <Fact name="File">{job.file?.name}</Fact>
      {job.file?.size != null && (
        <Fact name="Size">{`${formatBytes(job.file.size)}, ${plural(job.file.size, 'byte')}`}</Fact>
      )}
      {job.file?.sha256 && (
        <Fact name="SHA-256">
          <code class="hash">{job.file.sha256}</code>
        </Fact>
      )}
      <Fact name="Template">
        {view.templateName}
        {version !== undefined && `, version ${formatNumber(version)}`}
      </Fact>
      <Fact name="By">{creatorName ?? 'somebody who is no longer here'}</Fact>
      <Fact name="Sent">
        <Time at={job.created_at} />
      </Fact>
      {job.finished_at && (
        <Fact name="Done">
          <Time at={job.finished_at} />, after {workWords(job.progress.elapsed_ms)} of work
        </Fact>
      )}
      {mode && <Fact name="What it was to do">{view.checkOnly ? 'Only check the file' : MODE_WORDS[mode]}</Fact>}
      {policy && <Fact name="Rows with problems">{POLICY_WORDS[policy]}</Fact>}
      <Fact name="Number of the job">
        <code class="hash">{job.id}</code>
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children?: Child }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

function workWords(ms: number): string {
  return ms < 1000 ? 'less than a second' : formatDuration(ms)
}
