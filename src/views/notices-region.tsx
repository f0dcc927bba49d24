import type { JobStatus } from '../states.ts'
import { plural } from './format.ts'
import { Icon } from './icon.tsx'
import { jobPath } from './paths.ts'
import { StatePill } from './state-pill.tsx'
import { Time } from './time.tsx'

export type NoticeView = {
  id: string
  message: string
  status: JobStatus
  /** The job that it is about. */
  job: { id: string; template_id: string }
  createdAt: string
  readAt: string | null
  /** So new that it shows itself, wherever the person is. */
  fresh: boolean
}

export const NOTICES_ID = 'notices'
/** One at a time, so that little is covered; the bell counts them all and leads to the list. */
const SHOWN = 1

/** The latest of the unread notices while it is fresh, wherever the person is; pushed whole. */
export function NoticesRegion({ notices }: { notices: NoticeView[] }) {
  const fresh = notices.filter((notice) => notice.fresh)
  return (
    <section id={NOTICES_ID} class="toasts" aria-label="Notices" aria-live="polite">
      {fresh.slice(0, SHOWN).map((notice) => (
        <Toast notice={notice} />
      ))}
      {fresh.length > 0 && notices.length > SHOWN && (
        <p class="toasts-more">
          <a href="/notices">{plural(notices.length - SHOWN, 'more unread notice')}</a>
        </p>
      )}
    </section>
  )
}

function Toast({ notice }: { notice: NoticeView }) {
  return (
    <article class="toast" id={`toast-${notice.id}`} data-status={notice.status}>
      <div class="toast-text">
        <StatePill status={notice.status} />
        <a href={jobPath(notice.job)}>{notice.message}</a>
        <p class="quiet">
          <Time at={notice.createdAt} />
        </p>
      </div>
      <form method="post" action={`/notices/${notice.id}/read`}>
        <button class="icon-button" type="submit">
          <Icon name="cross" />
          <span class="visually-hidden">Dismiss: {notice.message}</span>
        </button>
      </form>
    </article>
  )
}
