import { setImmediate } from 'node:timers/promises'

/** So many files or jobs are seen to at a time; a page that is asked for meanwhile waits that long. */
const SLICE = 50

/** A list in slices, with a turn for everybody else before each; it ends early when `signal` says so. */
export async function* inSlices<Item>(items: Item[], signal: AbortSignal | undefined): AsyncGenerator<Item[]> {
  for (let at = 0; at < items.length; at += SLICE) {
    await setImmediate()
    if (signal?.aborted) return
    yield items.slice(at, at + SLICE)
  }
}
