import type { ImportDetails } from '../tables/import-details.ts'
import type { Progress } from '../tables/progress.ts'
import type { ToldError } from '../told-error.ts'
import type { ExportOutcome, ExportTask, ImportOutcome, ImportTask, UndoOutcome, UndoTask } from './messages.ts'
import type { Questions } from './questions.ts'

/** Everything that runs outside the main process: the three kinds of job, and the questions of the pages. */
export type Work = {
  import: { ask: Omit<ImportTask, 'kind'>; answer: ImportOutcome }
  undo: { ask: Omit<UndoTask, 'kind'>; answer: UndoOutcome }
  export: { ask: Omit<ExportTask, 'kind'>; answer: ExportOutcome }
} & Questions

export type Kind = keyof Work
export type Task<K extends Kind = Kind> = { [Each in K]: { kind: Each } & Work[Each]['ask'] }[K]
export type Answer<K extends Kind> = Work[K]['answer']

/** `stop` is a file: once it is there, the work stops at its next safe point and fails with the code `STOPPED`. */
export type ToProcess = { type: 'run'; run: number; task: Task; stop: string | null }

export const STOPPED = 'STOPPED'

export type FromProcess =
  | { type: 'ready' }
  /** A sign of life, with the resident size for systems that don't show it from outside. */
  | { type: 'alive'; rss: number }
  | { type: 'progress'; run: number; progress: Progress }
  | { type: 'details'; run: number; details: ImportDetails }
  | { type: 'done'; run: number; answer: unknown }
  | { type: 'failed'; run: number; error: ToldError }

/** How running work speaks while it runs. */
export type Reporter = {
  progress(progress: Progress): void
  details(details: ImportDetails): void
}
