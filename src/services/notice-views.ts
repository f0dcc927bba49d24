import type { NoticeRow } from '../db/schema.ts'
import type { NoticeView } from '../views/notices-region.tsx'

/** How long a notice shows itself on every page; after that the bell still counts it and the list still has it. */
const FRESH_MS = 60_000

export function viewNotice(notice: NoticeRow): NoticeView {
  const { id, message, status, createdAt, readAt } = notice
  const fresh = readAt === null && Date.now() - Date.parse(createdAt) < FRESH_MS
  return { id, message, status, createdAt, readAt, fresh, job: { id: notice.jobId, template_id: notice.templateId } }
}
