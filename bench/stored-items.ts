import type { TemplateShape } from '../src/columns/column.ts'
import { ITEMS } from './item-template.ts'
import { Database } from './sqlite.ts'
import { isoSeconds } from './tally.ts'
import { WIDE } from './wide-template.ts'

/** Reading rows back from the tables that the imports filled: Sheetport's own, and that of the peers' script. */

export type TypedCell = string | number | boolean | Date | null

const PEERS =
  'SELECT sku, name, description, category, price, quantity, active, created, updated, supplier FROM items ORDER BY id'

/** What is in a table: items of ours or of the peers, or wide rows of ours. */
export type Stored = 'ours' | 'peers' | 'wide'

/** Dates as ISO texts, which is how they are stored. */
export function* storedRows(table: string, from: Stored): Generator<(string | number | boolean | null)[]> {
  const db = new Database(table, { readonly: true })
  try {
    const { columns } = shapeOf(from)
    const ours = `SELECT ${columns.map(({ id }) => `"${id}"`).join(', ')} FROM records ORDER BY id`
    const isBoolean = columns.map(({ type }) => type === 'boolean')
    const rows = db.prepare<[], (string | number | null)[]>(from === 'peers' ? PEERS : ours).raw()
    for (const row of rows.iterate()) {
      yield row.map((value, at) => (isBoolean[at] === true && value !== null ? value === 1 : value))
    }
  } finally {
    db.close()
  }
}

/** With dates as `Date`, which is what libraries write and read. */
export function* withDates(rows: Iterable<(string | number | boolean | null)[]>, from: Stored): Generator<TypedCell[]> {
  const isDate = datesOf(from)
  for (const row of rows) yield typed(row, (at) => isDate[at] === true)
}

function shapeOf(from: Stored): TemplateShape {
  return from === 'wide' ? WIDE : ITEMS
}

function datesOf(from: Stored): boolean[] {
  return shapeOf(from).columns.map(({ type }) => type === 'date' || type === 'datetime')
}

const IS_ITEM_DATE = datesOf('ours')

export function typed(
  row: readonly (string | number | boolean | null)[],
  isDate: (at: number) => boolean,
): TypedCell[] {
  return row.map((value, at) => (typeof value === 'string' && isDate(at) ? new Date(isoSeconds(value) * 1000) : value))
}

export function isItemDate(at: number): boolean {
  return IS_ITEM_DATE[at] === true
}
