import type { Mode, TemplateShape } from '../src/columns/column.ts'
import type { Reporter } from '../src/processes/protocol.ts'
import { runExport } from '../src/processes/tasks/export.ts'
import { runImport } from '../src/processes/tasks/import.ts'
import { runUndo } from '../src/processes/tasks/undo.ts'
import { AS_FOUND } from '../src/tables/reading.ts'
import { ITEMS } from './item-template.ts'
import { Database } from './sqlite.ts'

/** Sheetport's jobs, whole and as they run in a job process; only the messages to the main process go nowhere. */

const QUIET: Reporter = { progress: () => {}, details: () => {} }
const ACTOR = 'bench'

type Importing = { file: string; table: string; job: string; mode: Mode; shape?: TemplateShape }

export async function importFile({ file, table, job, mode, shape = ITEMS }: Importing): Promise<void> {
  const task = {
    ...({ kind: 'import', jobId: job, shape, mode, onProblems: 'skip', actor: ACTOR } as const),
    ...{ reading: AS_FOUND, dryRun: false, force: true, importedBefore: false, approved: null },
    file: { path: file, name: 'items', sha256: '' },
    paths: { staging: `${table}.staging`, table },
  }
  const outcome = await runImport(task, QUIET)
  if (outcome.status === 'review') throw new Error(`The import asks for a review: ${outcome.reason}`)
  if (outcome.status === 'failed') throw new Error(outcome.error.message)
  moveLog(table)
}

export function undoJob({ table, job }: { table: string; job: string }): void {
  const paths = { table }
  const outcome = runUndo({ kind: 'undo', jobId: 'undo', undoOf: job, shape: ITEMS, actor: ACTOR, paths }, QUIET)
  if (outcome.status === 'failed') throw new Error(outcome.error.message)
  moveLog(table)
}

/** A job process keeps its table open for a moment before this is due; it is work of the job all the same. */
function moveLog(table: string): void {
  const db = new Database(table)
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}

type Exporting = { table: string; out: string; format: 'xlsx' | 'csv' }

export async function exportTable({ table, out, format }: Exporting): Promise<void> {
  const paths = { table, out }
  const task = { kind: 'export', jobId: 'export', shape: ITEMS, format, content: 'data', filter: null, paths } as const
  const outcome = await runExport(task, QUIET)
  if (outcome.status === 'failed') throw new Error(outcome.error.message)
}
