import type { Database } from 'better-sqlite3'
import { findBoolean } from '../columns/booleans.ts'
import type { Column, ColumnType } from '../columns/column.ts'
import { type Condition, every, NOTHING, not } from './condition.ts'
import { sqlName, TEXT_TYPES } from './sql-columns.ts'

/** How a wanted text is understood, by type. */
const WANTED: Record<ColumnType, (name: string, text: string) => Condition> = {
  text: contains,
  email: contains,
  url: contains,
  choice: equals,
  number: equalsNumber,
  integer: equalsNumber,
  boolean: equalsBoolean,
  date: dateBegins,
  datetime: dateBegins,
}

/** How a text is looked for in every column; a column whose values can't hold it is left out. */
const SEARCHED: Record<ColumnType, (name: string, text: string) => Condition> = {
  ...WANTED,
  choice: contains,
  boolean: () => NOTHING,
}

const prepared = new WeakSet<Database>()

/** Gives a connection the functions that conditions use. */
export function prepareFilters(db: Database): void {
  if (prepared.has(db)) return
  const deterministic = { deterministic: true }
  db.function('lower_text', deterministic, (text: string | null) => text?.toLowerCase() ?? null)
  db.function('contains_text', deterministic, (text: string | null, lower: string) =>
    text?.toLowerCase().includes(lower) ? 1 : 0,
  )
  db.function('begins_text', deterministic, (text: string | null, lower: string) =>
    text?.toLowerCase().startsWith(lower) ? 1 : 0,
  )
  prepared.add(db)
}

export function searchCondition({ id, type }: Column, text: string): Condition {
  return SEARCHED[type](`r.${sqlName(id)}`, text)
}

/**
 * What a person may write to filter by a column:
 *
 * - `=` alone: the column is empty; `!=` alone: it is not
 * - `=blue`: exactly this, letter for letter; `!=blue`: anything else, also empty
 * - `>5`, `>=5`, `<5`, `<=5` on numbers; the same with `2024-01-31` on dates
 * - `blue*`: text that begins with it, in small or capital letters
 * - anything else: contained in a text, equal to a number, yes/no or choice, the beginning of a date ("2024-02")
 *
 * A text that can't be a value of the column, such as "abc" on a number, finds nothing.
 */
export function columnCondition({ id, type }: Column, text: string): Condition {
  const name = `r.${sqlName(id)}`
  if (text === '=') return { sql: `${name} IS NULL`, params: [] }
  if (text === '!=') return { sql: `${name} IS NOT NULL`, params: [] }
  const [, sign = '', rest = ''] = /^(!=|>=|<=|=|>|<)?\s*([\s\S]*)$/.exec(text) ?? []
  if (sign === '=') return exactly(name, type, rest)
  if (sign === '!=') return not(exactly(name, type, rest))
  if (sign !== '' && isOrdered(type)) return compared(name, { type, sign, text: rest })
  if (isBeginning(type, text)) return begins(name, text.slice(0, -1))
  return WANTED[type](name, text)
}

/** Whether the condition compares whole values, or their beginnings, so that an index over them finds the records. */
export function isCompared({ type }: Column, text: string): boolean {
  if (type === 'boolean' || text.startsWith('!=')) return false
  return !TEXT_TYPES.has(type) || type === 'choice' || text.startsWith('=') || isBeginning(type, text)
}

function isOrdered(type: ColumnType): boolean {
  return type === 'number' || type === 'integer' || type === 'date' || type === 'datetime'
}

function isBeginning(type: ColumnType, text: string): boolean {
  return TEXT_TYPES.has(type) && text.length > 1 && text.endsWith('*')
}

/** Compared without regard to case besides: that finds it by the index that lists are sorted by (sort-index.ts). */
function exactly(name: string, type: ColumnType, text: string): Condition {
  if (type === 'number' || type === 'integer') return equalsNumber(name, text)
  if (type === 'boolean') return equalsBoolean(name, text)
  if (!TEXT_TYPES.has(type)) return { sql: `${name} = ?`, params: [text] }
  return { sql: `(${name} = ? AND ${name} = ? COLLATE NOCASE)`, params: [text, text] }
}

function compared(name: string, { type, sign, text }: { type: ColumnType; sign: string; text: string }): Condition {
  const value = type === 'date' || type === 'datetime' ? text : toNumber(text)
  return value === undefined || value === '' ? NOTHING : { sql: `${name} ${sign} ?`, params: [value] }
}

/**
 * LIKE ignores the case of ASCII letters only. A text with others is first looked for with a placeholder for each of
 * them, which SQLite does fast, and what is found is compared in JavaScript, which knows every letter's case.
 */
function contains(name: string, text: string): Condition {
  const pattern = `%${likePattern(text)}%`
  const like = `${name} LIKE ? ESCAPE '\\'`
  if (isAscii(text)) return { sql: like, params: [pattern] }
  return { sql: `(${like} AND contains_text(${name}, ?))`, params: [pattern, text.toLowerCase()] }
}

function equals(name: string, text: string): Condition {
  if (isAscii(text)) return { sql: `${name} = ? COLLATE NOCASE`, params: [text] }
  const like = `${name} LIKE ? ESCAPE '\\'`
  return { sql: `(${like} AND lower_text(${name}) = ?)`, params: [likePattern(text), text.toLowerCase()] }
}

/** As far as the text is ASCII, it is a range of values, which an index finds. */
function begins(name: string, text: string): Condition {
  const [start = ''] = /^[\0-\x7f]*/.exec(text) ?? []
  const range = { sql: `(${name} >= ? COLLATE NOCASE AND ${name} < ? COLLATE NOCASE)`, params: rangeOf(start) }
  if (start === text) return range
  return every([range, { sql: `begins_text(${name}, ?)`, params: [text.toLowerCase()] }])
}

function dateBegins(name: string, text: string): Condition {
  return { sql: `(${name} >= ? AND ${name} < ?)`, params: rangeOf(text) }
}

/** Everything that begins with the text stands between these: no text goes on with a higher character. */
function rangeOf(text: string): [from: string, to: string] {
  return [text, `${text}\u{10ffff}`]
}

function equalsNumber(name: string, text: string): Condition {
  const value = toNumber(text)
  return value === undefined ? NOTHING : { sql: `${name} = ?`, params: [value] }
}

function equalsBoolean(name: string, text: string): Condition {
  const value = findBoolean(text)
  return value === undefined ? NOTHING : { sql: `${name} = ?`, params: [Number(value)] }
}

/** "1234.5" and "1234,5"; thousands separators are not for a search field. */
function toNumber(text: string): number | undefined {
  return /^[-+]?\d+(?:[.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : undefined
}

function likePattern(text: string): string {
  // A placeholder stands for one code point; some letters change their length with their case, so one stands for any text.
  return text.replace(/[\\%_]/g, '\\$&').replace(/\P{ASCII}+/gu, '%')
}

function isAscii(text: string): boolean {
  return !/\P{ASCII}/u.test(text)
}
