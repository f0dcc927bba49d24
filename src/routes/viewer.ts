import type { Context, Member } from '../services/context.ts'
import { viewNotice } from '../services/notice-views.ts'
import { unreadNotices } from '../services/notices.ts'
import type { Viewer } from '../views/viewer.ts'

/** Who looks at a page, and what is unread for them. */
export function viewer(context: Context, member: Member): Viewer {
  return { user: member.user, team: member.team, notices: unreadNotices(context, member).map(viewNotice) }
}
