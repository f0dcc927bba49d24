import type { Context as HonoContext } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { Refusal } from '../services/context.ts'

/** A template of 200 columns with a thousand choices each stays below this. */
const MOST_BYTES = 8 * 1024 * 1024

/** The body as JSON. Stops reading at the limit, whatever length was announced. */
export async function readJson(c: HonoContext): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of c.req.raw.body ?? []) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new Refusal(413, { code: 'too_large', message: 'The body may have up to 8 MB.' })
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (cause) {
    throw new HTTPException(400, { message: 'The body is not JSON.', cause })
  }
}
