import { randomBytes } from 'node:crypto'
import { hash, parseOptions, verify } from '@node-rs/argon2'
import PQueue from 'p-queue'
import { Refusal } from './context.ts'

/** argon2id with 19 MiB, two passes and one lane: the first of OWASP's recommended settings. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** A hash keeps a core and 19 MiB busy; a flood of sign-ins must leave the rest of the tool alone. */
const AT_ONCE = 2
const WAITING_ROOM = 20

const hashing = new PQueue({ concurrency: AT_ONCE })
let nobodysHash: Promise<string> | undefined

export async function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, COST))
}

/** Takes as long for an account that does not exist (no hash) as for a wrong password. Throws a 429 when too many wait. */
export async function verifyPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  return inTurn(async () => {
    nobodysHash ??= hash(randomBytes(16), COST)
    const fits = await verify(passwordHash ?? (await nobodysHash), password)
    return fits && passwordHash !== undefined
  })
}

/** Whether the hash was made at another cost than today's. */
export function isOutdated(passwordHash: string): boolean {
  const made = parseOptions(passwordHash)
  return made.memoryCost !== COST.memoryCost || made.timeCost !== COST.timeCost || made.parallelism !== COST.parallelism
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (hashing.size >= WAITING_ROOM) {
    throw new Refusal(429, {
      code: 'busy',
      message: 'Too many people are signing in at this moment.',
      hint: 'Try again in a few seconds.',
    })
  }
  return hashing.add(work)
}
