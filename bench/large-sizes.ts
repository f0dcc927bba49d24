import { type Finding, findComparison, medianMs } from './findings.ts'
import { type Candidate, type Comparison, NAMES } from './suites.ts'

/** From here on a full run compares only with those whose time decides something. */
const LARGE = 500_000

/**
 * Says for each candidate why it is not tried at this size, or null when it is: of the peers only the fastest of the
 * smaller size, and exceljs, which the goals name. The others take minutes, or more memory than a process gets.
 */
export function againstLarge(comparison: Comparison, findings: Finding[]): (candidate: Candidate) => string | null {
  const small = comparison.rows < LARGE ? undefined : findComparison(findings, comparison.title, { below: LARGE })
  if (small === undefined) return () => null
  const times = small.results.flatMap(({ candidate, runs }) =>
    runs.length > 0 ? [{ candidate, ms: medianMs(runs) }] : [],
  )
  const ours = times.find(({ candidate }) => candidate.ours)
  const fastest = times.filter(({ candidate }) => !candidate.ours).sort((a, b) => a.ms - b.ms)[0]
  return ({ name, ours: isOurs }) => {
    if (isOurs || name === fastest?.candidate.name || name.startsWith(NAMES.exceljs)) return null
    const own = times.find(({ candidate }) => candidate.name === name)
    const rows = small.comparison.rows.toLocaleString('en')
    if (own === undefined || ours === undefined) return `failed at ${rows} rows`
    return `took ${(own.ms / ours.ms).toFixed(1)} × as long as the first line at ${rows} rows, and is not the fastest peer`
  }
}
