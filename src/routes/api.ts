import { Hono } from 'hono'
import type { Context } from '../services/context.ts'
import { requireKey } from '../web/api-key.ts'
import type { Env } from '../web/env.ts'
import { problemForError, problemForNotFound } from '../web/problem-json.ts'
import { importsApi } from './api/imports.ts'
import { jobsApi } from './api/jobs.ts'
import { recordsApi } from './api/records.ts'
import { templatesApi } from './api/templates.ts'

export function apiRoutes(context: Context): Hono<Env> {
  const app = new Hono<Env>()
  app.use(requireKey(context))
  app.route('/', templatesApi(context))
  app.route('/', recordsApi(context))
  app.route('/', importsApi(context))
  app.route('/', jobsApi(context))
  app.all('*', problemForNotFound)
  app.onError(problemForError)
  return app
}
