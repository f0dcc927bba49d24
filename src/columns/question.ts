/** What only a person can say about a file. A closed list, so that pages, API and answers agree. */
export const QUESTION_KINDS = ['date_order', 'decimal', 'totals'] as const
export type QuestionKind = (typeof QUESTION_KINDS)[number]

/** One way to read what is in doubt. */
export type QuestionOption = {
  /** What an answer says. */
  value: string
  label: string
  /** What becomes of each sample, in their order. */
  readings: string[]
}

/** A question about a file that was read as far as it can be without an answer. */
export type Question = {
  /** "date_order.c1234567" or "totals", by which an answer names it. */
  id: string
  kind: QuestionKind
  /** The template's column that it is about, and its name; null when it is about rows. */
  columnId: string | null
  column: string | null
  /** A whole sentence that says what is in doubt. */
  sentence: string
  /** Up to three cells as they are in the file. */
  samples: { cell: string; value: string }[]
  options: QuestionOption[]
  /** The value of the option that the file speaks for, if it speaks for one. */
  suggested: string | null
}
