import { findJob } from '../db/jobs.ts'
import { findTemplateRow } from '../db/templates.ts'
import type { Context, Member } from '../services/context.ts'

/** What a page can watch. `name` is how the page's address for the socket says it: "notices", "jobs", "job:<id>". */
export type Topic =
  | { kind: 'notices'; name: string; personal: true }
  | { kind: 'jobs'; name: string; personal: false }
  | { kind: 'job' | 'template'; name: string; id: string; personal: false }

const MAX_TOPICS = 100

/** The topics that this person may watch; the others are left out, whether they exist or not. */
export function allowedTopics(context: Context, member: Member, names: string[]): Topic[] {
  return names.slice(0, MAX_TOPICS).flatMap((name) => {
    const topic = parseTopic(name)
    return topic !== undefined && mayWatch(context, member, topic) ? [topic] : []
  })
}

export function parseTopic(name: string): Topic | undefined {
  if (name === 'notices') return { kind: 'notices', name, personal: true }
  if (name === 'jobs') return { kind: 'jobs', name, personal: false }
  const [kind, id] = name.split(':')
  if ((kind === 'job' || kind === 'template') && id !== undefined && /^[a-z0-9]{1,40}$/.test(id)) {
    return { kind, name, id, personal: false }
  }
  return undefined
}

function mayWatch({ db }: Context, { team }: Member, topic: Topic): boolean {
  if (topic.kind === 'job') return findJob(db, team.id, topic.id) !== undefined
  if (topic.kind === 'template') return findTemplateRow(db, { id: topic.id, teamId: team.id }) !== undefined
  return true
}
