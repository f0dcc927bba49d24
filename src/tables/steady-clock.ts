/** Lets something through at most `perSecond` times a second, by a clock that never jumps. */
export function atMost(perSecond: number): () => boolean {
  const gap = 1000 / perSecond
  let last = performance.now()
  return () => {
    const now = performance.now()
    if (now - last < gap) return false
    last = now
    return true
  }
}
