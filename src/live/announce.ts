import { listFirstWaiting } from '../db/job-order.ts'
import type { Context } from '../services/context.ts'
import type { Hub } from './hub.ts'

/** With more jobs than these before it, a job says nothing that would change soon. */
const WAITING = 50

/** Says which topics what happened concerns. The only place that knows both events and topics. */
export function announce({ db, events }: Context, hub: Hub): void {
  events.on('job.changed', ({ jobId, templateId, teamId }) => {
    if (hub.size === 0) return
    // A job that waits says for what and how far that is, so it changes with the jobs before it.
    const waiting = listFirstWaiting(db, teamId, WAITING)
    const jobs = new Set([jobId, ...waiting.map(({ id }) => id)])
    const templates = new Set([templateId, ...waiting.map((job) => job.templateId)])
    hub.changed((topic, member) => {
      if (member.team.id !== teamId) return false
      if (topic.kind === 'job') return jobs.has(topic.id)
      if (topic.kind === 'template') return templates.has(topic.id)
      return topic.kind === 'jobs'
    })
  })
  events.on('notices.changed', ({ userId, teamId }) => {
    hub.changed((topic, member) => topic.kind === 'notices' && member.user.id === userId && member.team.id === teamId)
  })
  events.on('session.ended', ({ tokenHash }) => hub.endSession(tokenHash))
}
