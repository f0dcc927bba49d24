import type { IncomingMessage, Server } from 'node:http'

/** A line that is slower than this can't send a spreadsheet before its sender gives up. */
const SLOWEST = { windowMs: 30_000, leastBytes: 30 * 1024 }

/**
 * Ends connections whose request trickles in: each holds a socket, and an upload a file as well. An upload that goes on
 * may take hours all the same.
 */
export function cutSlowSenders(server: Server, { windowMs, leastBytes } = SLOWEST): void {
  server.on('request', (request: IncomingMessage) => {
    let before = request.socket.bytesRead
    const watch = setInterval(() => {
      if (request.complete) return clearInterval(watch)
      const { bytesRead } = request.socket
      // What lies there unread waits for us.
      const isSlow = bytesRead - before < leastBytes && request.readableLength === 0
      if (isSlow) request.socket.destroy()
      before = bytesRead
    }, windowMs)
    watch.unref()
    request.once('close', () => clearInterval(watch))
  })
}
