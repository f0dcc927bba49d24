import { ITEMS } from './item-template.ts'
import { Database } from './sqlite.ts'
import { isoSeconds } from './tally.ts'

/** Reading the items back from the tables that the imports filled: Sheetport's own, and that of the peers' script. */

export type TypedCell = string | number | boolean | Date | null

const OURS = `SELECT ${ITEMS.columns.map(({ id }) => `"${id}"`).join(', ')} FROM records ORDER BY id`
const PEERS =
  'SELECT sku, name, description, category, price, quantity, active, created, updated, supplier FROM items ORDER BY id'

const IS_BOOLEAN = ITEMS.columns.map(({ type }) => type === 'boolean')
const IS_DATE = ITEMS.columns.map(({ type }) => type === 'date' || type === 'datetime')

/** Dates as ISO texts, which is how they are stored. */
export function* storedRows(table: string, from: 'ours' | 'peers'): Generator<(string | number | boolean | null)[]> {
  const db = new Database(table, { readonly: true })
  try {
    const rows = db.prepare<[], (string | number | null)[]>(from === 'ours' ? OURS : PEERS).raw()
    for (const row of rows.iterate()) {
      yield row.map((value, at) => (IS_BOOLEAN[at] === true && value !== null ? value === 1 : value))
    }
  } finally {
    db.close()
  }
}

/** With dates as `Date`, which is what libraries write and read. */
export function* withDates(rows: Iterable<(string | number | boolean | null)[]>): Generator<TypedCell[]> {
  for (const row of rows) yield typed(row, (at) => IS_DATE[at] === true)
}

export function typed(
  row: readonly (string | number | boolean | null)[],
  isDate: (at: number) => boolean,
): TypedCell[] {
  return row.map((value, at) => (typeof value === 'string' && isDate(at) ? new Date(isoSeconds(value) * 1000) : value))
}

export function isItemDate(at: number): boolean {
  return IS_DATE[at] === true
}
