import { and, desc, eq } from 'drizzle-orm'
import type { Queries } from './open.ts'
import { given, prepared } from './prepared.ts'
import { apiKeys, memberships, teams, users } from './schema.ts'

export type ApiKeyRow = typeof apiKeys.$inferSelect
export type ApiKeyWithOwner = {
  id: string
  lastUsedAt: string | null
  user: { id: string; name: string; email: string }
  team: { id: string; name: string }
}

export function insertApiKey(db: Queries, key: typeof apiKeys.$inferInsert): void {
  db.insert(apiKeys).values(key).run()
}

const keyWithOwner = prepared((db: Queries) =>
  db
    .select({
      id: apiKeys.id,
      lastUsedAt: apiKeys.lastUsedAt,
      user: { id: users.id, name: users.name, email: users.email },
      team: { id: teams.id, name: teams.name },
    })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .innerJoin(teams, eq(teams.id, apiKeys.teamId))
    .innerJoin(memberships, and(eq(memberships.userId, apiKeys.userId), eq(memberships.teamId, apiKeys.teamId)))
    .where(eq(apiKeys.keyHash, given('keyHash')))
    .prepare(),
)

/** The key with whose it is, as long as that person is still a member of its team. */
export function findApiKeyWithOwner(db: Queries, keyHash: string): ApiKeyWithOwner | undefined {
  return keyWithOwner(db).get({ keyHash })
}

/** A user's keys to a team, the newest first. */
export function listApiKeysOf(db: Queries, owner: { userId: string; teamId: string }): ApiKeyRow[] {
  return db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.userId, owner.userId), eq(apiKeys.teamId, owner.teamId)))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .all()
}

export function setApiKeyUsed(db: Queries, id: string, lastUsedAt: string): void {
  db.update(apiKeys).set({ lastUsedAt }).where(eq(apiKeys.id, id)).run()
}

/** Answers whether that user had such a key. */
export function deleteApiKey(db: Queries, key: { id: string; userId: string; teamId: string }): boolean {
  const own = and(eq(apiKeys.id, key.id), eq(apiKeys.userId, key.userId), eq(apiKeys.teamId, key.teamId))
  return db.delete(apiKeys).where(own).run().changes > 0
}
