/** A change of a job, in the words that the cards have for it from then on; `at` in milliseconds since 1970. */
export type Change = {
  jobId: string
  at: number
  /** On its own card. */
  own: string
  /** On the cards of the jobs that wait for it; null when it is over, and they wait for another from then on. */
  waiting: string | null
}

/** What a card said from this moment on. */
export type Seen = { at: number; text: string }

/**
 * How long after each change a card said so, or said something newer. A change that leaves the words as they are has
 * nothing to show and is not counted; one that was never shown took for ever.
 */
export function delaysUntilShown(changes: Seen[], seen: Seen[]): number[] {
  const visible = changes.filter(({ text }, n) => text !== changes[n - 1]?.text)
  const order = new Map(visible.map(({ text }, n) => [text, n]))
  let next = 0
  return visible.map(({ at }, n) => {
    const shows = ({ at: then, text }: Seen) => then >= at && (order.get(text) ?? -1) >= n
    while (next < seen.length && !shows(seen[next] as Seen)) next++
    return (seen[next]?.at ?? Number.POSITIVE_INFINITY) - at
  })
}

const OWN = /class="job-line">([^<·]+?)(?: · <strong>([^<]*)<\/strong>|<)/
const WAITING = /Waiting for ([^<]*?)(?:, (\d+) % done)?(?: · |<|$)/
const OVER = /data-status="(completed|failed)"/

export function ownWords(doing: string, rows: string): string {
  return `${doing}|${rows}`
}

export function waitingWords(name: string, percent: number | null): string {
  return `${name}|${percent}`
}

/** What a push says, in the words of a change; undefined when it is about something else. */
export function wordsOf(html: string): string | undefined {
  const over = OVER.exec(html)?.[1]
  if (over !== undefined) return ownWords(over, '')
  const [, name, percent] = WAITING.exec(html) ?? []
  if (name !== undefined) return waitingWords(name, percent === undefined ? null : Number(percent))
  const [, doing, rows = ''] = OWN.exec(html) ?? []
  return doing === undefined ? undefined : ownWords(doing, rows)
}
