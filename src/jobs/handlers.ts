import type { TemplateShape } from '../columns/column.ts'
import type { JobRow } from '../db/schema.ts'
import type { ImportOutcome } from '../processes/messages.ts'
import type { ProcessPool } from '../processes/pool.ts'
import type { RunOptions } from '../processes/work-process.ts'
import type { Context } from '../services/context.ts'
import type { TableSize } from '../tables/ledger.ts'
import type { Counts } from '../tables/progress.ts'

/** What a handler needs: the job, its template's columns as they are now, and how it speaks and is stopped while it runs. */
export type JobRun = {
  context: Context
  pool: ProcessPool
  job: JobRow
  shape: TemplateShape
  /** The name of the person who asked for the job, for the history. */
  actor: string
  steering: RunOptions
}

/**
 * What came of a job. `size` is that of the table now, when the job may have changed it; `rows` and `bytes` are those of
 * a file that it wrote.
 */
export type JobEnd =
  | { status: 'completed'; counts: Counts; size?: TableSize; rows?: number; bytes?: number; note?: string | undefined }
  | (Extract<ImportOutcome, { status: 'review' }> & { note?: string | undefined })
  | Extract<ImportOutcome, { status: 'failed' }>

export type JobHandler = (run: JobRun) => Promise<JobEnd>
