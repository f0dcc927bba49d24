import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { TemplateShape } from '../src/columns/column.ts'
import { column } from './item-template.ts'
import { Database } from './sqlite.ts'
import { copyTable } from './table-copy.ts'
import { importFile } from './table-jobs.ts'

/**
 * One whole import as a program, to stand beside programs that are not JavaScript:
 *
 *     npx node bench/one-import.ts FILE                  # into a new table, which is thrown away
 *     npx node bench/one-import.ts FILE --keep a.db      # the same, and the table is kept
 *     npx node bench/one-import.ts FILE --from a.db      # into a copy of a table that was kept
 *
 * FILE has the ten columns of a price list: sku, name, description, category, price, quantity, active, created, updated,
 * supplier. Prints one line of JSON: the milliseconds from the path to the closed table, its rows, and a sum of them.
 */

const CATEGORIES = [
  ...['Hardware', 'Garden', 'Kitchen', 'Office', 'Électronique', 'Toys', 'Books', 'Lighting', 'Outdoor'],
  ...['Paint & Décor', 'Bathroom', 'Safety'],
]

const PRICE_LIST: TemplateShape = {
  ...{ id: 'tpl_prices', name: 'Price list', version: 1, groupColumnId: null },
  columns: [
    column('csku0000', 'sku', { required: true, key: true, max: 32, pattern: '[A-Z]{3}-\\d{7}' }),
    column('cname000', 'name', { required: true, max: 120 }),
    column('cdescrip', 'description', { max: 4000 }),
    column('ccategor', 'category', { type: 'choice', choices: CATEGORIES }),
    column('cprice00', 'price', { type: 'number', min: 0, max: 1_000_000 }),
    column('cquantit', 'quantity', { type: 'integer', min: 0, max: 1_000_000_000 }),
    column('cactive0', 'active', { type: 'boolean' }),
    column('ccreated', 'created', { type: 'date' }),
    column('cupdated', 'updated', { type: 'datetime' }),
    column('csupplie', 'supplier', { type: 'email', max: 254 }),
  ],
}

const SUM = `SELECT concat_ws('/', count(*), sum(cquantit), sum(length(cdescrip)), replace(min(cupdated), 'T', ' '), max(ccreated))
  FROM records`

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { from: { type: 'string' }, keep: { type: 'string' } },
  })
  const [file] = positionals
  if (file === undefined) throw new Error('Say which file to import.')
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sheetport-import-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const table = path.join(folder, 'table.db')
  if (values.from !== undefined) copyTable(values.from, table)
  const job = values.from === undefined ? 'first' : 'again'
  const started = performance.now()
  await importFile({ file: path.resolve(file), table, job, mode: 'update', shape: PRICE_LIST })
  const ms = Math.round(performance.now() - started)
  console.log(JSON.stringify({ name: 'Sheetport', ms, ...sumOf(table) }))
  if (values.keep !== undefined) copyTable(table, values.keep)
  // The table stays open for a moment, for a next job that does not come.
  process.exit(0)
}

function sumOf(table: string): { n: number; sig: string } {
  const db = new Database(table, { readonly: true })
  const sig = db.prepare<[], string>(SUM).pluck().get() ?? ''
  db.close()
  return { n: Number(sig.split('/')[0]), sig }
}

await main()
