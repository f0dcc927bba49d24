import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Config } from '../config.ts'
import type { Context } from '../services/context.ts'
import { findSession, type NewSession } from '../services/sessions.ts'
import type { Env } from './env.ts'
import { problem } from './problem-json.ts'

/** Over https the name carries a promise that browsers keep: this host only, every path, never sent in clear. */
function cookieName(config: Config): string {
  return isSecure(config) ? '__Host-sheetport_session' : 'sheetport_session'
}

function cookieOptions(config: Config) {
  return { path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure(config) } as const
}

/** Looks whose cookie came along. On every page, also those for visitors. */
export function readSession(context: Context): MiddlewareHandler<Env> {
  return async (c, next) => {
    const token = readSessionCookie(c, context.config)
    c.set('session', token === undefined ? undefined : findSession(context, token))
    await next()
  }
}

/** Lets only people through who are signed in; others are sent to sign in, and come back to the page they wanted. */
export const requireSession: MiddlewareHandler<Env> = async (c, next) => {
  const session = c.get('session')
  if (session === undefined) return signInFirst(c)
  c.set('member', session.member)
  return next()
}

export function readSessionCookie(c: HonoContext, config: Config): string | undefined {
  return getCookie(c, cookieName(config))
}

export function setSessionCookie(c: HonoContext, config: Config, session: NewSession): void {
  setCookie(c, cookieName(config), session.token, { ...cookieOptions(config), expires: new Date(session.expiresAt) })
}

export function clearSessionCookie(c: HonoContext, config: Config): void {
  deleteCookie(c, cookieName(config), cookieOptions(config))
}

function signInFirst(c: HonoContext): Response {
  const { pathname, search } = new URL(c.req.url)
  if (pathname.endsWith('.json')) {
    return problem(c, { status: 401, code: 'signed_out', message: 'Sign in first.' })
  }
  const target = signInPath(c, pathname + search)
  // A fragment that htmx asked for must not be replaced by the sign-in page: the whole page has to go there.
  if (c.req.header('hx-request') === 'true') return c.body(null, 204, { 'HX-Redirect': target })
  return c.redirect(target, 303)
}

/** Only what was asked for with GET can be asked for again after signing in. */
function signInPath(c: HonoContext, wanted: string): string {
  const isFragment = c.req.header('hx-request') === 'true'
  const again = c.req.method === 'GET' && !isFragment && wanted !== '/'
  return again ? `/sign-in?next=${encodeURIComponent(wanted)}` : '/sign-in'
}

function isSecure(config: Config): boolean {
  return config.baseUrl?.startsWith('https:') ?? false
}
