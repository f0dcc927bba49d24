import type { Question } from '../columns/question.ts'
import type { JobRow } from '../db/schema.ts'

/** What an import in review asks; none when it asks nothing. */
export function openQuestions({ status, details }: Pick<JobRow, 'status' | 'details'>): Question[] {
  return status === 'review' ? (details?.questions ?? []) : []
}
