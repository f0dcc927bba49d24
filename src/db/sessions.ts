import { and, eq, lte } from 'drizzle-orm'
import type { Queries } from './open.ts'
import { given, prepared } from './prepared.ts'
import { memberships, sessions, teams, users } from './schema.ts'

export type SessionWithMember = {
  tokenHash: string
  expiresAt: string
  user: { id: string; name: string; email: string }
  team: { id: string; name: string }
}

export function insertSession(db: Queries, session: typeof sessions.$inferInsert): void {
  db.insert(sessions).values(session).run()
}

const sessionWithMember = prepared((db: Queries) =>
  db
    .select({
      tokenHash: sessions.tokenHash,
      expiresAt: sessions.expiresAt,
      user: { id: users.id, name: users.name, email: users.email },
      team: { id: teams.id, name: teams.name },
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .innerJoin(teams, eq(teams.id, sessions.teamId))
    .innerJoin(memberships, and(eq(memberships.userId, sessions.userId), eq(memberships.teamId, sessions.teamId)))
    .where(eq(sessions.tokenHash, given('tokenHash')))
    .prepare(),
)

/** The session with whose it is, as long as that person is still a member of its team. */
export function findSessionWithMember(db: Queries, tokenHash: string): SessionWithMember | undefined {
  return sessionWithMember(db).get({ tokenHash })
}

export function setSessionExpiry(db: Queries, tokenHash: string, expiresAt: string): void {
  db.update(sessions).set({ expiresAt }).where(eq(sessions.tokenHash, tokenHash)).run()
}

/** Answers whether there was such a session. */
export function deleteSession(db: Queries, tokenHash: string): boolean {
  return db.delete(sessions).where(eq(sessions.tokenHash, tokenHash)).run().changes > 0
}

export function deleteSessionsExpiredBy(db: Queries, time: string): void {
  db.delete(sessions).where(lte(sessions.expiresAt, time)).run()
}
