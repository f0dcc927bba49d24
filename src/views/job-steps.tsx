import type { Phase } from '../states.ts'
import { Icon } from './icon.tsx'
import type { JobView } from './job-view.ts'

const STEPS: { phase: Phase; name: string }[] = [
  { phase: 'reading', name: 'Read and check' },
  { phase: 'comparing', name: 'Compare' },
  { phase: 'applying', name: 'Import' },
]
const MARKS = {
  done: { icon: 'check', word: 'done' },
  now: { icon: 'half', word: 'now' },
  next: { icon: 'ring', word: 'to come' },
} as const

/** Where an import is on its way. */
export function JobSteps({ view }: { view: JobView }) {
  const steps = view.checkOnly ? STEPS.slice(0, 2) : STEPS
  const current = currentStep(view)
  return (
    <ol class="steps">
      {steps.map((step, index) => {
        const state = index < current ? 'done' : index === current ? 'now' : 'next'
        return (
          <li class={`step step-${state}`} aria-current={state === 'now' ? 'step' : undefined}>
            <Icon name={MARKS[state].icon} />
            {step.name}
            <span class="visually-hidden">, {MARKS[state].word}</span>
          </li>
        )
      })}
    </ol>
  )
}

function currentStep({ job }: JobView): number {
  if (job.status === 'completed') return STEPS.length
  if (job.status === 'review') return 2
  if (job.status === 'pending') return job.phase === null ? -1 : STEPS.findIndex((step) => step.phase === job.phase)
  return STEPS.findIndex((step) => step.phase === (job.phase ?? 'reading'))
}
