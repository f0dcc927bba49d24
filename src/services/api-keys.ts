import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { deleteApiKey, findApiKeyWithOwner, insertApiKey, listApiKeysOf, setApiKeyUsed } from '../db/api-keys.ts'
import { newId } from '../ids.ts'
import { type Context, type Member, Refusal } from './context.ts'
import { noteIfPossible } from './note-if-possible.ts'
import { refuseInvalid } from './refuse-invalid.ts'

type WithDb = Pick<Context, 'db'>

/** A key as it may be shown: never the key itself, of which only the SHA-256 is kept. */
export type ApiKey = { id: string; prefix: string; name: string; createdAt: string; lastUsedAt: string | null }

const FORM = /^sp_[A-Za-z0-9_-]{43}$/
const PREFIX_LENGTH = 8
/** The last use is for people; a program that asks ten times a second must not write ten times a second. */
const NOTE_USE_MS = 60_000

const keyName = z
  .string({ error: 'Give the key a name.' })
  .trim()
  .min(1, { error: 'Give the key a name, so that you can tell later what uses it.' })
  .max(100)

/** Makes a key to the member's team. `key` can't be shown again. Throws a 422 for a name that is empty or too long. */
export function createApiKey(context: WithDb, member: Member, name: string): { key: string; id: string } {
  const fields = refuseInvalid(z.object({ name: keyName }), { name })
  const key = `sp_${randomBytes(32).toString('base64url')}`
  const id = newId()
  insertApiKey(context.db, {
    id,
    prefix: key.slice(0, PREFIX_LENGTH),
    keyHash: hashKey(key),
    name: fields.name,
    userId: member.user.id,
    teamId: member.team.id,
  })
  return { key, id }
}

export function listApiKeys(context: WithDb, member: Member): ApiKey[] {
  return listApiKeysOf(context.db, ownerOf(member)).map(({ id, prefix, name, createdAt, lastUsedAt }) => ({
    id,
    prefix,
    name,
    createdAt,
    lastUsedAt,
  }))
}

/** Makes the key useless from now on. Throws a 404 for a key that is not the member's. */
export function revokeApiKey(context: WithDb, member: Member, id: string): void {
  if (deleteApiKey(context.db, { id, ...ownerOf(member) })) return
  throw new Refusal(404, { code: 'no_key', message: 'There is no such key. It may have been revoked already.' })
}

/** For whom a request with this key speaks. */
export function findKeyOwner(context: WithDb, key: string): Member | undefined {
  if (!FORM.test(key)) return undefined
  const found = findApiKeyWithOwner(context.db, hashKey(key))
  if (found === undefined) return undefined
  const now = Date.now()
  if (found.lastUsedAt === null || now - Date.parse(found.lastUsedAt) > NOTE_USE_MS) {
    noteIfPossible(() => setApiKeyUsed(context.db, found.id, new Date(now).toISOString()))
  }
  return { user: found.user, team: found.team }
}

function ownerOf(member: Member): { userId: string; teamId: string } {
  return { userId: member.user.id, teamId: member.team.id }
}

function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
