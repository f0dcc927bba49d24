import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Db } from './open.ts'
import { given, prepared } from './prepared.ts'
import { type NoticeRow, notices } from './schema.ts'

type NewNotice = Pick<NoticeRow, 'id' | 'userId' | 'teamId' | 'jobId' | 'templateId' | 'status' | 'message'>

const inserted = prepared((db: Db) =>
  db
    .insert(notices)
    .values({
      id: given('id'),
      userId: given('userId'),
      teamId: given('teamId'),
      jobId: given('jobId'),
      templateId: given('templateId'),
      status: given('status'),
      message: given('message'),
    })
    .prepare(),
)

export function insertNotice(db: Db, notice: NewNotice): void {
  inserted(db).run(notice)
}

/** The newest first. */
export function listUnreadNotices(db: Db, userId: string, teamId: string): NoticeRow[] {
  return db
    .select()
    .from(notices)
    .where(and(eq(notices.userId, userId), eq(notices.teamId, teamId), isNull(notices.readAt)))
    .orderBy(desc(notices.seq))
    .all()
}

export function listNotices(db: Db, userId: string, teamId: string, limit: number): NoticeRow[] {
  return db
    .select()
    .from(notices)
    .where(and(eq(notices.userId, userId), eq(notices.teamId, teamId)))
    .orderBy(desc(notices.seq))
    .limit(limit)
    .all()
}

export function setNoticeRead(db: Db, userId: string, id: string): boolean {
  return markRead(db, and(eq(notices.userId, userId), eq(notices.id, id)))
}

/** Every notice about a job, because the person has just seen the job itself. */
export function setJobNoticesRead(db: Db, userId: string, jobId: string): boolean {
  return markRead(db, and(eq(notices.userId, userId), eq(notices.jobId, jobId)))
}

export function setAllNoticesRead(db: Db, userId: string, teamId: string): boolean {
  return markRead(db, and(eq(notices.userId, userId), eq(notices.teamId, teamId)))
}

function markRead(db: Db, which: ReturnType<typeof and>): boolean {
  const changed = db
    .update(notices)
    .set({ readAt: new Date().toISOString() })
    .where(and(which, isNull(notices.readAt)))
    .run()
  return changed.changes > 0
}
