import type { UndoPlan } from '../tables/undo-plan.ts'
import { ConfirmPage } from './confirm-page.tsx'
import { formatNumber, plural } from './format.ts'
import { Figures } from './job-figures.tsx'
import type { JobView } from './job-view.ts'
import { jobPath } from './paths.ts'
import type { Viewer } from './viewer.ts'

type Props = { viewer: Viewer; view: JobView; plan: UndoPlan }

export function UndoPage({ viewer, view, plan }: Props) {
  const path = jobPath(view.job)
  return (
    <ConfirmPage
      viewer={viewer}
      title={`Undo ${view.fileLabel}?`}
      crumb={{ href: path, text: view.fileLabel }}
      action={`${path}/undo`}
      yes={undoWords(plan)}
      no={{ href: path, text: 'Leave it as it is' }}
    >
      <Figures
        figures={[
          { value: plan.removes, label: 'removed', always: true },
          { value: plan.restores, label: 'put back as they were', always: true },
          { value: plan.bringsBack, label: 'brought back', always: true },
          { value: plan.keeps, label: 'kept: changed since' },
        ]}
      />
      <p>
        {plan.keeps > 0
          ? `${plural(plan.keeps, 'record')} changed since the import ${plan.keeps === 1 ? 'stays' : 'stay'} as ${plan.keeps === 1 ? 'it is' : 'they are'}.`
          : 'No record was changed since, so the table will be as it was before.'}{' '}
        The undo is a job of its own and can be undone, too.
      </p>
    </ConfirmPage>
  )
}

export function undoWords({ removes, restores, bringsBack }: UndoPlan): string {
  const parts = [
    removes > 0 && `removes ${formatNumber(removes)}`,
    restores > 0 && `restores ${formatNumber(restores)}`,
    bringsBack > 0 && `brings back ${formatNumber(bringsBack)}`,
  ].filter(Boolean)
  return parts.length === 0 ? 'Undo' : `Undo: ${parts.join(', ')}`
}
