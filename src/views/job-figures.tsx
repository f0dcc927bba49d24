import type { Counts } from '../tables/progress.ts'
import { formatNumber } from './format.ts'

type Figure = { value: number; label: string; tone?: 'bad' | 'decide'; always?: boolean }

/** What an import does or did, in large figures with their words below. */
export function ImportFigures({ counts, done, leftOut = 0 }: { counts: Counts; done: boolean; leftOut?: number }) {
  return (
    <Figures
      figures={[
        { value: counts.created, label: done ? 'created' : 'new', always: true },
        { value: counts.updated, label: done ? 'updated' : 'changed', always: true },
        { value: counts.unchanged, label: 'unchanged', always: true },
        { value: counts.deleted, label: 'deleted', always: true, tone: done ? undefined : 'decide' },
        { value: counts.skipped, label: 'repeated in the file' },
        { value: leftOut, label: 'left out', tone: 'decide' },
        { value: counts.problems, label: done ? 'refused' : 'problems', tone: 'bad' },
      ]}
    />
  )
}

/** While the file is read only what was read and what failed is known. */
export function ReadingFigures({ counts }: { counts: Counts }) {
  return <Figures figures={[{ value: counts.problems, label: 'problems so far', tone: 'bad' }]} />
}

export function Figures({ figures }: { figures: Figure[] }) {
  const shown = figures.filter((figure) => figure.always || figure.value > 0)
  if (shown.length === 0) return null
  return (
    <dl class="figures">
      {shown.map((figure) => (
        <div class="figure" data-tone={figure.value > 0 ? figure.tone : undefined} data-zero={figure.value === 0}>
          <dt>{figure.label}</dt>
          <dd>{formatNumber(figure.value)}</dd>
        </div>
      ))}
    </dl>
  )
}
