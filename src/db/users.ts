import { count, eq, sql } from 'drizzle-orm'
import type { Queries } from './open.ts'
import { prepared } from './prepared.ts'
import { type UserRow, users } from './schema.ts'

export function insertUser(db: Queries, user: typeof users.$inferInsert): void {
  db.insert(users).values(user).run()
}

export function findUserByEmail(db: Queries, email: string): UserRow | undefined {
  return db.select().from(users).where(eq(users.email, email)).get()
}

export function countUsers(db: Queries): number {
  return db.select({ users: count() }).from(users).get()?.users ?? 0
}

export function setPasswordHash(db: Queries, userId: string, passwordHash: string): void {
  db.update(users).set({ passwordHash }).where(eq(users.id, userId)).run()
}

const userById = prepared((db: Queries) =>
  db
    .select()
    .from(users)
    .where(eq(users.id, sql.placeholder('id')))
    .prepare(),
)

export function findUserById(db: Queries, id: string): UserRow | undefined {
  return userById(db).get({ id })
}
