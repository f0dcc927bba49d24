/** How a column of a file found its column of the template. */
export const MATCHED_BY = ['mark', 'mapping', 'name', 'alias'] as const
export type MatchedBy = (typeof MATCHED_BY)[number]

export type MatchedHeader = {
  index: number
  header: string
  columnId: string | null
  by: MatchedBy | null
  /** For an unmatched header: the name of the column that it nearly is. */
  suggestion: string | null
}

/** A header with the first few values below it, by which a person knows the column; imports of earlier versions have none. */
export type SampledHeader = MatchedHeader & { samples?: string[] }

/** A column of the template that the file does not have; `suggestion` is the file's header that is nearly it. */
export type MissingColumn = { columnId: string; name: string; required: boolean; suggestion: string | null }
