import type { Column } from './column.ts'
import { sampleRows } from './sample-rows.ts'

const MOST_CHOICES = 10

/** What a value of the column is, as a sentence for the person who fills it in: "A whole number from 1 to 10." */
export function wantedValue(column: Column): string {
  switch (column.type) {
    case 'text':
      return `Text${lengths(column)}${column.pattern === null ? '' : `, of the form ${column.pattern}`}.`
    case 'number':
      return `A number${bounds(column)}.`
    case 'integer':
      return `A whole number${bounds(column)}.`
    case 'boolean':
      return 'Yes or no: TRUE or FALSE.'
    case 'date':
      return `A date${bounds(column)}, such as 2025-01-15.`
    case 'datetime':
      return `A date and time${bounds(column)}, such as 2025-01-15 09:30.`
    case 'email':
      return 'An e-mail address.'
    case 'url':
      return 'A web address.'
    case 'choice':
      return `One of: ${listed(column.choices)}.`
  }
}

/** All that a person should know of the column before filling it in, one thing a line. */
export function columnNote(column: Column): string {
  const example = exampleOf(column)
  return [
    wantedValue(column),
    column.required || column.key ? 'Must be filled.' : 'May be empty.',
    column.key ? 'By this a row finds its record.' : '',
    column.unique ? 'No value may come twice.' : '',
    example === null ? '' : `Example: ${example}`,
  ]
    .filter((line) => line !== '')
    .join('\n')
}

function exampleOf(column: Column): string | null {
  const value = sampleRows([column])[0]?.[0] ?? null
  if (typeof value === 'boolean') return String(value).toUpperCase()
  if (value === null || value === '') return null
  return column.type === 'datetime' ? String(value).replace('T', ' ') : String(value)
}

function bounds({ min, max }: Column): string {
  if (min !== null && max !== null) return ` from ${min} to ${max}`
  if (min !== null) return `, ${min} or ${typeof min === 'number' ? 'more' : 'later'}`
  return max === null ? '' : `, ${max} or ${typeof max === 'number' ? 'less' : 'earlier'}`
}

function lengths({ min, max }: Column): string {
  if (min !== null && max !== null) return ` of ${min} to ${max} characters`
  if (min !== null) return ` of ${min} characters or more`
  return max === null ? '' : ` of ${max} characters at most`
}

function listed(choices: string[]): string {
  const more = choices.length - MOST_CHOICES
  return choices.slice(0, MOST_CHOICES).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
