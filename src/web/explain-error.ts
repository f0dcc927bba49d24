import type { Context as HonoContext } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { log } from '../log.ts'
import { Refusal } from '../services/context.ts'
import { findStorageProblem } from '../services/storage-problem.ts'
import type { Env } from './env.ts'

/** An error as a page or the API shows it. */
export type Explained = {
  status: ContentfulStatusCode
  code: string
  message: string
  hint: string
  fields: { path: string; message: string }[]
  link: string | undefined
  /** Finds the whole error in the log; only for what was not expected. */
  reference: string | undefined
}

/**
 * What to tell about an error that reached the edge. An expected one tells itself; anything else is logged whole under
 * the request's id, and nothing of it leaves the server but that id.
 */
export function explainError(c: HonoContext<Env>, error: Error): Explained {
  if (error instanceof Refusal) {
    const { status, code, message, hint, fields, link, retryAfterSeconds } = error
    if (retryAfterSeconds !== undefined) c.header('Retry-After', String(retryAfterSeconds))
    return { status, code, message, hint, fields, link, reference: undefined }
  }
  if (error instanceof HTTPException && error.status < 500) {
    const status = error.status as ContentfulStatusCode
    return { ...nothingMore, status, code: 'bad_request', message: error.message }
  }
  const storage = findStorageProblem(error)
  if (storage !== undefined) {
    log('error', 'storage.failed', { reference: c.get('requestId'), error })
    return { ...nothingMore, ...storage }
  }
  const reference = c.get('requestId')
  log('error', 'request.failed', { reference, method: c.req.method, path: c.req.path, error })
  return {
    ...nothingMore,
    status: 500,
    code: 'unexpected',
    message: 'Something went wrong on our side.',
    hint: 'Try again. If it happens again, tell whoever runs this server the reference.',
    reference,
  }
}

const nothingMore = { hint: '', fields: [], link: undefined, reference: undefined }
