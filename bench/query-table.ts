import Database from 'better-sqlite3'
import { listRecords, type RecordQuery } from '../src/tables/list-records.ts'
import { openTableReadonly } from '../src/tables/open-table.ts'
import { ITEMS } from './item-template.ts'
import type { QueryTimes } from './table-queries.ts'

/** `node bench/query-table.ts TABLE`: times pages of records as the desk process reads them, and prints them as JSON. */

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
    'sorted by SKU': { sort: 'csku0000' },
    'sorted by price, highest first': { sort: 'cprice00', descending: true },
    'one category of seven': { columns: { ccategor: 'Garden' } },
    'price above 2,000': { columns: { cprice00: '>2000' } },
    'a word in any column': { q: 'lamp' },
  }
  const found = Object.entries(queries).map(([name, query]) => ({
    ...{ name, rows: total, served: isServed(file, { ...PLAIN, ...query }) },
    times: timeOften(() => listRecords(db, ITEMS, { ...PLAIN, ...query })),
  }))
  db.close()
  console.log(JSON.stringify(found satisfies QueryTimes[]))
}

function timeOften(work: () => unknown): number[] {
  const times: number[] = []
  const begun = performance.now()
  while (times.length < TIMES && performance.now() - begun < ENOUGH_MS) {
    const started = performance.now()
    work()
    times.push(performance.now() - started)
  }
  return times
}

/** What SQLite says of the very statements that were run: it need not sort, nor look at records that are not shown. */
function isServed(file: string, query: RecordQuery): boolean {
  const statements: string[] = []
  const db = new Database(file, { readonly: true, verbose: (sql) => statements.push(String(sql)) })
  listRecords(db, ITEMS, query)
  const page = statements.find((sql) => sql.includes('ORDER BY')) ?? ''
  const plan = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${page}`).all()
  db.close()
  const steps = plan.map(({ detail }) => detail).join('\n')
  const filtered = query.q !== '' || Object.keys(query.columns).length > 0
  const sought = /SEARCH r USING/.test(steps)
  return !steps.includes('TEMP B-TREE') && (query.offset ?? 0) === 0 && (!filtered || sought)
}

main(process.argv.slice(2))
