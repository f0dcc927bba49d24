import type { Context as HonoContext } from 'hono'
import { Refusal } from '../services/context.ts'

/** A template of 200 columns with a thousand choices each stays below this. */
const MOST_BYTES = 8 * 1024 * 1024

/** The fields of a plain form, in its order and with repeated names. Stops reading at the limit. */
export async function formFields(c: HonoContext): Promise<[string, string][]> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of c.req.raw.body ?? []) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new Refusal(413, { code: 'too_large', message: 'This form holds more than 8 MB.' })
    chunks.push(chunk)
  }
  return [...new URLSearchParams(Buffer.concat(chunks).toString('utf8'))]
}
