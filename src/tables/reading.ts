import type { Column, DateOrder, DecimalSign, TemplateShape } from '../columns/column.ts'
import type { TotalsAnswer } from '../columns/totals.ts'
import type { Quote } from '../spreadsheets/csv/dialect.ts'
import type { TextOptions } from '../spreadsheets/csv/open-csv.ts'

/** What a person said about how a file is to be read; null and empty for what is left to be found. */
export type Reading = {
  sheet: string | null
  /** Whether the other visible sheets with the same columns are read, too, into the same table. */
  allSheets: boolean
  /** As the spreadsheet shows it: the first row is 1. */
  headerRow: number | null
  /** Of a text file; a workbook has none. */
  encoding: string | null
  delimiter: string | null
  quote: Quote | null
  /** File header → column id, or null for "leave it out". Decided by a person, it goes before any matching. */
  mapping: Record<string, string | null>
  /** By column id, for this file, whatever the template says; null for "in no order: take real dates and ISO dates only". */
  dateOrders: Record<string, DateOrder | null>
  decimals: Record<string, DecimalSign>
  /** What becomes of rows of totals at the end. */
  totals: TotalsAnswer | null
  /** Whether what looks like a second table is read as part of the first. */
  oneTable: boolean
}

/** Everything is found out from the file itself. */
export const AS_FOUND: Reading = {
  sheet: null,
  allSheets: false,
  headerRow: null,
  encoding: null,
  delimiter: null,
  quote: null,
  mapping: {},
  dateOrders: {},
  decimals: {},
  totals: null,
  oneTable: false,
}

/** What was said about a text. Readings of earlier versions lack what could not be said then. */
export function textAsSaid({
  encoding,
  delimiter,
  quote,
}: Pick<Reading, 'encoding' | 'delimiter' | 'quote'>): TextOptions {
  return {
    ...(encoding !== null && { encoding }),
    ...(delimiter !== null && { delimiter }),
    ...(quote && { quote }),
  }
}

/** The template's columns with what was said about this file in place of what the template says. */
export function columnsAsRead(
  shape: TemplateShape,
  { dateOrders, decimals }: Pick<Reading, 'dateOrders' | 'decimals'>,
): TemplateShape {
  const asRead = (column: Column): Column => {
    const order = dateOrders[column.id]
    return {
      ...column,
      dateOrder: order === undefined ? column.dateOrder : order,
      decimal: decimals[column.id] ?? column.decimal,
    }
  }
  return { ...shape, columns: shape.columns.map(asRead) }
}
