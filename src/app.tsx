import { Hono } from 'hono'
import type { Hub } from './live/hub.ts'
import { accountPages, visitorPages } from './routes/account.tsx'
import { apiRoutes } from './routes/api.ts'
import { assets } from './routes/assets.ts'
import { errorPage, notFoundPage } from './routes/errors.tsx'
import { importPages } from './routes/imports.tsx'
import { jobPages } from './routes/jobs.tsx'
import { liveRoutes } from './routes/live.ts'
import { noticePages } from './routes/notices.tsx'
import { readAgainPages } from './routes/read-again.tsx'
import { recordPages } from './routes/records.tsx'
import { templatePages } from './routes/templates.tsx'
import { upRoute } from './routes/up.ts'
import type { Context } from './services/context.ts'
import type { Health } from './services/health.ts'
import type { Env } from './web/env.ts'
import { originCheck } from './web/origin-check.ts'
import { requestId } from './web/request-id.ts'
import { securityHeaders } from './web/security-headers.ts'
import { readSession, requireSession } from './web/session.ts'

/** Everything that answers HTTP, in the order in which it is asked. */
export function createApp(context: Context, { hub, health }: { hub: Hub; health: Health }): Hono<Env> {
  const app = new Hono<Env>()
  app.use(requestId)
  app.use(securityHeaders(context.config))
  app.route('/assets', assets())
  app.route('/', upRoute(health))
  app.route('/', liveRoutes(context, hub))
  app.route('/api', apiRoutes(context))

  app.use(originCheck(context.config))
  app.use(readSession(context))
  app.route('/', visitorPages(context))

  app.use(requireSession)
  app.route('/', accountPages(context))
  app.route('/', templatePages(context))
  app.route('/', importPages(context))
  app.route('/', recordPages(context))
  app.route('/', jobPages(context))
  app.route('/', readAgainPages(context))
  app.route('/', noticePages(context))

  app.notFound(notFoundPage(context))
  app.onError(errorPage(context))
  return app
}
