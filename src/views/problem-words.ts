import type { ProblemCode } from '../columns/problem.ts'

const WORDS: Record<ProblemCode, string> = {
  required: 'is empty',
  not_text: 'is not a text',
  not_number: 'is not a number',
  not_integer: 'is not a whole number',
  not_boolean: 'is neither yes nor no',
  not_date: 'is not a date',
  ambiguous_date: 'can be read as two dates',
  not_datetime: 'is not a date with a time',
  not_email: 'is not an e-mail address',
  not_url: 'is not a web address',
  not_in_list: 'is not one of the choices',
  too_small: 'is too small',
  too_large: 'is too large',
  too_short: 'is too short',
  too_long: 'is too long',
  pattern: 'does not fit the pattern',
  cell_error: 'holds an error of a formula',
  not_unique: 'is there more than once',
  duplicate_key: 'has the same key as another row',
  duplicate_record: 'names the same record as another row',
  key_exists: 'is in the table already',
}

/** What is wrong, to be read after the column's name. */
export function problemWords(code: ProblemCode): string {
  return WORDS[code]
}
