import { Hono } from 'hono'
import type { Context } from '../services/context.ts'
import { viewNotice } from '../services/notice-views.ts'
import { listNotices, readNotices } from '../services/notices.ts'
import { NoticesPage } from '../views/notices-page.tsx'
import { renderPage } from '../views/render.ts'
import type { Env } from '../web/env.ts'
import { ownPath } from '../web/own-path.ts'
import { viewer } from './viewer.ts'

export function noticePages(context: Context): Hono<Env> {
  const app = new Hono<Env>()

  app.get('/notices', (c) => {
    const member = c.get('member')
    const notices = listNotices(context, member).map(viewNotice)
    return c.html(renderPage(<NoticesPage viewer={viewer(context, member)} notices={notices} />))
  })

  app.post('/notices/read', (c) => {
    readNotices(context, c.get('member'), 'all')
    return c.redirect('/notices', 303)
  })

  app.post('/notices/:id/read', (c) => {
    readNotices(context, c.get('member'), c.req.param('id'))
    return c.redirect(cameFrom(c.req.header('referer')), 303)
  })

  return app
}

/** Back to the page on which the notice was dismissed. */
function cameFrom(referer: string | undefined): string {
  return referer !== undefined && URL.canParse(referer)
    ? ownPath(new URL(referer).pathname + new URL(referer).search)
    : '/notices'
}
