import { z } from 'zod'
import type { Db } from '../db/open.ts'
import { listTeamsOfUser } from '../db/teams.ts'
import { findUserByEmail, setPasswordHash } from '../db/users.ts'
import { type Context, Refusal } from './context.ts'
import { hashPassword, isOutdated, verifyPassword } from './passwords.ts'
import { refuseInvalid } from './refuse-invalid.ts'
import { hashToken, type NewSession, openSession, signOut } from './sessions.ts'
import { SignInLimits } from './sign-in-limits.ts'

const signInInput = z.object({
  email: z
    .string({ error: 'Type your e-mail address.' })
    .trim()
    .toLowerCase()
    .min(1, 'Type your e-mail address.')
    .max(254),
  password: z.string({ error: 'Type your password.' }).min(1, 'Type your password.').max(1000),
})

const limits = new WeakMap<Db, SignInLimits>()

/**
 * Signs a person in with a new token; the one that the browser had before is void.
 * An unknown e-mail address and a wrong password get the same answer after the same time.
 * Throws `Refusal`: 422 for fields and for a wrong pair, 429 after too many failures (kept in memory; see `SignInLimits`)
 * and when too many passwords wait to be checked.
 */
export async function signIn(
  context: Context,
  {
    address,
    previousToken,
    ...input
  }: { email?: unknown; password?: unknown; address: string; previousToken?: string | undefined },
): Promise<NewSession> {
  const { email, password } = refuseInvalid(signInInput, input)
  const limit = limitsOf(context.db)
  limit.admit({ email, address }, performance.now())
  const user = findUserByEmail(context.db, email)
  const fits = await verifyPassword(password, user?.passwordHash)
  const [team] = user === undefined ? [] : listTeamsOfUser(context.db, user.id)
  if (!fits || user === undefined || team === undefined) {
    limit.fail({ email, address }, performance.now())
    throw new Refusal(422, { code: 'wrong_credentials', message: 'E-mail address or password is wrong.' })
  }
  limit.succeed({ email, address })
  if (isOutdated(user.passwordHash)) setPasswordHash(context.db, user.id, await hashPassword(password))
  if (previousToken !== undefined) signOut(context, hashToken(previousToken))
  const member = {
    user: { id: user.id, name: user.name, email: user.email },
    team: { id: team.id, name: team.name },
  }
  return openSession(context, member)
}

function limitsOf(db: Db): SignInLimits {
  const known = limits.get(db) ?? new SignInLimits()
  limits.set(db, known)
  return known
}
