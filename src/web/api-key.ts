import type { MiddlewareHandler } from 'hono'
import { findKeyOwner } from '../services/api-keys.ts'
import type { Context } from '../services/context.ts'
import type { Env } from './env.ts'
import { problem } from './problem-json.ts'

/** Lets only requests through that carry a good key in their Authorization header. Cookies don't count here. */
export function requireKey(context: Context): MiddlewareHandler<Env> {
  return async (c, next) => {
    const key = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    const member = key === undefined ? undefined : findKeyOwner(context, key)
    if (member === undefined) {
      c.header('WWW-Authenticate', key === undefined ? 'Bearer' : 'Bearer error="invalid_token"')
      return problem(c, {
        status: 401,
        code: key === undefined ? 'no_key' : 'wrong_key',
        message: key === undefined ? 'This needs a key.' : 'This key is not known. It may have been revoked.',
        hint: 'Send "Authorization: Bearer <key>". Keys are made on the settings page, or with npm run key -- <email>.',
      })
    }
    c.set('member', member)
    return next()
  }
}
