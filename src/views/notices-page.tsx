import { PostButton } from './button.tsx'
import { Empty } from './empty.tsx'
import { plural } from './format.ts'
import { Layout } from './layout.tsx'
import type { NoticeView } from './notices-region.tsx'
import { jobPath } from './paths.ts'
import { StatePill } from './state-pill.tsx'
import { Time } from './time.tsx'
import type { Viewer } from './viewer.ts'

/** Every notice, the unread ones first by nature: the latest on top. */
export function NoticesPage({ viewer, notices }: { viewer: Viewer; notices: NoticeView[] }) {
  const unread = viewer.notices.length
  return (
    <Layout title="Notices" viewer={{ ...viewer, notices: [] }}>
      <div class="page-head">
        <h1>Notices</h1>
        {unread > 0 && <PostButton action="/notices/read">Mark {plural(unread, 'notice')} as read</PostButton>}
      </div>
      {notices.length === 0 ? (
        <Empty title="Nothing to tell">
          <p>When a job of yours finishes, fails or needs a decision, you find it here, wherever you were meanwhile.</p>
        </Empty>
      ) : (
        <ul class="card rows">
          {notices.map((notice) => (
            <Notice notice={notice} />
          ))}
        </ul>
      )}
    </Layout>
  )
}

function Notice({ notice }: { notice: NoticeView }) {
  return (
    <li class="row" data-unread={notice.readAt === null}>
      <div class="row-main">
        <p>
          <a href={jobPath(notice.job)}>{notice.message}</a> {notice.readAt === null && <span class="tag">new</span>}
        </p>
        <p class="quiet">
          <Time at={notice.createdAt} />
        </p>
      </div>
      <StatePill status={notice.status} />
      {notice.readAt === null && (
        <PostButton action={`/notices/${notice.id}/read`} look="quiet">
          Dismiss
        </PostButton>
      )}
    </li>
  )
}
