import type { Measured } from './measure.ts'
import type { Result } from './rounds.ts'
import type { ServedImport } from './server/served-import.ts'
import type { Comparison } from './suites.ts'
import type { QueryTimes } from './table-queries.ts'

/** What has been measured so far; `size` is the number of rows that was asked for. */
export type Finding = { size: number } & (
  | { kind: 'comparison'; comparison: Comparison; results: Result[] }
  | { kind: 'table'; queries: QueryTimes[] }
  | { kind: 'server'; served: ServedImport }
)

type ComparisonFinding = Extract<Finding, { kind: 'comparison' }>

/** The comparison of this title at a size, or at the largest one below a size. */
export function findComparison(
  findings: Finding[],
  title: string,
  wanted: { size: number } | { below: number },
): ComparisonFinding | undefined {
  return findings
    .filter((each): each is ComparisonFinding => each.kind === 'comparison' && each.comparison.title === title)
    .filter(({ size }) => ('size' in wanted ? size === wanted.size : size < wanted.below))
    .sort((a, b) => b.size - a.size)[0]
}

export function medianMs(runs: Measured[]): number {
  return median(runs.map(({ ms }) => ms))
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

/** The value that this share of all values does not exceed. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}
