import type { Column } from '../columns/column.ts'
import type { UndoCounts, UndoPlan } from '../tables/undo-plan.ts'
import { ConfirmPage } from './confirm-page.tsx'
import { formatNumber, plural } from './format.ts'
import { Figures } from './job-figures.tsx'
import type { JobView } from './job-view.ts'
import { KeptList } from './kept-list.tsx'
import { jobPath, withQuery } from './paths.ts'
import type { Viewer } from './viewer.ts'

type Props = {
  viewer: Viewer
  view: JobView
  columns: Column[]
  plan: UndoPlan
  /** The `after` of the next page of records that stay. */
  next: number | null
  /** The form may be sent twice and makes one undo. */
  idempotencyKey: string
}

export function UndoPage({ viewer, view, columns, plan, next, idempotencyKey }: Props) {
  const { counts } = plan
  const path = jobPath(view.job)
  return (
    <ConfirmPage
      viewer={viewer}
      title={`Undo ${view.fileLabel}?`}
      crumb={{ href: path, text: view.fileLabel }}
      action={`${path}/undo`}
      fields={[['idempotency_key', idempotencyKey]]}
      yes={undoWords(counts)}
      no={{ href: path, text: 'Leave it as it is' }}
      below={counts.keeps > 0 && <Staying {...{ view, columns, plan, next }} />}
    >
      <p class="lead">
        <strong>{undoSentence(counts)}</strong>
      </p>
      <Figures
        figures={[
          { value: counts.removes, label: 'removed', always: true },
          { value: counts.restores, label: 'put back as they were', always: true },
          { value: counts.bringsBack, label: 'brought back', always: true },
          { value: counts.keeps, label: 'kept: changed since', tone: 'decide' },
        ]}
      />
      {plan.columns && <p class="callout callout-decide">{plan.columns}</p>}
      <p>
        {counts.keeps > 0
          ? 'What a newer import or a person did since is not touched; those records are listed below.'
          : plan.columns === null && 'None of these records was changed since, so each will be as it was before.'}{' '}
        The undo is a job of its own and can be undone, too.
      </p>
    </ConfirmPage>
  )
}

function Staying({ view: { job }, columns, plan, next }: Omit<Props, 'viewer' | 'idempotencyKey'>) {
  const href = withQuery(`${jobPath(job)}/undo`, { after: next })
  return (
    <section class="stack" aria-labelledby="staying">
      <h2 id="staying">
        {plural(plan.counts.keeps, 'record')} that {plan.counts.keeps === 1 ? 'stays' : 'stay'}
      </h2>
      <KeptList
        templateId={job.template_id}
        columns={columns}
        kept={plan.kept}
        next={next === null ? null : { href }}
      />
    </section>
  )
}

/** "Removes 312 records, restores 4,297 of 4,300. 3 were changed since and stay as they are." */
export function undoSentence({ removes, restores, bringsBack, keeps, all }: UndoCounts): string {
  const parts = [
    all.removes > 0 && `removes ${ofAll(removes, all.removes)}`,
    all.restores > 0 && `restores ${ofAll(restores, all.restores)}`,
    all.bringsBack > 0 && `brings back ${ofAll(bringsBack, all.bringsBack)}`,
  ].filter((part) => part !== false)
  const [first, ...rest] = parts
  if (first === undefined) return 'There is nothing left to undo.'
  const noun = first.endsWith(' 1') ? 'record' : 'records'
  const sentence = `${[`${first.charAt(0).toUpperCase()}${first.slice(1)} ${noun}`, ...rest].join(', ')}.`
  if (keeps === 0) return sentence
  const stay =
    keeps === 1
      ? '1 was changed since and stays as it is.'
      : `${formatNumber(keeps)} were changed since and stay as they are.`
  return `${sentence} ${stay}`
}

function ofAll(count: number, all: number): string {
  return count === all ? formatNumber(count) : `${formatNumber(count)} of ${formatNumber(all)}`
}

export function undoWords({ removes, restores, bringsBack }: UndoCounts): string {
  const parts = [
    removes > 0 && `removes ${formatNumber(removes)}`,
    restores > 0 && `restores ${formatNumber(restores)}`,
    bringsBack > 0 && `brings back ${formatNumber(bringsBack)}`,
  ].filter(Boolean)
  return parts.length === 0 ? 'Undo' : `Undo: ${parts.join(', ')}`
}
