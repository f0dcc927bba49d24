import { z } from 'zod'
import { insertMembership, insertTeam } from '../db/teams.ts'
import { countUsers, insertUser } from '../db/users.ts'
import { newId } from '../ids.ts'
import { type Context, Refusal } from './context.ts'
import { hashPassword } from './passwords.ts'
import { refuseInvalid } from './refuse-invalid.ts'
import { type NewSession, openSession } from './sessions.ts'
import { checkSetupCode, forgetSetupCode } from './set-up-code.ts'

export const PASSWORD_LENGTH = { least: 10, most: 200 } as const

export const emailField = z
  .string({ error: 'Type an e-mail address.' })
  .trim()
  .toLowerCase()
  .pipe(z.email({ error: 'Type a whole e-mail address, such as ada@example.org.' }).max(254))

const newPassword = z
  .string({ error: 'Choose a password.' })
  .min(PASSWORD_LENGTH.least, { error: `Use at least ${PASSWORD_LENGTH.least} characters.` })
  .max(PASSWORD_LENGTH.most, { error: `Use at most ${PASSWORD_LENGTH.most} characters.` })

const setUpInput = z.object({
  code: z.string().default(''),
  name: z.string({ error: 'Type your name.' }).trim().min(1, { error: 'Type your name.' }).max(100),
  email: emailField,
  password: newPassword,
  team: z.string().trim().max(100).optional(),
})

/** Whether nobody has an account yet. */
export function setUpNeeded(context: Pick<Context, 'db'>): boolean {
  return countUsers(context.db) === 0
}

/**
 * Makes the first person the owner of a fresh instance, with their team, and signs them in.
 * `input` is {code, name, email, password, team?}; the team is called "<name>'s team" unless it is named.
 * Throws `Refusal`: 409 when somebody has an account, 422 for a wrong or old code and for fields.
 */
export async function setUpOwner(context: Context, input: unknown): Promise<NewSession> {
  refuseSecondOwner(context)
  const { code, name, email, password, team } = refuseInvalid(setUpInput, input)
  checkSetupCode(context, code)
  const owner = await insertOwner(context, { name, email, password, team: team || `${name}'s team` })
  forgetSetupCode(context)
  return openSession(context, owner)
}

/** Makes the owner whom the environment names, when nobody has an account yet. Answers whether it did. */
export async function ensureOwner(context: Context): Promise<boolean> {
  const { owner } = context.config
  if (owner === undefined || !setUpNeeded(context)) return false
  const email = owner.email.trim().toLowerCase()
  const name = email.split('@')[0] ?? email
  await insertOwner(context, { name, email, password: owner.password, team: `${name}'s team` })
  return true
}

type Owner = { name: string; email: string; password: string; team: string }

async function insertOwner(context: Context, { name, email, password, team }: Owner) {
  const passwordHash = await hashPassword(password)
  const userId = newId()
  const teamId = newId()
  context.db.transaction(
    (tx) => {
      // Somebody else may have come in while the password was hashed.
      refuseSecondOwner({ db: tx })
      insertUser(tx, { id: userId, name, email, passwordHash })
      insertTeam(tx, { id: teamId, name: team })
      insertMembership(tx, { teamId, userId })
    },
    { behavior: 'immediate' },
  )
  return { user: { id: userId, name, email }, team: { id: teamId, name: team } }
}

function refuseSecondOwner({ db }: { db: Parameters<typeof countUsers>[0] }): void {
  if (countUsers(db) === 0) return
  throw new Refusal(409, {
    code: 'already_set_up',
    message: 'This Sheetport is already set up.',
    hint: 'Sign in, or ask its owner for an account.',
  })
}
