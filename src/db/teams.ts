import { asc, eq } from 'drizzle-orm'
import type { Queries } from './open.ts'
import { memberships, type TeamRow, teams } from './schema.ts'

export function insertTeam(db: Queries, team: typeof teams.$inferInsert): void {
  db.insert(teams).values(team).run()
}

export function insertMembership(db: Queries, membership: typeof memberships.$inferInsert): void {
  db.insert(memberships).values(membership).run()
}

/** The teams of a user, the one joined first in front. */
export function listTeamsOfUser(db: Queries, userId: string): TeamRow[] {
  return db
    .select({ id: teams.id, name: teams.name, createdAt: teams.createdAt })
    .from(teams)
    .innerJoin(memberships, eq(memberships.teamId, teams.id))
    .where(eq(memberships.userId, userId))
    .orderBy(asc(memberships.createdAt), asc(teams.id))
    .all()
}
