import { formatNumber } from './format.ts'
import type { JobView } from './job-view.ts'
import { progressWords, silenceWords } from './job-words.ts'

/** The bar and the one line of words that says the same. */
export function JobProgress({ view }: { view: JobView }) {
  const { percent } = view.job.progress
  const words = progressWords(view)
  const silence = silenceWords(view)
  return (
    <div class="job-progress">
      <div class="bar-line">
        <progress
          class="bar"
          aria-label={`Progress of ${view.fileLabel}`}
          max={100}
          value={percent === null ? undefined : percent}
        />
        <span class="bar-percent">{percent === null ? '' : `${formatNumber(percent)} %`}</span>
      </div>
      <p class="job-line">
        {words.doing}
        {words.rows && (
          <>
            {' · '}
            <strong>{words.rows}</strong>
          </>
        )}
        {words.rest && <span class="quiet"> · {words.rest}</span>}
      </p>
      {silence && <p class="job-silence">{silence}</p>}
    </div>
  )
}
