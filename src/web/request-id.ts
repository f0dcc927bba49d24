import type { MiddlewareHandler } from 'hono'
import { newId } from '../ids.ts'
import type { Env } from './env.ts'

/** Gives every request an id. One that the client sends is not taken: it could be anything, and land in the log. */
export const requestId: MiddlewareHandler<Env> = async (c, next) => {
  c.set('requestId', newId())
  await next()
}
