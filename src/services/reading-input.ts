import { z } from 'zod'
import { DATE_ORDERS, DECIMAL_SIGNS, type TemplateShape } from '../columns/column.ts'
import { TOTALS_ANSWERS } from '../columns/totals.ts'
import { isDelimiter, QUOTES } from '../spreadsheets/csv/dialect.ts'
import { encodingByName } from '../spreadsheets/csv/text-encodings.ts'
import { SpreadsheetError } from '../spreadsheets/spreadsheet.ts'
import type { Reading } from '../tables/reading.ts'
import { Refusal } from './context.ts'

/** What can be said about the reading of a file, the same for the form, the API and a file that is read again. */
const mapping = z
  .union([z.record(z.string(), z.string().nullable()), z.string().transform(parseJson)])
  .pipe(z.record(z.string(), z.string().nullable()))

/** An empty field means that it is left to be found. */
const found = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? null : value), schema.nullable()).optional()

/** A JSON boolean, or what a form sends for a yes. */
export const flag = z
  .union([z.boolean(), z.string()])
  .transform((value) => value === true || ['true', '1', 'yes', 'on'].includes(String(value).toLowerCase()))

export const readingFields = z.object({
  sheet: found(z.string().max(200)),
  header_row: found(z.coerce.number().int().min(1).max(1_048_576)),
  encoding: found(z.string().trim().max(40).transform(encodingName)),
  delimiter: found(z.string().max(20).transform(delimiterSign)),
  quote: found(z.enum(QUOTES, { error: `Choose one of ${QUOTES.join(', ')}.` })),
  date_order: found(z.enum(DATE_ORDERS, { error: `Choose one of ${DATE_ORDERS.join(', ')}.` })),
  decimal: found(z.enum(DECIMAL_SIGNS, { error: `Choose one of ${DECIMAL_SIGNS.join(', ')}.` })),
  totals: found(z.enum(TOTALS_ANSWERS, { error: `Choose one of ${TOTALS_ANSWERS.join(', ')}.` })),
  all_sheets: flag.optional(),
  one_table: flag.optional(),
  mapping: mapping.optional(),
  /** Whether the headers of the mapping become other names of their columns. */
  remember: flag.optional(),
})
export type ReadingFields = z.output<typeof readingFields>

/** The words by which a separator that is hard to type or to see can be named. */
const DELIMITER_NAMES: Record<string, string> = { comma: ',', semicolon: ';', tab: '\t', bar: '|' }

function delimiterSign(text: string, context: z.RefinementCtx): string {
  const sign = DELIMITER_NAMES[text.trim().toLowerCase()] ?? text
  if (isDelimiter(sign)) return sign
  context.addIssue({ code: 'custom', message: `"${text}" can't separate the cells of a text.`, input: text })
  return z.NEVER
}

function encodingName(text: string, context: z.RefinementCtx): string {
  try {
    return encodingByName(text)
  } catch (error) {
    if (!(error instanceof SpreadsheetError)) throw error
    context.addIssue({ code: 'custom', message: `${error.message} ${error.hint}`, input: text })
    return z.NEVER
  }
}

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue('must be JSON such as {"Header in the file": "Column of the template"}')
    return z.NEVER
  }
}

/** What was said, on top of what had been said before: a field that is not there leaves it as it was. */
export function readingFrom(fields: ReadingFields, before: Reading, shape: TemplateShape): Reading {
  const { date_order: order, decimal } = fields
  const ofTypes = (...types: string[]) => shape.columns.filter(({ type }) => types.includes(type)).map(({ id }) => id)
  const forAll = <T>(ids: string[], value: T) => Object.fromEntries(ids.map((id) => [id, value]))
  return {
    ...before,
    sheet: fields.sheet === undefined ? before.sheet : fields.sheet,
    headerRow: fields.header_row === undefined ? before.headerRow : fields.header_row,
    encoding: fields.encoding === undefined ? before.encoding : fields.encoding,
    delimiter: fields.delimiter === undefined ? before.delimiter : fields.delimiter,
    quote: fields.quote === undefined ? before.quote : fields.quote,
    totals: fields.totals === undefined ? before.totals : fields.totals,
    allSheets: fields.all_sheets ?? before.allSheets,
    oneTable: fields.one_table ?? before.oneTable,
    mapping: mappedOver(before.mapping, mappingToIds(fields.mapping ?? {}, shape)),
    dateOrders: { ...before.dateOrders, ...(order && forAll(ofTypes('date', 'datetime'), order)) },
    decimals: { ...before.decimals, ...(decimal && forAll(ofTypes('number', 'integer'), decimal)) },
  }
}

/** A column for which another header is named now is no longer read from the one that was named before. */
function mappedOver(before: Reading['mapping'], now: Reading['mapping']): Reading['mapping'] {
  const taken = new Set(Object.values(now))
  return { ...Object.fromEntries(Object.entries(before).filter(([, id]) => id === null || !taken.has(id))), ...now }
}

/** The mapping speaks of columns by name; an unknown name is refused, and "" or null leaves the header out. */
function mappingToIds(mapping: Record<string, string | null>, shape: TemplateShape): Record<string, string | null> {
  const ids: Record<string, string | null> = {}
  for (const [header, target] of Object.entries(mapping)) {
    if (target === null || target === '') {
      ids[header] = null
      continue
    }
    const column = shape.columns.find((each) => each.id === target || each.name.toLowerCase() === target.toLowerCase())
    if (column === undefined) {
      const message = `The template has no column '${target}'.`
      throw new Refusal(422, { code: 'invalid', message, fields: [{ path: 'mapping', message }] })
    }
    ids[header] = column.id
  }
  return ids
}
