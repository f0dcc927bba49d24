import { open } from 'node:fs/promises'

/** A file read at any place, so that a check need not hold it in memory. */
export type ByteSource = {
  size: number
  /** Fewer bytes than asked for only at the end of the file. */
  read(offset: number, length: number): Promise<Buffer>
  /** The bytes from `start` up to and without `end`, in pieces. */
  stream(start: number, end: number): AsyncGenerator<Buffer>
  close(): Promise<void>
}

const PIECE = 256 * 1024

export async function openBytes(path: string): Promise<ByteSource> {
  const handle = await open(path, 'r')
  const { size } = await handle.stat()

  async function read(offset: number, length: number): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, size - offset))
    const buffer = Buffer.allocUnsafe(wanted)
    let filled = 0
    while (filled < wanted) {
      const { bytesRead } = await handle.read(buffer, filled, wanted - filled, offset + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  }

  async function* stream(start: number, end: number): AsyncGenerator<Buffer> {
    let next = read(start, Math.min(PIECE, end - start))
    for (let at = start; at < end; at += PIECE) {
      const piece = await next
      const after = at + PIECE
      if (after < end) {
        // While this piece is looked at, the disk has time for the next.
        next = read(after, Math.min(PIECE, end - after))
        // Whoever wants no more of it need not hear that it failed.
        next.catch(() => {})
      }
      yield piece
    }
  }

  return { size, read, stream, close: () => handle.close() }
}
