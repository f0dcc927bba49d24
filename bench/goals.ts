import { type Finding, findComparison, medianMs, quantile } from './findings.ts'
import { NAMES, TITLES } from './suites.ts'

/** What Sheetport wants to reach, and what these findings say of it; `holds` is null for what was not measured. */
export type Goal = { goal: string; figure: string; holds: boolean | null }

const SIZES = [100_000, 1_000_000]
const MILLION = 1_000_000
const MOST_MEMORY_MB = 400
/** "Not growing" within what two runs of the same differ by. */
const SAME_MEMORY = 1.1

export function judgeGoals(findings: Finding[]): Goal[] {
  return [
    ...SIZES.flatMap((size) => comparisonGoals(findings, size)),
    ...tableGoals(findings),
    ...memoryGoals(findings),
    ...liveGoals(findings),
  ]
}

type Times = { ours: number; named: (name: string) => number | undefined; fastestPeer: number | undefined }

function comparisonGoals(findings: Finding[], size: number): Goal[] {
  const times = (title: string) => timesOf(findings, title, size)
  const rows = `${size.toLocaleString('en')} rows`
  const reading = ([TITLES.readShared, TITLES.readInline] as const).flatMap((title) => [
    atLeast(`${title}, ${rows}: 3 × as fast as the fastest library`, 3, times(title), (t) => t.fastestPeer),
    atLeast(`${title}, ${rows}: 5 × as fast as exceljs`, 5, times(title), (t) => t.named(NAMES.exceljs)),
  ])
  const again = times(TITLES.againCsv)
  return [
    ...reading,
    atLeast(
      `${TITLES.importXlsx}, ${rows}: 4 × as fast as exceljs with better-sqlite3`,
      4,
      times(TITLES.importXlsx),
      (t) => t.named(`${NAMES.exceljs} + better-sqlite3`),
    ),
    atLeast(
      `${TITLES.importCsv}, ${rows}: no slower than the fastest script`,
      1,
      times(TITLES.importCsv),
      (t) => t.fastestPeer,
    ),
    atMost(`${TITLES.againCsv}, ${rows}: unchanged ≤ 0.8 × the first import`, 0.8, again, NAMES.unchanged),
    atMost(`First import, ${rows}: keys in random order ≤ 1.3 × in order`, 1.3, again, NAMES.shuffled),
    atLeast(`${TITLES.writeXlsx}, ${rows}: 3 × as fast as exceljs (the writer alone)`, 3, writer(times), exceljs),
    atLeast(
      `${TITLES.writeXlsx}, ${rows}: 3 × as fast as exceljs (the whole export)`,
      3,
      times(TITLES.writeXlsx),
      exceljs,
    ),
  ]
}

function exceljs({ named }: Times): number | undefined {
  return named(NAMES.exceljs)
}

function writer(times: (title: string) => Times | undefined): Times | undefined {
  const all = times(TITLES.writeXlsx)
  const alone = all?.named(NAMES.writerAlone)
  return all === undefined || alone === undefined ? undefined : { ...all, ours: alone }
}

/** The median times of a comparison; `ours` is that of its first line. */
function timesOf(findings: Finding[], title: string, size: number): Times | undefined {
  const results = findComparison(findings, title, { size })?.results.filter(({ runs }) => runs.length > 0)
  const first = results?.[0]
  if (results === undefined || !first?.candidate.ours) return undefined
  const named = (name: string) => {
    const found = results.find(({ candidate }) => candidate.name === name)
    return found === undefined ? undefined : medianMs(found.runs)
  }
  const peers = results
    .filter(({ candidate, differs }) => !candidate.ours && !differs)
    .map(({ runs }) => medianMs(runs))
  return { ours: medianMs(first.runs), named, fastestPeer: peers.length === 0 ? undefined : Math.min(...peers) }
}

function atLeast(
  goal: string,
  least: number,
  times: Times | undefined,
  peer: (times: Times) => number | undefined,
): Goal {
  const other = times === undefined ? undefined : peer(times)
  if (times === undefined || other === undefined) return notMeasured(goal)
  const ratio = other / times.ours
  return { goal, figure: `${ratio.toFixed(2)} ×`, holds: ratio >= least }
}

function atMost(goal: string, most: number, times: Times | undefined, name: string): Goal {
  const own = times?.named(name)
  if (times === undefined || own === undefined) return notMeasured(goal)
  const ratio = own / times.ours
  return { goal, figure: `${ratio.toFixed(2)} ×`, holds: ratio <= most }
}

const LONGEST_QUERY_MS = 100

function tableGoals(findings: Finding[]): Goal[] {
  const goal = 'Pages of a table of 1,000,000 records, where an index serves: under 100 ms'
  const found = findings.find(({ kind, size }) => kind === 'table' && size === MILLION)
  if (found?.kind !== 'table') return [notMeasured(goal)]
  const served = found.queries.filter((query) => query.served)
  const slowest = Math.max(...served.map(({ times }) => quantile(times, 0.95)))
  const figure = `${slowest.toFixed(0)} ms (the slowest of ${served.length} kinds, p95)`
  return [{ goal, figure, holds: slowest < LONGEST_QUERY_MS }]
}

function served(findings: Finding[], size: number) {
  return findings.flatMap((each) => (each.kind === 'server' && each.size === size ? [each.served] : []))
}

function memoryGoals(findings: Finding[]): Goal[] {
  const million = served(findings, MILLION)
  const [csv, threeMillion] = [million.find(({ format }) => format === 'CSV'), served(findings, 3 * MILLION)[0]]
  const under = million.map(({ format, peakMb }) =>
    bounded(`Importing 1,000,000 rows of ${format}, all processes together: under ${MOST_MEMORY_MB} MB`, peakMb, {
      most: MOST_MEMORY_MB,
      unit: 'MB',
    }),
  )
  const growth = 'Importing 3,000,000 rows of CSV: no more memory than 1,000,000 (within a tenth)'
  const time = 'Importing 3,000,000 rows of CSV: at most 3.3 × the time of 1,000,000'
  if (csv === undefined || threeMillion === undefined) return [...under, notMeasured(growth), notMeasured(time)]
  const grown = csv.peakMb === undefined ? undefined : (threeMillion.peakMb ?? 0) / csv.peakMb
  return [
    ...under,
    bounded(growth, grown, { most: SAME_MEMORY, unit: '×' }),
    bounded(time, threeMillion.ms / csv.ms, { most: 3.3, unit: '×' }),
  ]
}

const MOST_ABOVE_IDLE_MS = 50
const LATEST_PUSH_MS = 250

function liveGoals(findings: Finding[]): Goal[] {
  const found = served(findings, MILLION)
  if (found.length === 0) return [notMeasured('Pages and pushes while 1,000,000 rows are imported')]
  return found.flatMap(({ format, idlePages, pages, pushes }) => {
    const idle = quantile(idlePages, 0.99)
    const busy = quantile(pages, 0.99)
    const push = pushes.length === 0 ? undefined : quantile(pushes, 0.95)
    const during = `While 1,000,000 rows of ${format} are imported`
    return [
      {
        goal: `${during}: pages (p99) at most ${MOST_ABOVE_IDLE_MS} ms above idle`,
        figure: `${(busy - idle).toFixed(0)} ms (idle ${idle.toFixed(0)}, then ${busy.toFixed(0)})`,
        holds: busy - idle <= MOST_ABOVE_IDLE_MS,
      },
      bounded(`${during}: pushes (p95) at most ${LATEST_PUSH_MS} ms after the state changed`, push, {
        most: LATEST_PUSH_MS,
        unit: 'ms',
      }),
    ]
  })
}

function bounded(goal: string, value: number | undefined, { most, unit }: { most: number; unit: string }): Goal {
  if (value === undefined) return notMeasured(goal)
  return { goal, figure: `${unit === '×' ? value.toFixed(2) : value.toFixed(0)} ${unit}`, holds: value <= most }
}

function notMeasured(goal: string): Goal {
  return { goal, figure: '', holds: null }
}
