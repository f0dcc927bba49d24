export const COLUMN_TYPES = [
  'text',
  'number',
  'integer',
  'boolean',
  'date',
  'datetime',
  'email',
  'url',
  'choice',
] as const
export type ColumnType = (typeof COLUMN_TYPES)[number]

/** The order of day, month and year in dates that are text. `null` on a column: only ISO dates and real date cells are taken. */
export const DATE_ORDERS = ['dmy', 'mdy', 'ymd'] as const
export type DateOrder = (typeof DATE_ORDERS)[number]

/** The decimal sign of numbers that are text. `null` on a column: the cells of a file decide together, or a person is asked. */
export const DECIMAL_SIGNS = ['point', 'comma'] as const
export type DecimalSign = (typeof DECIMAL_SIGNS)[number]

export const MODES = ['add', 'update', 'replace'] as const
export type Mode = (typeof MODES)[number]

export const POLICIES = ['review', 'skip', 'reject'] as const
export type Policy = (typeof POLICIES)[number]

/**
 * What a clean value of this column is. `id` never changes, is unique in its template, matches /^c[a-z0-9]{7}$/, and
 * is the name of the SQL column in the template's own file.
 */
export type Column = {
  id: string
  name: string
  type: ColumnType
  required: boolean
  unique: boolean
  /** Part of the key by which rows of a file find their record. */
  key: boolean
  aliases: string[]
  /** For `choice`: the allowed values, in order. */
  choices: string[]
  /** For numbers the smallest value; for dates the earliest (ISO); for text the least length. */
  min: number | string | null
  max: number | string | null
  /** For text: a regular expression that the whole value must match. */
  pattern: string | null
  dateOrder: DateOrder | null
  decimal: DecimalSign | null
}

/** What the core needs to know of a template. */
export type TemplateShape = {
  id: string
  name: string
  version: number
  columns: Column[]
  /** The column whose distinct values count as groups of the progress. */
  groupColumnId: string | null
}

/** A typed value as stored and as the API speaks it: dates as YYYY-MM-DD, date-times as YYYY-MM-DDTHH:MM:SS. */
export type Value = string | number | boolean | null
/** Values by column id. */
export type Values = Record<string, Value>

/** The sign that numbers are written with where none was said. */
export function decimalSign({ decimal }: Pick<Column, 'decimal'>): DecimalSign {
  return decimal ?? 'point'
}

export function keyColumns(shape: TemplateShape): Column[] {
  return shape.columns.filter((column) => column.key)
}
