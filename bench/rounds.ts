import { rmSync } from 'node:fs'
import path from 'node:path'
import { type Measured, measure, type Outcome } from './measure.ts'
import type { Candidate, Comparison } from './suites.ts'
import { copyTable, removeTable } from './table-copy.ts'

/** All runs of a candidate; `failed` says why it was given up, `differs` that it lost or changed values. */
export type Result = { candidate: Candidate; runs: Measured[]; failed: string | null; differs: boolean }

/**
 * Runs the candidates of a comparison interleaved, A B C A B C, so that whatever else the machine is doing meets all of
 * them alike. One that fails is not tried again.
 */
export async function runRounds(
  { title, candidates }: Comparison,
  { rounds, folder }: { rounds: number; folder: string },
): Promise<Result[]> {
  const results = candidates.map((candidate): Result => ({ candidate, runs: [], failed: null, differs: false }))
  for (let round = 1; round <= rounds; round++) {
    for (const result of results) {
      if (result.failed !== null) continue
      prepareFolder(folder, result.candidate)
      const outcome = await measure(result.candidate.task)
      note(result, outcome)
      console.error(`${title} [${round}/${rounds}] ${result.candidate.name}: ${describe(outcome, result)}`)
    }
  }
  return results
}

/** Nothing is left of the run before; a table to begin with is copied before the clock starts. */
function prepareFolder(folder: string, { startFrom }: Candidate): void {
  for (const name of ['out.xlsx', 'out.csv']) rmSync(path.join(folder, name), { force: true })
  const table = path.join(folder, 'table.db')
  if (startFrom === undefined) removeTable(table)
  else copyTable(startFrom, table)
}

function note(result: Result, outcome: Outcome): void {
  if ('failed' in outcome) {
    result.failed = outcome.failed
    return
  }
  result.runs.push(outcome)
  if (outcome.check !== result.candidate.expected) result.differs = true
}

function describe(outcome: Outcome, { candidate, differs }: Result): string {
  if ('failed' in outcome) return `failed: ${outcome.failed}`
  const text = `${Math.round(outcome.ms)} ms, ${Math.round(outcome.peakMb)} MB`
  return differs ? `${text}, other values: ${outcome.check} instead of ${candidate.expected}` : text
}
