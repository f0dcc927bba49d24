import type { JobStatus } from '../states.ts'
import { Icon, type IconName } from './icon.tsx'

const STATES: Record<JobStatus, { word: string; icon: IconName; tone: string }> = {
  pending: { word: 'Pending', icon: 'clock', tone: 'quiet' },
  processing: { word: 'Processing', icon: 'half', tone: 'good' },
  review: { word: 'Needs review', icon: 'question', tone: 'decide' },
  completed: { word: 'Completed', icon: 'check', tone: 'good' },
  failed: { word: 'Failed', icon: 'cross', tone: 'bad' },
  cancelled: { word: 'Cancelled', icon: 'stop', tone: 'quiet' },
}

export const stateWord = (status: JobStatus) => STATES[status].word

type Props = { status: JobStatus; cancelling?: boolean; undone?: boolean }

export function StatePill({ status, cancelling = false, undone = false }: Props) {
  const state = cancelling ? { word: 'Cancelling', icon: 'stop' as const, tone: 'quiet' } : STATES[status]
  return (
    <span class={`pill pill-${undone ? 'quiet' : state.tone}`}>
      <Icon name={undone ? 'undo' : state.icon} />
      {undone ? 'Undone' : state.word}
    </span>
  )
}
