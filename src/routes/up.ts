import { Hono } from 'hono'
import type { Health } from '../services/health.ts'

/** 200 when the database can be written and the queue moves, 503 when not. Anyone may ask. */
export function upRoute(health: Health): Hono {
  const app = new Hono()
  app.get('/up', (c) => {
    const trouble = health.trouble()
    return trouble === undefined ? c.text('ok') : c.text(trouble, 503)
  })
  return app
}
