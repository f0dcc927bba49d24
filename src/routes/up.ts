import { sql } from 'drizzle-orm'
import { Hono } from 'hono'
import type { Context } from '../services/context.ts'

/** 200 when the process serves and its database answers. Says nothing else, because anyone may ask. */
export function upRoute({ db }: Context): Hono {
  const app = new Hono()
  app.get('/up', (c) => {
    db.get(sql`select 1`)
    return c.text('ok')
  })
  return app
}
