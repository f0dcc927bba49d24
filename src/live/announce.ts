import type { Context } from '../services/context.ts'
import type { Hub } from './hub.ts'

/** Says which topics what happened concerns. The only place that knows both events and topics. */
export function announce({ events }: Context, hub: Hub): void {
  events.on('job.changed', ({ jobId, templateId, teamId }) => {
    hub.changed((topic, member) => {
      if (member.team.id !== teamId) return false
      if (topic.kind === 'job') return topic.id === jobId
      if (topic.kind === 'template') return topic.id === templateId
      return topic.kind === 'jobs'
    })
  })
  events.on('notices.changed', ({ userId, teamId }) => {
    hub.changed((topic, member) => topic.kind === 'notices' && member.user.id === userId && member.team.id === teamId)
  })
  events.on('session.ended', ({ tokenHash }) => hub.endSession(tokenHash))
}
