import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { Column, TemplateShape } from '../../src/columns/column.ts'
import { ProcessPool } from '../../src/processes/pool.ts'
import { tempFolder } from '../support/folder.ts'

/** A crash may come between a template's change in app.db and that of its table. */

const QUERY = { q: '', columns: {}, sort: null, descending: false, limit: 10 }

const [A, B, C, D] = ['caaaaaaa', 'cbbbbbbb', 'cccccccc', 'cddddddd'] as const

let pool: ProcessPool
let table: string

beforeEach(() => {
  pool = new ProcessPool({ size: 1, memoryBytes: 1024 ** 3, stallMs: 60_000 })
  table = path.join(tempFolder(), 't.db')
  onTestFinished(() => pool.close())
})

function column(id: string): Column {
  const rules = { required: false, unique: false, key: false, aliases: [], choices: [], min: null, max: null }
  return { id, name: `Column ${id[1]}`, type: 'text', ...rules, pattern: null, dateOrder: null, decimal: 'point' }
}

function shape(version: number, ids: string[]): TemplateShape {
  return { id: 't', name: 'T', version, columns: ids.map(column), groupColumnId: null }
}

const BEFORE = shape(1, [A])
const AFTER = shape(2, [A, B])

async function makeTable(): Promise<number> {
  const edit = await pool.run({ kind: 'records.insert', table, shape: BEFORE, values: { [A]: 'x' }, actor: 'Ana' })
  if (!('ok' in edit)) throw new Error('the record was refused')
  return edit.ok.id
}

test('whatever is asked first about a table that is behind its template is answered', async () => {
  const id = await makeTable()
  const list = await pool.run({ kind: 'records.list', table, shape: AFTER, query: { ...QUERY, sort: B } })
  expect(list.items.map(({ values }) => values)).toEqual([{ [A]: 'x', [B]: null }])
  const further = shape(3, [A, B, C])
  const record = await pool.run({ kind: 'records.find', table, shape: further, id })
  expect(record?.values).toEqual({ [A]: 'x', [B]: null, [C]: null })
  const last = shape(4, [B, C, D])
  const history = await pool.run({ kind: 'records.history', table, shape: last, id })
  expect(history).toHaveLength(1)
})

test('a table that is behind its template is exported with its new columns', async () => {
  await makeTable()
  const out = path.join(path.dirname(table), 'out.csv')
  const done = await pool.run({
    ...{ kind: 'export', jobId: 'j', shape: AFTER, format: 'csv', content: 'data', filter: null },
    paths: { table, out },
  })
  expect(done).toMatchObject({ status: 'completed', rows: 1 })
  expect(readFileSync(out, 'utf8')).toContain('Column b')
})

test.each([
  ['was never made', () => {}],
  ['was begun and never finished', () => writeFileSync(table, '')],
])('a table that %s is as good as empty', async (_how, prepare) => {
  prepare()
  expect(await pool.run({ kind: 'import.applied', table, staging: null, jobId: 'j' })).toBeNull()
  const { items } = await pool.run({ kind: 'records.list', table, shape: BEFORE, query: QUERY })
  expect(items).toEqual([])
  expect(await pool.run({ kind: 'records.find', table, shape: BEFORE, id: 1 })).toBeNull()
})

test('to look at what a change would lose does not make the change', async () => {
  expect(await pool.run({ kind: 'table.plan', table, shape: AFTER })).toMatchObject({ dropped: [], misfits: [] })
  expect(existsSync(table)).toBe(false)
  await makeTable()
  const plan = await pool.run({ kind: 'table.plan', table, shape: shape(2, [B]) })
  expect(plan.dropped).toMatchObject([{ columnId: A, values: 1 }])
  const { items } = await pool.run({ kind: 'records.list', table, shape: BEFORE, query: QUERY })
  expect(items.map(({ values }) => values)).toEqual([{ [A]: 'x' }])
})

test('a question that was asked before a change is answered after it', async () => {
  await makeTable()
  await pool.run({ kind: 'table.sync', table, shape: AFTER })
  const { items } = await pool.run({ kind: 'records.list', table, shape: BEFORE, query: QUERY })
  expect(items.map(({ values }) => values)).toEqual([{ [A]: 'x' }])
})
