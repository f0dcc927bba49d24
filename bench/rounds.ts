import { rmSync } from 'node:fs'
import path from 'node:path'
import { type Measured, measure, type Outcome } from './measure.ts'
import type { Candidate, Comparison } from './suites.ts'
import { copyTable, removeTable } from './table-copy.ts'

/**
 * All runs of a candidate; `failed` says why it was given up, `leftOut` why it was not even tried, `differs` that it lost
 * or changed values.
 */
export type Result = {
  candidate: Candidate
  runs: Measured[]
  failed: string | null
  leftOut: string | null
  differs: boolean
}

export type Running = {
  rounds: number
  folder: string
  /** A candidate that has run for so long, in all its rounds together, has said enough. */
  enoughMs: number
  /** What takes longer in one run is ended. */
  longestMs: number
  /** Why a candidate is not tried, when there is a reason. */
  reasonAgainst: (candidate: Candidate) => string | null
}

/**
 * Runs the candidates of a comparison interleaved, A B C A B C, so that whatever else the machine is doing meets all of
 * them alike. One that fails is not tried again.
 */
export async function runRounds({ title, candidates }: Comparison, running: Running): Promise<Result[]> {
  const results = candidates.map((candidate): Result => {
    const leftOut = running.reasonAgainst(candidate)
    return { candidate, runs: [], failed: null, leftOut, differs: false }
  })
  for (let round = 1; round <= running.rounds; round++) {
    for (const result of results) {
      if (!isWanted(result, running)) continue
      prepareFolder(running.folder, result.candidate)
      const outcome = await measure(result.candidate.task, running)
      note(result, outcome)
      console.error(`${title} [${round}/${running.rounds}] ${result.candidate.name}: ${describe(outcome, result)}`)
    }
  }
  return results
}

function isWanted({ failed, leftOut, runs }: Result, { enoughMs }: Running): boolean {
  return failed === null && leftOut === null && runs.reduce((sum, { ms }) => sum + ms, 0) < enoughMs
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
