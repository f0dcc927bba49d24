import { findJob } from '../db/jobs.ts'
import type { Context, Member } from '../services/context.ts'
import { columnNames, listJobPage, templateJobs } from '../services/job-lists.ts'
import { viewJob } from '../services/job-views.ts'
import { viewNotice } from '../services/notice-views.ts'
import { unreadNotices } from '../services/notices.ts'
import { JobRegion, jobRegionId } from '../views/job-region.tsx'
import { JobRow, jobRowId } from '../views/job-row.tsx'
import { JOBS_REGION_ID, JobsRegion } from '../views/jobs-page.tsx'
import { EarlierJobs, earlierJobsId, JobsStrip, jobsStripId } from '../views/jobs-strip.tsx'
import { NOTICES_BELL_ID, NoticesBell } from '../views/notices-bell.tsx'
import { NOTICES_ID, NoticesRegion } from '../views/notices-region.tsx'
import { partial } from './partial.ts'
import type { Topic } from './topics.ts'

/** The whole current state of a topic, by the same components that the pages use; "" when it is gone. */
export async function renderTopic(context: Context, topic: Topic, member: Member): Promise<string> {
  switch (topic.kind) {
    case 'notices':
      return renderNotices(context, member)
    case 'jobs':
      return renderJobs(context, member)
    case 'job':
      return renderJob(context, member, topic.id)
    case 'template':
      return renderTemplateJobs(context, member, topic.id)
  }
}

function renderNotices(context: Context, member: Member): string {
  const notices = unreadNotices(context, member).map(viewNotice)
  return (
    partial(NOTICES_ID, <NoticesRegion notices={notices} />) +
    partial(NOTICES_BELL_ID, <NoticesBell unread={notices.length} />)
  )
}

function renderJobs(context: Context, member: Member): string {
  const { jobs, next } = listJobPage(context, member, {})
  const filter = { status: null, kind: null, template: null }
  return partial(JOBS_REGION_ID, <JobsRegion jobs={jobs} filter={filter} next={next} />)
}

function renderJob(context: Context, member: Member, id: string): string {
  const job = findJob(context.db, member.team.id, id)
  if (job === undefined) return ''
  const view = viewJob(context, job)
  const names = columnNames(context, job.templateId)
  return (
    partial(jobRegionId(id), <JobRegion view={view} columnNames={names} />) +
    partial(jobRowId(id), <JobRow view={view} />)
  )
}

function renderTemplateJobs(context: Context, member: Member, templateId: string): string {
  const { running, earlier } = templateJobs(context, member, templateId)
  return (
    partial(jobsStripId(templateId), <JobsStrip templateId={templateId} jobs={running} />) +
    partial(earlierJobsId(templateId), <EarlierJobs templateId={templateId} jobs={earlier} />)
  )
}
