import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Context as HonoContext } from 'hono'

/** A file to be downloaded under a name that a person chose. `temporary` files go once they are sent. */
export type FileToSend = { path: string; name: string; temporary: boolean }

const TYPES: Record<string, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
}

export async function sendFile(c: HonoContext, file: FileToSend): Promise<Response> {
  const { size } = await stat(file.path)
  const stream = createReadStream(file.path)
  if (file.temporary) stream.once('close', () => void rm(file.path, { force: true }))
  return c.body(Readable.toWeb(stream) as ReadableStream, 200, {
    'Content-Type': TYPES[file.name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
    'Content-Length': String(size),
    'Content-Disposition': attachment(file.name),
    'Cache-Control': 'no-store',
  })
}

/** Both forms of the name: RFC 6266 with the plain one for old programs, RFC 8187 for every letter there is. */
export function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
