import { z } from 'zod'
import { COLUMN_TYPES, type ColumnType, DATE_ORDERS, DECIMAL_SIGNS, MODES, POLICIES } from '../columns/column.ts'
import { headerKey } from '../columns/header-key.ts'
import { compilePattern } from '../columns/text-check.ts'
import { RECORD_ID_HEADER } from '../spreadsheets/spreadsheet.ts'

export const MOST_COLUMNS = 200
const MOST_CHOICES = 1000

/** Names become one line: a header in a workbook may be broken into several. */
const oneLine = z.string().transform((text) => text.replace(/[\s\p{Cc}]+/gu, ' ').trim())

/** A list, or the text of a form field with an entry a line. */
const list = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(/\r?\n/))])
  .transform((entries) => [...new Set(entries.map((entry) => entry.trim()).filter((entry) => entry !== ''))])

/** A JSON boolean, or what a form sends for a ticked box and a yes/no choice. */
const flag = z.union([
  z.boolean(),
  z.enum(['on', 'true', 'yes', '1']).transform(() => true),
  z.enum(['', 'off', 'false', 'no', '0']).transform(() => false),
])

const bound = z.union([z.number(), z.string().trim(), z.null()]).transform((value) => (value === '' ? null : value))

const orNone = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? null : value), schema.nullable())

export const MOST_ALIASES = 50
export const LONGEST_ALIAS = 200

const columnFields = z.object({
  id: z.string().optional(),
  name: oneLine.pipe(
    z
      .string()
      .min(1, { error: 'Give the column a name.' })
      .max(200, { error: 'Use at most 200 characters.' })
      .refine((name) => name.toLowerCase() !== RECORD_ID_HEADER, {
        error: `${RECORD_ID_HEADER} is the name of the hidden column in exports; choose another.`,
      }),
  ),
  type: z.enum(COLUMN_TYPES, { error: `Choose one of ${COLUMN_TYPES.join(', ')}.` }),
  required: flag.default(false),
  unique: flag.default(false),
  key: flag.optional(),
  aliases: list
    .pipe(z.array(z.string().max(LONGEST_ALIAS)).max(MOST_ALIASES, { error: `Use at most ${MOST_ALIASES} aliases.` }))
    .default([]),
  choices: list
    .pipe(z.array(z.string().max(500)).max(MOST_CHOICES, { error: `Use at most ${MOST_CHOICES} choices.` }))
    .default([]),
  min: bound.default(null),
  max: bound.default(null),
  pattern: orNone(z.string().max(500, { error: 'Use at most 500 characters.' })).default(null),
  date_order: orNone(z.enum(DATE_ORDERS, { error: `Choose one of ${DATE_ORDERS.join(', ')}.` })).default(null),
  decimal: orNone(z.enum(DECIMAL_SIGNS, { error: `Choose one of ${DECIMAL_SIGNS.join(', ')}.` })).default(null),
})

/** The types whose length and pattern can be limited. */
const TEXTS: ReadonlySet<ColumnType> = new Set(['text', 'email', 'url'])

/** What a type has no use for is left out, so that a change of type in a form does not trip over a hidden field. */
const columnInput = columnFields.transform((column, context) => {
  const issue = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message, input: column })
  const min = readBound(column.type, column.min, { end: 'min', issue })
  const max = readBound(column.type, column.max, { end: 'max', issue })
  if (min !== null && max !== null && min > max) issue('max', 'The largest value is smaller than the smallest.')
  const choices = column.type === 'choice' ? column.choices : []
  if (column.type === 'choice' && choices.length === 0) issue('choices', 'List at least one choice.')
  const pattern = TEXTS.has(column.type) ? column.pattern : null
  if (pattern !== null && compilePattern(pattern) === null) issue('pattern', `${pattern} is not a regular expression.`)
  return { ...column, min, max, choices, pattern }
})

export type ColumnInput = z.output<typeof columnInput>

const columnList = z
  .array(columnInput)
  .max(MOST_COLUMNS, { error: `A template has at most ${MOST_COLUMNS} columns.` })
  .superRefine((columns, context) => {
    const taken = new Map<string, string>()
    const take = (name: string, path: (string | number)[]) => {
      const key = nameKey(name)
      if (key === '') return
      const other = taken.get(key)
      if (other === undefined) taken.set(key, name)
      else
        context.addIssue({
          code: 'custom',
          path,
          message: `'${name}' reads the same as '${other}'; names must differ.`,
        })
    }
    // Aliases may be alike: a file with two columns of one name needs two columns that take it, the first one first.
    for (const [index, column] of columns.entries()) take(column.name, [index, 'name'])
  })

const settings = z.object({
  name: z
    .string({ error: 'Give the template a name.' })
    .pipe(oneLine)
    .pipe(z.string().min(1, { error: 'Give the template a name.' }).max(100, { error: 'Use at most 100 characters.' })),
  description: z.string().trim().max(2000, { error: 'Use at most 2,000 characters.' }).optional(),
  key: z.array(z.string()).optional(),
  mode: z.enum(MODES, { error: `Choose one of ${MODES.join(', ')}.` }).optional(),
  on_problems: z.enum(POLICIES, { error: `Choose one of ${POLICIES.join(', ')}.` }).optional(),
  group: orNone(z.string()).optional(),
  columns: columnList.optional(),
})

/**
 * A template as a form or a program describes it. Key and group name columns; a column may say `key: true` itself
 * instead, as a form does. `id` on a column keeps its identity in a change; a new template gives its own ids.
 */
export const templateInput = settings
export type TemplateInput = z.output<typeof templateInput>

/**
 * A change to a template: only what is given changes; `columns`, when given, is the whole new list. `version` is the
 * version that the change was made for, when the sender knows it; `force` says yes to losing values.
 */
export const templateChange = settings.partial().extend({
  version: z.coerce.number().int().optional(),
  force: flag.default(false),
})
export type TemplateChange = z.output<typeof templateChange>

/** How names are compared; a name without a letter or digit is compared as it is. */
export function nameKey(name: string): string {
  return headerKey(name) || name.trim().toLowerCase()
}

type Issue = (path: string, message: string) => void

function readBound(
  type: ColumnType,
  bound: string | number | null,
  { end, issue }: { end: 'min' | 'max'; issue: Issue },
): string | number | null {
  if (bound === null) return null
  switch (type) {
    case 'number':
    case 'integer':
      return readNumber(bound) ?? refuse(issue, end, `'${bound}' is not a number.`)
    case 'text':
    case 'email':
    case 'url': {
      const length = readNumber(bound)
      if (length !== null && Number.isInteger(length) && length >= 0) return length
      return refuse(issue, end, `'${bound}' is not a number of characters.`)
    }
    case 'date':
      return isDay(String(bound)) ? bound : refuse(issue, end, `'${bound}' is not a date such as 2024-02-28.`)
    case 'datetime':
      return readTime(String(bound), end) ?? refuse(issue, end, `'${bound}' is not a time such as 2024-02-28T10:30:00.`)
    default:
      return null
  }
}

function refuse(issue: Issue, path: string, message: string): null {
  issue(path, message)
  return null
}

function readNumber(bound: string | number): number | null {
  const number = Number(bound)
  return Number.isFinite(number) ? number : null
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined
  return time !== undefined && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text)
}

/** A day alone means from its first second on, or up to its last. */
function readTime(text: string, end: 'min' | 'max'): string | null {
  const [day = '', clock = end === 'min' ? '00:00:00' : '23:59:59'] = text.split(/[T ]/)
  if (!isDay(day) || !/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(clock)) return null
  return `${day}T${clock.length === 5 ? `${clock}:00` : clock}`
}
