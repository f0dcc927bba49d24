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
  return typeof typed === 'string' ? typed : undefined
}

/**
 * The headers for which a form names another column than they have, by `as[<header>]`; and those that it names for a
 * column, by `map[<column id>]`: one that was left open stays as it was decided before.
 */
export function mappingFromForm(
  form: Record<string, unknown>,
  headers: MatchedHeader[],
): Record<string, string | null> {
  const matched = headers.flatMap(({ header, columnId }): [string, string | null][] => {
    const typed = columnTyped(form, header)
    return typed === undefined || typed === (columnId ?? '') ? [] : [[header, typed || null]]
  })
  const found = Object.entries(form).flatMap(([name, header]): [string, string][] => {
    const columnId = /^map\[(\w+)\]$/.exec(name)?.[1]
    return columnId === undefined || typeof header !== 'string' || header === '' ? [] : [[header, columnId]]
  })
  return Object.fromEntries([...matched, ...found])
}
