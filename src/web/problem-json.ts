import { STATUS_CODES } from 'node:http'
import type { ErrorHandler, Context as HonoContext, NotFoundHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Env } from './env.ts'
import { type Explained, explainError } from './explain-error.ts'

/** An error as RFC 9457 has it. `errors` names the fields to correct. */
export function problem(
  c: HonoContext,
  error: Partial<Explained> & { status: ContentfulStatusCode; code: string; message: string },
): Response {
  const body = {
    type: 'about:blank',
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    code: error.code,
    detail: error.message,
    ...(error.hint && { hint: error.hint }),
    ...(error.fields && error.fields.length > 0 && { errors: error.fields }),
    ...(error.link && { link: error.link }),
    ...(error.reference && { reference: error.reference }),
  }
  return c.body(JSON.stringify(body), error.status, { 'Content-Type': 'application/problem+json' })
}

/** For the API's `onError`. */
export const problemForError: ErrorHandler<Env> = (error, c) => problem(c, explainError(c, error))

/** For addresses under /api that mean nothing. */
export const problemForNotFound: NotFoundHandler<Env> = (c) =>
  problem(c, { status: 404, code: 'no_route', message: `There is no ${c.req.method} ${c.req.path}.` })
