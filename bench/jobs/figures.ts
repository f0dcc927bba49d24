/** One measured line of the report. `goal` is what it is held to, `met` whether it was reached; neither where there is none. */
export type Figure = { what: string; value: string; goal?: string; met?: boolean }

/** The value below which this share of the values lies, 0.95 for p95. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en')} ms`
}

/** Waits until the condition holds, looking every few milliseconds. Throws when that takes too long. */
export async function until(holds: () => boolean, { everyMs, withinMs }: { everyMs: number; withinMs: number }) {
  const last = performance.now() + withinMs
  while (!holds()) {
    if (performance.now() > last) throw new Error(`nothing happened for ${withinMs / 1000} s`)
    await pause(everyMs)
  }
}

export function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs))
}
