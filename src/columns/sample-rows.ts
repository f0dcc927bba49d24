import type { Column, Value } from './column.ts'
import { patternExample } from './pattern-example.ts'

const ROWS = 3

/** Rows that show what a clean one looks like: a typed value for every column, inside its limits where it has some. */
export function sampleRows(columns: Column[]): Value[][] {
  return Array.from({ length: ROWS }, (_, index) => columns.map((column) => sampleValue(column, index)))
}

function sampleValue(column: Column, index: number): Value {
  switch (column.type) {
    case 'text':
      return sampleText(column, index)
    case 'number':
      return withinBounds(column, 10.5 * (index + 1))
    case 'integer':
      return withinBounds(column, 10 * (index + 1))
    case 'boolean':
      return index % 2 === 0
    case 'date':
      return withinDates(column, `2025-0${index + 1}-15`)
    case 'datetime':
      return withinDates(column, `2025-0${index + 1}-15T09:30:00`)
    case 'email':
      return `name${index + 1}@example.org`
    case 'url':
      return `https://example.org/${index + 1}`
    case 'choice':
      return column.choices[index % Math.max(1, column.choices.length)] ?? null
  }
}

/** A pattern that is not simple is left to the person: a text that fits any expression can't be made up. */
function sampleText({ name, min, max, pattern }: Column, index: number): Value {
  if (pattern !== null && pattern !== '') {
    const example = patternExample(pattern, index)
    const length = example === null ? 0 : Array.from(example).length
    return length < Number(min ?? 0) || length > Number(max ?? Number.POSITIVE_INFINITY) ? null : example
  }
  const text = `Sample ${name} ${index + 1}`
  return typeof max === 'number' ? text.slice(-max) : text
}

function withinBounds({ type, min, max }: Column, wish: number): number {
  const low = typeof min === 'number' ? Math.max(min, wish) : wish
  const value = typeof max === 'number' ? Math.min(max, low) : low
  return type === 'integer' ? Math.round(value) : value
}

function withinDates({ min, max }: Column, wish: string): string {
  const low = typeof min === 'string' && min > wish ? min : wish
  return typeof max === 'string' && max < low ? max : low
}
