import type { Mode } from '../columns/column.ts'
import type { Question } from '../columns/question.ts'
import type { JobError, JobRow } from '../db/schema.ts'
import type { JobKind, JobStatus, Phase } from '../states.ts'
import type { Counts } from '../tables/progress.ts'
import { jobSentence } from './job-sentence.ts'
import { openQuestions } from './open-questions.ts'

type QuestionObject = Omit<Question, 'columnId'> & { column_id: string | null }

/** A job as the API says it; `status.json` and the job's page show the same. */
export type JobObject = {
  id: string
  kind: JobKind
  status: JobStatus
  phase: Phase | null
  template_id: string
  created_by: string | null
  file: { name: string; size: number | null; sha256: string | null } | null
  mode: Mode | null
  on_problems: string | null
  progress: {
    rows_done: number
    rows_total: number | null
    percent: number | null
    groups_done: number
    groups_total: number | null
    message: string
    elapsed_ms: number
    eta_ms: number | null
  }
  counts: Counts
  /** Rows of the file that were not read: totals, a second table, the header once more. */
  left_out: number
  /** Sentences about what was ignored, decided or found odd in the file. */
  warnings: string[]
  /** What an import in review asks about its file; see `answers`. */
  questions: QuestionObject[]
  /** A sentence that the numbers don't say; null when there is none. */
  note: string | null
  error: JobError | null
  attempts: number
  background_job_id: string | null
  created_at: string
  started_at: string | null
  finished_at: string | null
  heartbeat_at: string | null
  expires_at: string | null
}

export function toJobObject(job: JobRow): JobObject {
  return {
    id: job.id,
    kind: job.kind,
    status: job.status,
    phase: job.phase,
    template_id: job.templateId,
    created_by: job.createdBy,
    file: job.fileName === null ? null : { name: job.fileName, size: job.fileSize, sha256: job.fileSha256 },
    mode: job.input.kind === 'import' ? job.input.mode : null,
    on_problems: job.input.kind === 'import' ? job.input.onProblems : null,
    progress: {
      rows_done: job.rowsDone,
      rows_total: job.rowsTotal,
      percent: job.percent,
      groups_done: job.groupsDone,
      groups_total: job.groupsTotal,
      message: jobSentence(job),
      elapsed_ms: job.elapsedMs,
      eta_ms: job.etaMs,
    },
    counts: {
      read: job.read,
      created: job.created,
      updated: job.updated,
      unchanged: job.unchanged,
      deleted: job.deleted,
      skipped: job.skipped,
      problems: job.problems,
    },
    left_out: job.details?.leftOut ?? 0,
    warnings: job.details?.warnings ?? [],
    questions: openQuestions(job).map(({ columnId, ...question }) => ({ ...question, column_id: columnId })),
    note: job.note,
    error: job.error,
    attempts: job.attempts,
    background_job_id: job.backgroundJobId,
    created_at: job.createdAt,
    started_at: job.startedAt,
    finished_at: job.finishedAt,
    heartbeat_at: job.heartbeatAt,
    expires_at: job.expiresAt,
  }
}
