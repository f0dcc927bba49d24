import { createHash, randomBytes } from 'node:crypto'
import {
  deleteSession,
  deleteSessionsExpiredBy,
  findSessionWithMember,
  insertSession,
  setSessionExpiry,
} from '../db/sessions.ts'
import type { Context, Member } from './context.ts'
import { noteIfPossible } from './note-if-possible.ts'

const LASTS_MS = 30 * 24 * 60 * 60_000
/** A session that is used goes on; its end is written at most once a day. */
const RENEW_MS = 24 * 60 * 60_000

/** `token` is known here and in the person's browser only. */
export type NewSession = { token: string; expiresAt: string; member: Member }
export type FoundSession = { tokenHash: string; expiresAt: string; member: Member }

/** Opens a session of 30 days with a token of 256 bits, of which only the SHA-256 is kept. */
export function openSession(context: Pick<Context, 'db'>, member: Member): NewSession {
  const now = Date.now()
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(now + LASTS_MS).toISOString()
  deleteSessionsExpiredBy(context.db, new Date(now).toISOString())
  insertSession(context.db, {
    tokenHash: hashToken(token),
    userId: member.user.id,
    teamId: member.team.id,
    createdAt: new Date(now).toISOString(),
    expiresAt,
  })
  return { token, expiresAt, member }
}

/** Whose session this is, or undefined when there is none (any more). */
export function findSession(context: Pick<Context, 'db'>, token: string): FoundSession | undefined {
  const now = Date.now()
  const session = findSessionWithMember(context.db, hashToken(token))
  if (session === undefined || Date.parse(session.expiresAt) <= now) return undefined
  const { tokenHash, user, team } = session
  const renewed = new Date(now + LASTS_MS).toISOString()
  const due = Date.parse(session.expiresAt) < now + LASTS_MS - RENEW_MS
  const renew = due && noteIfPossible(() => setSessionExpiry(context.db, tokenHash, renewed))
  return { tokenHash, expiresAt: renew ? renewed : session.expiresAt, member: { user, team } }
}

/** Ends the session, and with it the sockets that it opened. */
export function signOut(context: Context, tokenHash: string): void {
  if (deleteSession(context.db, tokenHash)) context.events.emit('session.ended', { tokenHash })
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
