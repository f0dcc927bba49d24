import type { MatchedHeader } from '../columns/matched-header.ts'
import type { ReadingValues } from '../views/reading-fields.tsx'

const FIELDS = [
  'sheet',
  'all_sheets',
  'header_row',
  'encoding',
  'delimiter',
  'quote',
  'date_order',
  'decimal',
  'totals',
  'one_table',
  'remember',
] as const

/** What a form says about the reading of a file, as the fields of the API. */
export function readingFromForm(form: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(FIELDS.flatMap((name) => (typeof form[name] === 'string' ? [[name, form[name]]] : [])))
}

/** The same as the fields of a form that comes back. */
export function readingTyped(form: Record<string, unknown>): ReadingValues {
  const typed = readingFromForm(form)
  return {
    sheet: typed.sheet ?? '',
    allSheets: typed.all_sheets ?? '',
    headerRow: typed.header_row ?? '',
    encoding: typed.encoding ?? '',
    delimiter: typed.delimiter ?? '',
    quote: typed.quote ?? '',
    dateOrder: typed.date_order ?? '',
    decimal: typed.decimal ?? '',
    totals: typed.totals ?? '',
    oneTable: typed.one_table ?? '',
  }
}

/** The column, by its id, that a form names for a header; undefined where it doesn't name the header, '' for none. */
export function columnTyped(form: Record<string, unknown>, header: string): string | undefined {
  const [typed] = [form[`as[${header}]`]].flat()
  return typeof typed === 'string' ? typed : headersTyped(form).find(([name]) => name === header)?.[1]
}

/** The headers that a form names for columns, by `map[<column id>]`; a column that was left open stays as it was decided. */
function headersTyped(form: Record<string, unknown>): [header: string, columnId: string][] {
  return Object.entries(form).flatMap(([name, header]): [string, string][] => {
    const columnId = /^map\[(\w+)\]$/.exec(name)?.[1]
    return columnId === undefined || typeof header !== 'string' || header === '' ? [] : [[header, columnId]]
  })
}

/** What a form says of the headers of a file that is not so already. */
export function mappingFromForm(
  form: Record<string, unknown>,
  headers: MatchedHeader[],
): Record<string, string | null> {
  const matched = headers.flatMap(({ header, columnId }): [string, string | null][] => {
    const typed = columnTyped(form, header)
    return typed === undefined || typed === (columnId ?? '') ? [] : [[header, typed || null]]
  })
  return Object.fromEntries(matched)
}
