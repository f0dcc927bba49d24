import { existsSync } from 'node:fs'
import { isThreadSilent, SIGN_OF_LIFE_MS } from '../thread-signs.ts'
import { toldError } from '../told-error.ts'
import { endWithParent } from './parent-watch.ts'
import { ProgressMessages } from './progress-messages.ts'
import {
  type Answer,
  type FromProcess,
  type Kind,
  type Reporter,
  STOPPED,
  type Task,
  type ToProcess,
} from './protocol.ts'

type Handlers = {
  [K in Kind]: (task: Task<K>, reporter: Reporter) => Answer<K> | Promise<Answer<K>>
}

// Each kind loads only what it needs, when it is first needed: a question about records need not wait for a reader.
const records = () => import('./tasks/records.ts')
const problems = () => import('./tasks/problems.ts')

const handlers: Handlers = {
  import: async (task, reporter) => (await import('./tasks/import.ts')).runImport(task, reporter),
  undo: async (task, reporter) => (await import('./tasks/undo.ts')).runUndo(task, reporter),
  export: async (task, reporter) => (await import('./tasks/export.ts')).runExport(task, reporter),
  'table.sync': async (task) => (await records()).syncTableFile(task),
  'table.plan': async (task) => (await records()).planTable(task),
  'table.index': async (task) => (await records()).indexTable(task),
  'records.list': async (task) => (await records()).listTableRecords(task),
  'records.find': async (task) => (await records()).findTableRecord(task),
  'records.insert': async (task) => (await records()).insertTableRecord(task),
  'records.update': async (task) => (await records()).updateTableRecord(task),
  'records.delete': async (task) => (await records()).deleteTableRecord(task),
  'records.history': async (task) => (await records()).listRecordChanges(task),
  'import.applied': async (task) => (await import('./tasks/undo.ts')).findApplied(task),
  'undo.plan': async (task) => (await import('./tasks/undo.ts')).planUndoOf(task),
  'undo.kept': async (task) => (await import('./tasks/undo.ts')).listKeptRecords(task),
  'changes.list': async (task) => (await import('./tasks/changes.ts')).listChanges(task),
  'changes.plan': async (task) => (await import('./tasks/changes.ts')).listPlan(task),
  'history.forget': async (task) => (await import('./tasks/forget.ts')).forgetTableHistory(task),
  'problems.groups': async (task) => (await problems()).groupProblems(task),
  'problems.list': async (task) => (await problems()).listStagedProblems(task),
  'problems.file': async (task) => (await problems()).writeRefusedRows(task),
  'columns.propose': async (task) => (await import('./tasks/propose.ts')).propose(task),
}

const PARENT = process.ppid

function send(message: FromProcess): void {
  // Work that never pauses, such as a large transaction, learns here that its parent is gone; see 'disconnect' below.
  if (process.ppid !== PARENT) process.exit(0)
  if (process.connected) process.send?.(message, undefined, undefined, endUnheard)
}

/** The channel breaks a moment before 'disconnect' says so, and an error that nobody takes would be printed as a crash. */
function endUnheard(error: Error | null): void {
  if (error !== null) process.exit(0)
}

async function run<K extends Kind>(run: number, task: Task<K>, stop: string | null): Promise<void> {
  const messages = new ProgressMessages((progress) => send({ type: 'progress', run, progress }))
  const reporter: Reporter = {
    progress: (progress) => {
      // Whoever reports is at a safe point. A message would not be heard in the middle of a transaction; a file is seen.
      if (stop !== null && existsSync(stop)) throw new Stopped()
      messages.add(progress)
    },
    details: (details) => send({ type: 'details', run, details }),
  }
  try {
    const handler: Handlers[K] = handlers[task.kind]
    const answer = await handler(task, reporter)
    messages.flush()
    send({ type: 'done', run, answer })
  } catch (error) {
    messages.flush()
    send({ type: 'failed', run, error: toldError(await withTableSetAside(tableOf(task), error)) })
  }
}

class Stopped extends Error {
  readonly code = STOPPED
  constructor() {
    super('it was asked to stop')
  }
}

function tableOf(task: object): string | undefined {
  const { table, paths } = task as { table?: string; paths?: { table?: string } }
  return table ?? paths?.table
}

/** A table that turns out to be damaged is set aside at once, so that nobody writes into it. */
async function withTableSetAside(table: string | undefined, error: unknown): Promise<unknown> {
  const { isDamage, setAsideIfDamaged } = await import('../tables/set-aside.ts')
  return table !== undefined && isDamage(error) ? (setAsideIfDamaged(table) ?? error) : error
}

process.on('message', (message) => {
  const { run: id, task, stop } = message as ToProcess
  void run(id, task, stop)
})
// Without its parent nobody would hear the result, and a new server may already work on the same job.
process.on('disconnect', () => process.exit(0))
// A stop is the parent's to handle: it ends this process when it wants it ended.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
setInterval(() => {
  if (!isThreadSilent()) send({ type: 'alive', rss: process.memoryUsage.rss() })
}, SIGN_OF_LIFE_MS).unref()
endWithParent(PARENT)
send({ type: 'ready' })
