/** Why a cell or row is refused. A closed list, so that pages can group and the API can promise. */
export const PROBLEM_CODES = [
  'required',
  'not_text',
  'not_number',
  'not_integer',
  'not_boolean',
  'not_date',
  'ambiguous_date',
  'not_datetime',
  'not_email',
  'not_url',
  'not_in_list',
  'too_small',
  'too_large',
  'too_short',
  'too_long',
  'pattern',
  'cell_error',
  'not_unique',
  'duplicate_key',
  'duplicate_record',
  'key_exists',
] as const
export type ProblemCode = (typeof PROBLEM_CODES)[number]

/** One cell or row that fails a check. `row` and `cell` are as the spreadsheet shows them. */
export type Problem = {
  sheet: string
  row: number
  /** "F203", or null when the file has no such cell. */
  cell: string | null
  /** The template's column, or null when the row as a whole is meant. */
  columnId: string | null
  /** What the person sees in the cell. */
  value: string
  code: ProblemCode
  /** A whole sentence that names column, value and what was expected. */
  message: string
}
