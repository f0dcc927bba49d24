import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Finding } from './findings.ts'
import type { Options } from './options.ts'
import { findingTable, heading, wholeReport } from './report.ts'

const RESULTS = fileURLToPath(new URL('./results.md', import.meta.url))

/** One run of the benchmarks: what it has found so far, printed and saved as it comes, and how much time is left. */
export class Session {
  readonly findings: Finding[] = []
  /** What was left out, and why. */
  readonly notes: string[] = []
  readonly #options: Options
  readonly #end: number

  constructor(options: Options) {
    this.#options = options
    this.#end = performance.now() + options.minutes * 60_000
  }

  found(finding: Finding): void {
    this.findings.push(finding)
    console.log(findingTable(finding))
    this.#save()
  }

  /** Runs a part of the whole, unless the time is up. One that fails is named, and the others go on. */
  async attempt(name: string, work: () => Promise<void>): Promise<void> {
    if (performance.now() > this.#end) return this.#leaveOut(`${name}: the ${this.#options.minutes} minutes were over`)
    try {
      await work()
    } catch (error) {
      this.#leaveOut(`${name}: ${error instanceof Error ? error.message : error}`)
    }
  }

  #leaveOut(note: string): void {
    this.notes.push(note)
    console.error(`left out: ${note}`)
    this.#save()
  }

  #save(): void {
    const { findings, notes } = this
    if (this.#options.save) writeFileSync(RESULTS, wholeReport(findings, { head: heading(this.#options), notes }))
  }
}
