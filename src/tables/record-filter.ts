import type { Database } from 'better-sqlite3'
import { findBoolean } from '../columns/booleans.ts'
import type { Column, ColumnType, TemplateShape } from '../columns/column.ts'
import { joinTerms, type SqlValue, sqlName } from './sql-columns.ts'

/** Which records: `q` is looked for in every column, `columns` maps a column id to a wanted text (see `columnCondition`). */
export type RecordFilter = { q: string; columns: Record<string, string>; importId?: string | undefined }

/** A condition as SQL over `records r`, with what has to be bound. */
export type Condition = { sql: string; params: SqlValue[] }

const EVERYTHING: Condition = { sql: '1', params: [] }
const NOTHING: Condition = { sql: '0', params: [] }

/** How a wanted text is understood, by type. */
const WANTED: Record<ColumnType, (name: string, text: string) => Condition> = {
  text: contains,
  email: contains,
  url: contains,
  choice: (name, text) => equals(name, text),
  number: equalsNumber,
  integer: equalsNumber,
  boolean: equalsBoolean,
  date: startsWith,
  datetime: startsWith,
}

/** How `q` is looked for, by type; a column whose values can't hold it is left out. */
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
  prepared.add(db)
}

/** The condition of a whole filter. Ids of columns that the template does not have are ignored. */
export function filterCondition(filter: RecordFilter, shape: TemplateShape): Condition {
  const q = filter.q.trim()
  const columns = shape.columns.filter(({ id }) => (filter.columns[id] ?? '').trim() !== '')
  return every([
    q === '' ? EVERYTHING : some(shape.columns.map(({ id, type }) => SEARCHED[type](`r.${sqlName(id)}`, q))),
    ...columns.map((column) => columnCondition(column, (filter.columns[column.id] ?? '').trim())),
    filter.importId === undefined
      ? EVERYTHING
      : { sql: 'r.source = (SELECT entry FROM ledger WHERE job_id = ?)', params: [filter.importId] },
  ])
}

/**
 * What a person may write to filter by a column:
 *
 * - `=` alone: the column is empty; `!=` alone: it is not
 * - `=blue`: exactly this, letter for letter; `!=blue`: anything else, also empty
 * - `>5`, `>=5`, `<5`, `<=5` on numbers; the same with `2024-01-31` on dates
 * - anything else: contained in a text, equal to a number, yes/no or choice, the beginning of a date ("2024-02")
 *
 * A text that can't be a value of the column, such as "abc" on a number, finds nothing.
 */
function columnCondition({ id, type }: Column, text: string): Condition {
  const name = `r.${sqlName(id)}`
  if (text === '=') return { sql: `${name} IS NULL`, params: [] }
  if (text === '!=') return { sql: `${name} IS NOT NULL`, params: [] }
  const [, sign = '', rest = ''] = /^(!=|>=|<=|=|>|<)?\s*([\s\S]*)$/.exec(text) ?? []
  if (sign === '=') return exactly(name, type, rest)
  if (sign === '!=') return not(exactly(name, type, rest))
  if (sign !== '' && isOrdered(type)) return compared(name, { type, sign, text: rest })
  return WANTED[type](name, text)
}

function isOrdered(type: ColumnType): boolean {
  return type === 'number' || type === 'integer' || type === 'date' || type === 'datetime'
}

function exactly(name: string, type: ColumnType, text: string): Condition {
  if (type === 'number' || type === 'integer') return equalsNumber(name, text)
  if (type === 'boolean') return equalsBoolean(name, text)
  return { sql: `${name} = ?`, params: [text] }
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
  const like = `${name} LIKE ? ESCAPE '\\'`
  if (isAscii(text)) return { sql: like, params: [likePattern(text)] }
  return { sql: `(${like} AND lower_text(${name}) = ?)`, params: [likePattern(text), text.toLowerCase()] }
}

function equalsNumber(name: string, text: string): Condition {
  const value = toNumber(text)
  return value === undefined ? NOTHING : { sql: `${name} = ?`, params: [value] }
}

function equalsBoolean(name: string, text: string): Condition {
  const value = findBoolean(text)
  return value === undefined ? NOTHING : { sql: `${name} = ?`, params: [Number(value)] }
}

function startsWith(name: string, text: string): Condition {
  return { sql: `${name} LIKE ? ESCAPE '\\'`, params: [`${likePattern(text)}%`] }
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

function every(conditions: Condition[]): Condition {
  return joined(
    conditions.filter((each) => each !== EVERYTHING),
    'AND',
    EVERYTHING,
  )
}

function some(conditions: Condition[]): Condition {
  return joined(
    conditions.filter((each) => each !== NOTHING),
    'OR',
    NOTHING,
  )
}

function joined(conditions: Condition[], operator: 'AND' | 'OR', none: Condition): Condition {
  if (conditions.length === 0) return none
  return {
    sql: joinTerms(
      conditions.map(({ sql }) => sql),
      operator,
    ),
    params: conditions.flatMap(({ params }) => params),
  }
}

function not({ sql, params }: Condition): Condition {
  return { sql: `(${sql}) IS NOT TRUE`, params }
}
