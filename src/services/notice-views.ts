import type { NoticeRow } from '../db/schema.ts'
import type { NoticeView } from '../views/notices-region.tsx'
import { jobPath } from '../views/paths.ts'

export function viewNotice(notice: NoticeRow): NoticeView {
  const { id, message, status, createdAt, readAt } = notice
  return { id, message, status, createdAt, readAt, href: jobPath({ id: notice.jobId, template_id: notice.templateId }) }
}
