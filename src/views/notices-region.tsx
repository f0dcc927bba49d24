import type { JobStatus } from '../states.ts'
import { plural } from './format.ts'
import { Icon } from './icon.tsx'
import { StatePill } from './state-pill.tsx'
import { Time } from './time.tsx'

export type NoticeView = {
  id: string
  message: string
  status: JobStatus
  /** The page of the job that it is about. */
  href: string
  createdAt: string
  readAt: string | null
}

export const NOTICES_ID = 'notices'
const SHOWN = 3

/** The unread notices, wherever the person is; whole and alive. */
export function NoticesRegion({ notices }: { notices: NoticeView[] }) {
  return (
    <section id={NOTICES_ID} class="toasts" aria-label="Notices" aria-live="polite">
      {notices.slice(0, SHOWN).map((notice) => (
        <Toast notice={notice} />
      ))}
      {notices.length > SHOWN && (
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
        <a href={notice.href}>{notice.message}</a>
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
