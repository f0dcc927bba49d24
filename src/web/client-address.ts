import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'

/** From where a request comes: a proxy's address behind a proxy. Requests that tests make without a socket have none. */
export function clientAddress(c: Context): string {
  return c.env === undefined || !('incoming' in c.env) ? 'unknown' : (getConnInfo(c).remote.address ?? 'unknown')
}
