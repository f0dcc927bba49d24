import os from 'node:os'
import type { Measured } from './measure.ts'
import type { Result } from './rounds.ts'
import type { Comparison } from './suites.ts'

const HEAD = ['| | s | min–max | × | CPU s | × | peak MB | values |', '|---|--:|--:|--:|--:|--:|--:|---|']

/** One comparison as a Markdown table; × is how many times as much as the first candidate one takes. */
export function comparisonTable({ title, rows, columns }: Comparison, results: Result[]): string {
  const first = results[0]
  const base = first?.runs ?? []
  const lines = results.map((result) => `| ${cells(result, base).join(' | ')} |`)
  const size = `${rows.toLocaleString('en')} rows × ${columns} columns`
  return [`### ${title}: ${size}`, '', ...HEAD, ...lines, ''].join('\n')
}

function cells({ candidate, runs, failed, differs }: Result, base: Measured[]): string[] {
  const name = candidate.ours ? `**${candidate.name}**` : candidate.name
  if (runs.length === 0) return [name, '', '', '', '', '', '', `failed: ${failed?.replaceAll('|', '/') ?? ''}`]
  const times = runs.map((run) => run.ms)
  return [
    name,
    seconds(median(runs, 'ms')),
    runs.length === 1 ? '' : `${seconds(Math.min(...times))}–${seconds(Math.max(...times))}`,
    ratio(runs, base, 'ms'),
    seconds(median(runs, 'cpuMs')),
    ratio(runs, base, 'cpuMs'),
    Math.max(...runs.map(({ peakMb }) => peakMb)).toFixed(0),
    verdict(failed, differs),
  ]
}

function verdict(failed: string | null, differs: boolean): string {
  if (failed !== null) return `failed at least once: ${failed.replaceAll('|', '/')}`
  return differs ? 'lost or changed' : 'all'
}

function ratio(runs: Measured[], base: Measured[], of: 'ms' | 'cpuMs'): string {
  return base.length === 0 ? '' : (median(runs, of) / median(base, of)).toFixed(1)
}

function median(runs: Measured[], of: 'ms' | 'cpuMs'): number {
  const sorted = runs.map((run) => run[of]).sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2)
}

/** Where and when: what a reader of the figures has to know, and nothing that identifies the machine. */
export function heading({ rounds }: { rounds: number }): string {
  const memory = `${Math.round(os.totalmem() / 1024 ** 3)} GiB of memory`
  const machine = `${os.availableParallelism()} cores, ${memory}, ${os.type()} ${os.arch()}, Node ${process.versions.node}`
  const date = new Date().toISOString().slice(0, 10)
  const times = rounds === 1 ? 'once' : `${rounds} times`
  return `${date}. ${machine}. Every candidate ran ${times}; medians. README.md says how to read the tables.\n`
}
