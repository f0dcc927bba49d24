/**
 * Signs of life of the threads that the work of this process waits for. Such a thread may hang while its process, that
 * waits for it, would go on for ever to say that it is alive.
 */
const heard = new Map<object, number>()
const SILENT_MS = 5000

export const SIGN_OF_LIFE_MS = 1000

/** The thread was heard just now. */
export function noteSign(thread: object): void {
  heard.set(thread, performance.now())
}

/** Nobody waits for the thread any more. */
export function forgetThread(thread: object): void {
  heard.delete(thread)
}

export function isThreadSilent(): boolean {
  const now = performance.now()
  return [...heard.values()].some((at) => now - at > SILENT_MS)
}
