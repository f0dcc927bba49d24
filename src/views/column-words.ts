import type { Column, ColumnType, DateOrder, Mode, Policy } from '../columns/column.ts'
import { patternExample } from '../columns/pattern-example.ts'

export const TYPE_WORDS: Record<ColumnType, string> = {
  text: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'yes or no',
  date: 'date',
  datetime: 'date and time',
  email: 'e-mail',
  url: 'web address',
  choice: 'choice',
}

export const DATE_ORDER_WORDS: Record<DateOrder, string> = {
  dmy: 'day/month/year',
  mdy: 'month/day/year',
  ymd: 'year/month/day',
}

export const MODE_WORDS: Record<Mode, string> = {
  update: 'Update and add',
  add: 'Add all as new',
  replace: 'Replace the table',
}

export const POLICY_WORDS: Record<Policy, string> = {
  review: 'Stop and ask me',
  skip: 'Import the good rows',
  reject: 'Change nothing',
}

/** What an import in this mode does to the records that are there. */
export function modeSentence(mode: Mode, columns: Column[]): string {
  const keys = columns.filter((column) => column.key).map((column) => column.name)
  const by = keys.length === 0 ? 'the record id of an export' : keys.join(' and ')
  if (mode === 'add') return 'Every row of the file becomes a new record. Records that are there stay as they are.'
  const matched = `Rows are matched by ${by}: known ones are updated, new ones are added`
  if (mode === 'update') return `${matched}, nothing is deleted.`
  return `The file becomes the table. ${matched}, and records that the file lacks are deleted, after you have seen how many.`
}

const EXAMPLES: Record<ColumnType, string> = {
  text: 'any text',
  number: '1,250.50',
  integer: '42',
  boolean: 'yes',
  date: '2024-02-28',
  datetime: '2024-02-28 14:30',
  email: 'ana@example.org',
  url: 'https://example.org',
  choice: '',
}
const EXAMPLE_DATES: Record<DateOrder, string> = { dmy: '28/02/2024', mdy: '02/28/2024', ymd: '2024/02/28' }

/** A value that fits the column, for people who prepare a file. */
export function exampleOf(column: Column): string {
  if (column.type === 'choice') return column.choices.slice(0, 3).join(', ')
  if (column.type === 'number' && column.decimal === 'comma') return '1.250,50'
  if (column.type === 'date' && column.dateOrder) return EXAMPLE_DATES[column.dateOrder]
  if (column.type === 'text' && column.pattern) return patternExample(column.pattern, 0) ?? `like ${column.pattern}`
  if (column.type === 'number' || column.type === 'integer')
    return typeof column.min === 'number' && column.min > 42 ? String(column.min) : EXAMPLES[column.type]
  return EXAMPLES[column.type]
}
