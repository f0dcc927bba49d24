import { RECORD_ID_HEADER } from '../src/spreadsheets/spreadsheet.ts'
import type { Measured, Task } from './measure.ts'
import { peakMemoryMb } from './peak-memory.ts'
import { Tally } from './tally.ts'

/**
 * One candidate, one file, one process: `node bench/candidate.ts '{"kind": …}'` does the task and prints one line of JSON.
 * Loading the modules is not part of the time, neither is looking at what came out.
 */

type Call = (input: object) => unknown

async function main(): Promise<void> {
  const task: Task = JSON.parse(process.argv[2] ?? '{}')
  const tally = new Tally()
  const work = await prepare(task, tally)
  const cpuBefore = process.cpuUsage()
  const started = performance.now()
  await work()
  const ms = performance.now() - started
  const { user, system } = process.cpuUsage(cpuBefore)
  const peakMb = peakMemoryMb()
  await lookAt(task, tally)
  const measured: Measured = { ms, cpuMs: (user + system) / 1000, peakMb, rows: tally.rows, check: tally.check }
  console.log(JSON.stringify(measured))
  // Some libraries leave handles open, and their ends are not waited for.
  process.exit(0)
}

async function prepare(task: Task, tally: Tally): Promise<() => unknown> {
  const call = await load(task.module, task.call)
  if (task.kind === 'read') return () => call({ file: task.file, onRow: (cells: unknown[]) => tally.add(cells) })
  if (task.kind === 'job') return () => call(task.input)
  if (task.kind === 'import') {
    const importItems = await load('./peers/import-items.mjs', 'importItems')
    return () => importItems({ read: call, file: task.file, table: task.table })
  }
  const { storedRows, withDates } = await import('./stored-items.ts')
  const { ITEM_HEADER } = await import('./item-template.ts')
  const stored = storedRows(task.table, 'ours')
  const rows = task.dates ? withDates(stored, 'ours') : stored
  return () => call({ header: ITEM_HEADER, rows, out: task.out })
}

async function load(module: string, name: string): Promise<Call> {
  const loaded: Record<string, Call | undefined> = await import(new URL(module, import.meta.url).href)
  const call = loaded[name]
  if (call === undefined) throw new Error(`${module} has no ${name}`)
  return call
}

/** The file that was written, or the table that was changed, read back. */
async function lookAt(task: Task, tally: Tally): Promise<void> {
  if (task.result === undefined) return
  if ('file' in task.result) {
    const { readSheet } = await import('./read-and-write.ts')
    await readSheet({ file: task.result.file, onRow: withoutHeader(tally) })
    return
  }
  const { storedRows, withDates } = await import('./stored-items.ts')
  const { table, stored } = task.result
  for (const row of withDates(storedRows(table, stored), stored)) tally.add(row)
}

/** Our exports have the record's id in front of every row. */
function withoutHeader(tally: Tally): (cells: readonly unknown[]) => void {
  let from: number | undefined
  return (cells) => {
    if (from === undefined) from = cells[0] === RECORD_ID_HEADER ? 1 : 0
    else tally.add(from === 0 ? cells : cells.slice(1))
  }
}

await main()
