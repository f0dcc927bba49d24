import { listRecords, type RecordQuery } from '../src/tables/list-records.ts'
import { openTable, openTableReadonly } from '../src/tables/open-table.ts'
import { createSortIndex } from '../src/tables/sort-index.ts'
import { ITEMS } from './item-template.ts'
import { Database } from './sqlite.ts'
import type { QueryTimes } from './table-queries.ts'

/**
 * `node bench/query-table.ts TABLE`: times pages of records as the desk process reads them, and prints them as JSON. An
 * index that a page wishes for is made first, as the server does after that page was shown; so the table changes.
 */

const A_PAGE = 25
/** A slow page is not asked for as often. */
const TIMES = 20
const ENOUGH_MS = 2000
const PLAIN: RecordQuery = { q: '', columns: {}, sort: null, descending: false, limit: A_PAGE }

function main([file = '']: string[]): void {
  const db = openTableReadonly(file)
  const { total, next } = listRecords(db, ITEMS, PLAIN)
  const middle = listRecords(db, ITEMS, { ...PLAIN, offset: total >> 1 })
  const sku = String(middle.items[0]?.values.csku0000)
  const queries: Record<string, Partial<RecordQuery>> = {
    'first page': {},
    'the page after it': { cursor: next ?? undefined },
    'a page in the middle, by cursor': { cursor: middle.next ?? undefined },
    'newest first': { descending: true },
    'one key: SKU is …': { columns: { csku0000: `=${sku}` } },
    'last page, by its number': { offset: total - A_PAGE },
    'a page in the middle, by its number': { offset: total >> 1 },
    'sorted by SKU': { sort: 'csku0000' },
    'sorted by SKU, a page in the middle': { sort: 'csku0000', offset: total >> 1 },
    'sorted by price, highest first': { sort: 'cprice00', descending: true },
    'SKU begins with …': { columns: { csku0000: `${sku.slice(0, 6)}*` } },
    'one category of seven': { columns: { ccategor: 'Garden' } },
    'price above 2,000': { columns: { cprice00: '>2000' } },
    'a word in any column': { q: 'lamp' },
  }
  const found = Object.entries(queries).map(([name, changes]): QueryTimes => {
    const query = { ...PLAIN, ...changes }
    const unindexed = timed(() => listRecords(db, ITEMS, query))
    const ms = indexWanted(file, listRecords(db, ITEMS, query).wantsIndex)
    const index = ms === null ? null : { ms, before: unindexed }
    const times = timeOften(() => listRecords(db, ITEMS, query))
    return {
      name,
      rows: total,
      served: isServed(file, query),
      index,
      times,
    }
  })
  db.close()
  console.log(JSON.stringify(found))
}

/** Answers how long it took, or null when none is wanted. */
function indexWanted(file: string, columnId: string | null): number | null {
  const column = ITEMS.columns.find(({ id }) => id === columnId)
  if (column === undefined) return null
  const db = openTable(file, ITEMS)
  const ms = timed(() => createSortIndex(db, column))
  db.close()
  return ms
}

function timed(work: () => unknown): number {
  const started = performance.now()
  work()
  return performance.now() - started
}

function timeOften(work: () => unknown): number[] {
  const times: number[] = []
  const begun = performance.now()
  while (times.length < TIMES && performance.now() - begun < ENOUGH_MS) times.push(timed(work))
  return times
}

/** What SQLite says of the very statements that were run: an index finds what fits a filter, and nothing is sorted. */
function isServed(file: string, query: RecordQuery): boolean {
  const statements: string[] = []
  const db = new Database(file, { readonly: true, verbose: (sql) => statements.push(String(sql)) })
  listRecords(db, ITEMS, query)
  const steps = (sign: string): string => {
    const statement = statements.findLast((sql) => sql.includes(sign)) ?? ''
    const plan = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${statement}`).all()
    return plan.map(({ detail }) => detail).join('\n')
  }
  const filtered = query.q !== '' || Object.keys(query.columns).length > 0
  const served = filtered ? /SEARCH r USING/.test(steps('SELECT count')) : !steps('OFFSET').includes('TEMP B-TREE')
  db.close()
  return served
}

main(process.argv.slice(2))
