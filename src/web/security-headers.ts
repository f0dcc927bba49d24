import type { MiddlewareHandler } from 'hono'
import type { Config } from '../config.ts'
import type { Env } from './env.ts'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const ALWAYS = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

const HALF_A_YEAR = 'max-age=15552000'

/**
 * The headers of every answer. What a route set itself stays: a download has a stricter policy, a stylesheet may be
 * cached. All else is not kept by any cache, so that nobody sees the page of somebody who signed out.
 */
export function securityHeaders(config: Config): MiddlewareHandler<Env> {
  const overTls = config.baseUrl?.startsWith('https:') ?? false
  const headers = Object.entries(overTls ? { ...ALWAYS, 'Strict-Transport-Security': HALF_A_YEAR } : ALWAYS)
  return async (c, next) => {
    await next()
    for (const [name, value] of headers) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store')
  }
}
