import {
  listNotices as listNoticeRows,
  listUnreadNotices,
  setAllNoticesRead,
  setJobNoticesRead,
  setNoticeRead,
} from '../db/notices.ts'
import type { NoticeRow } from '../db/schema.ts'
import type { Context, Member } from './context.ts'

/** The notices of a person that they have not read, the latest first. */
export function unreadNotices({ db }: Context, { user, team }: Member): NoticeRow[] {
  return listUnreadNotices(db, user.id, team.id)
}

/** The last notices of a person, the latest first. */
export function listNotices({ db }: Context, { user, team }: Member): NoticeRow[] {
  return listNoticeRows(db, user.id, team.id, 100)
}

/** Marks a notice as read, or all of them; an unknown one is as good as read. */
export function readNotices(context: Context, { user, team }: Member, id: string | 'all'): void {
  const changed =
    id === 'all' ? setAllNoticesRead(context.db, user.id, team.id) : setNoticeRead(context.db, user.id, id)
  if (changed) context.events.emit('notices.changed', { userId: user.id, teamId: team.id })
}

/** The person has the job itself before their eyes: there is nothing left to tell. */
export function readJobNotices(context: Context, { user, team }: Member, jobId: string): void {
  if (setJobNoticesRead(context.db, user.id, jobId)) {
    context.events.emit('notices.changed', { userId: user.id, teamId: team.id })
  }
}
