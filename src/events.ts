import { EventEmitter } from 'node:events'

/** What happened, said once by whoever made it happen, after it is committed. Listeners read the current state. */
export type Happening = {
  /** A job waits to be run. */
  'job.enqueued': { jobId: string; templateId: string; teamId: string }
  /** Anything about a job that a person can see. */
  'job.changed': { jobId: string; templateId: string; teamId: string }
  'job.cancel_requested': { jobId: string }
  /** The notices of a user: one more, or one read. */
  'notices.changed': { userId: string; teamId: string }
  'template.changed': { templateId: string; teamId: string }
  'template.deleted': { templateId: string; teamId: string }
  /** Records were written. */
  'records.changed': { templateId: string; teamId: string }
  /** The user's sessions with these hashed tokens are over; their sockets must close. */
  'session.ended': { tokenHash: string }
}

export type Events = EventEmitter<{ [Name in keyof Happening]: [Happening[Name]] }>

type Job = { id: string; templateId: string; teamId: string }

export function tellJobChanged(events: Events, { id, templateId, teamId }: Job): void {
  events.emit('job.changed', { jobId: id, templateId, teamId })
}

/** The job waits to be run, which can be seen, too. */
export function tellJobEnqueued(events: Events, job: Job): void {
  events.emit('job.enqueued', { jobId: job.id, templateId: job.templateId, teamId: job.teamId })
  tellJobChanged(events, job)
}

export function createEvents(): Events {
  const events: Events = new EventEmitter()
  events.setMaxListeners(0)
  return events
}
