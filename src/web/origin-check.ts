import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Config } from '../config.ts'
import type { Env } from './env.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses what another site makes a browser send with our cookie: every method that changes something, whatever its
 * content type. Requests with an API key need no check, because no browser sends a key by itself.
 */
export function originCheck(config: Config): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (!SAFE.has(c.req.method) && !sameOrigin(c, config)) {
      const hint = config.baseUrl === undefined ? ' If a proxy stands in front of it, set BASE_URL.' : ''
      throw new HTTPException(403, {
        message: `This did not come from one of Sheetport's own pages, so nothing was done.${hint}`,
      })
    }
    await next()
  }
}

/** Also for the handshake of a socket, which browsers send for any site. A request that says nothing is not ours. */
export function sameOrigin(c: HonoContext, config: Config): boolean {
  const site = c.req.header('sec-fetch-site')
  const origin = c.req.header('origin')
  if (site !== undefined && site !== 'same-origin') return false
  if (origin === undefined) return site === 'same-origin'
  if (config.baseUrl !== undefined) return origin === new URL(config.baseUrl).origin
  // Without a base URL the server can't know its public address: behind a proxy, only the browser's own word counts.
  return origin === new URL(c.req.url).origin || (site === 'same-origin' && origin !== 'null')
}
