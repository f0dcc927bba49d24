import os from 'node:os'
import { type Finding, median, medianMs, quantile } from './findings.ts'
import { type Goal, judgeGoals } from './goals.ts'
import type { Measured } from './measure.ts'
import type { Result } from './rounds.ts'
import type { Comparison } from './suites.ts'
import type { QueryTimes } from './table-queries.ts'

const COMPARISON_HEAD = ['| | s | min–max | × | CPU s | × | peak MB | values |', '|---|--:|--:|--:|--:|--:|--:|---|']
const TABLE_HEAD = [
  '| a page of records | by index | median ms | p95 ms | before its index was made | making it |',
  '|---|---|--:|--:|--:|--:|',
]
const SERVER_HEAD = [
  '| file | s | rows/s | peak MB, all processes | pages p50 ms, idle → busy | pages p99 ms, idle → busy | pushes p50 ms | pushes p95 ms |',
  '|---|--:|--:|--:|--:|--:|--:|--:|',
]
const GOALS_HEAD = ['| goal | measured | |', '|---|--:|---|']

/** A finding as a Markdown table. */
export function findingTable(finding: Finding): string {
  switch (finding.kind) {
    case 'comparison':
      return comparisonTable(finding.comparison, finding.results)
    case 'table':
      return titled(`Pages of a table of ${count(finding.queries[0]?.rows ?? 0)} records`, [
        ...TABLE_HEAD,
        ...finding.queries.map(tableLine),
      ])
    case 'server':
      return titled(`Importing ${count(finding.size)} rows of ${finding.served.format} through a running server`, [
        ...SERVER_HEAD,
        servedLine(finding),
      ])
  }
}

/** × is how many times as much as the first candidate one takes. */
function comparisonTable({ title, rows, columns }: Comparison, results: Result[]): string {
  const base = results[0]?.runs ?? []
  const lines = results.map((result) => line(cells(result, base)))
  return titled(`${title}: ${count(rows)} rows × ${columns} columns`, [...COMPARISON_HEAD, ...lines])
}

function cells({ candidate, runs, failed, leftOut, differs }: Result, base: Measured[]): string[] {
  const name = candidate.ours ? `**${candidate.name}**` : candidate.name
  if (runs.length === 0) return [name, '', '', '', '', '', '', whyNot({ failed, leftOut })]
  const times = runs.map((run) => run.ms)
  return [
    name,
    seconds(medianMs(runs)),
    runs.length === 1 ? '' : `${seconds(Math.min(...times))}–${seconds(Math.max(...times))}`,
    ratio(runs, base, 'ms'),
    seconds(median(runs.map(({ cpuMs }) => cpuMs))),
    ratio(runs, base, 'cpuMs'),
    Math.max(...runs.map(({ peakMb }) => peakMb)).toFixed(0),
    verdict(failed, differs),
  ]
}

function whyNot({ failed, leftOut }: Pick<Result, 'failed' | 'leftOut'>): string {
  return leftOut === null ? `failed: ${failed ?? ''}` : `left out: ${leftOut}`
}

function verdict(failed: string | null, differs: boolean): string {
  if (failed !== null) return `failed at least once: ${failed}`
  return differs ? 'lost or changed' : 'all'
}

function ratio(runs: Measured[], base: Measured[], of: 'ms' | 'cpuMs'): string {
  const middle = (all: Measured[]) => median(all.map((run) => run[of]))
  return base.length === 0 ? '' : (middle(runs) / middle(base)).toFixed(1)
}

function tableLine({ name, served, times, index }: QueryTimes): string {
  const made = index === null ? ['', ''] : [index.before.toFixed(1), index.ms.toFixed(0)]
  return line([name, served ? 'yes' : 'no', median(times).toFixed(1), quantile(times, 0.95).toFixed(1), ...made])
}

function servedLine({ served, size }: Extract<Finding, { kind: 'server' }>): string {
  const { format, ms, peakMb, idlePages, pages, pushes } = served
  const share = (values: number[], at: number) => (values.length === 0 ? '' : quantile(values, at).toFixed(0))
  const both = (at: number) => `${share(idlePages, at)} → ${share(pages, at)}`
  return line([
    ...[`**${format}**`, seconds(ms), count(Math.round((size / ms) * 1000)), peakMb?.toFixed(0) ?? 'not known'],
    ...[both(0.5), both(0.99), share(pushes, 0.5), share(pushes, 0.95)],
  ])
}

/** What is wanted, what came out, and whether it holds. */
export function goalsTable(goals: Goal[]): string {
  const lines = goals.map(({ goal, figure, holds }) => line([goal, figure, judgement(holds)]))
  return [...GOALS_HEAD, ...lines, ''].join('\n')
}

function judgement(holds: boolean | null): string {
  if (holds === null) return 'not measured'
  return holds ? 'holds' : '**not reached**'
}

/** Everything found so far, smallest size first, with the goals in front. */
export function wholeReport(findings: Finding[], { head, notes }: { head: string; notes: string[] }): string {
  const sizes = [...new Set(findings.map(({ size }) => size))].sort((a, b) => a - b)
  const sections = sizes.flatMap((size) => [
    `## ${count(size)} rows\n`,
    ...findings.filter((finding) => finding.size === size).map(findingTable),
  ])
  const left = notes.length === 0 ? [] : ['## Left out\n', ...notes.map((note) => `- ${note}`), '']
  return ['# Results\n', head, '## Goals\n', goalsTable(judgeGoals(findings)), ...sections, ...left].join('\n')
}

export function heading({ rounds }: { rounds: number }): string {
  const times = rounds === 1 ? 'once' : `up to ${rounds} times`
  return `${whereAndWhen()} Every candidate ran ${times}; medians. README.md says how to read the tables.\n`
}

/** What a reader of the figures has to know, and nothing that identifies the machine. */
export function whereAndWhen(): string {
  const processor = os.cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = `${Math.round(os.totalmem() / 1024 ** 3)} GiB of memory`
  const system = `${os.type()} ${os.arch()}, Node ${process.versions.node}`
  const machine = `${os.availableParallelism()} cores (${processor}), ${memory}, ${system}`
  const date = new Date().toISOString().slice(0, 10)
  return `${date}. ${machine}.`
}

function titled(title: string, lines: string[]): string {
  return [`### ${title}`, '', ...lines, ''].join('\n')
}

function line(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '/')).join(' | ')} |`
}

function count(number: number): string {
  return number.toLocaleString('en')
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2)
}
