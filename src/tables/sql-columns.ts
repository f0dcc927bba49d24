import type { Column, ColumnType, TemplateShape, Value } from '../columns/column.ts'

/** What SQLite binds and returns for a value. */
export type SqlValue = string | number | null

const STORAGE: Record<ColumnType, 'TEXT' | 'REAL' | 'INTEGER'> = {
  text: 'TEXT',
  email: 'TEXT',
  url: 'TEXT',
  choice: 'TEXT',
  date: 'TEXT',
  datetime: 'TEXT',
  number: 'REAL',
  integer: 'INTEGER',
  boolean: 'INTEGER',
}

/** The types whose values are free text: they convert into each other as they are. */
export const TEXT_TYPES: ReadonlySet<ColumnType> = new Set(['text', 'email', 'url', 'choice'])

/**
 * The SQL name of a column. Column ids are the only part of a template that ever becomes SQL text, and one that is not
 * exactly of their form is refused here. Quoted, because an id can spell a keyword ("conflict").
 */
export function sqlName(id: string): string {
  if (!/^c[a-z0-9]{7}$/.test(id)) throw new Error(`'${id}' is not a column id`)
  return `"${id}"`
}

export function storageOf(type: ColumnType): 'TEXT' | 'REAL' | 'INTEGER' {
  return STORAGE[type]
}

/** `"c…" TEXT`, as in CREATE TABLE. */
export function columnDefinition(column: Column): string {
  return `${sqlName(column.id)} ${storageOf(column.type)}`
}

/** Names for a list in SQL, each preceded by a comma so that an empty list is fine: `, r."c…", r."c…"`. */
export function commaNames(columns: readonly Column[], alias = ''): string {
  return columns.map((column) => `, ${alias}${sqlName(column.id)}`).join('')
}

/**
 * The sets of columns whose values no two records share: the key as a whole, and each column marked unique. Records with
 * an empty part are outside of it.
 */
export function uniqueSets(shape: TemplateShape): Column[][] {
  const key = shape.columns.filter((column) => column.key)
  const single = shape.columns.filter((column) => column.unique && !(key.length === 1 && column.key))
  return [...(key.length > 0 ? [key] : []), ...single.map((column) => [column])]
}

/** Whether the index of a unique set finds records by this column alone. */
export function leadsUniqueSet(shape: TemplateShape, { id }: Column): boolean {
  return uniqueSets(shape).some(([first]) => first?.id === id)
}

/** `l."c1" = r."c1" AND l."c2" = r."c2"`; false where a part is empty. */
export function sameValues(columns: readonly Column[], left: string, right: string): string {
  return columns.map(({ id }) => `${left}${sqlName(id)} = ${right}${sqlName(id)}`).join(' AND ')
}

/** True where at least one of the columns differs, an empty one counting as a value of its own. */
export function anyDiffers(columns: readonly Column[], left: string, right: string): string {
  const terms = columns.map(({ id }) => `${left}${sqlName(id)} IS NOT ${right}${sqlName(id)}`)
  return terms.length === 0 ? '0' : joinTerms(terms, 'OR')
}

/** The terms as a balanced tree, because SQLite limits how deep an expression is (1,000) and sheets can be wide. */
export function joinTerms(terms: string[], operator: 'AND' | 'OR'): string {
  if (terms.length <= 2) return `(${terms.join(` ${operator} `)})`
  const middle = terms.length >> 1
  return `(${joinTerms(terms.slice(0, middle), operator)} ${operator} ${joinTerms(terms.slice(middle), operator)})`
}

export function toSql(value: Value): SqlValue {
  return typeof value === 'boolean' ? Number(value) : value
}

export function fromSql(value: SqlValue, type: ColumnType): Value {
  return type === 'boolean' && value !== null ? value !== 0 : value
}
