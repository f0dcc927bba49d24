import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COLUMN_TYPES, type ColumnType } from '../../src/columns/column.ts'
import { parseInput } from '../../src/columns/parse-value.ts'
import type { Reporter, Task } from '../../src/processes/protocol.ts'
import { runExport } from '../../src/processes/tasks/export.ts'
import { insertRecord } from '../../src/tables/records.ts'
import { CHOICES, VALUES } from '../columns/values.ts'
import { tempFolder } from '../support/folder.ts'
import { column, dump, importStaged, read, shapeOf, stageFile, tableIn } from './imports.ts'

const silent: Reporter = { progress() {}, details() {} }

type Format = Pick<Task<'export'>, 'format' | 'delimiter'>
const FORMATS: [string, Format][] = [
  ['workbook', { format: 'xlsx' }],
  ['CSV with commas', { format: 'csv', delimiter: 'comma' }],
  ['CSV with semicolons', { format: 'csv', delimiter: 'semicolon' }],
]

/** What people write that means something in a file: to a reader of CSV, to a spreadsheet program, or below a table. */
const PIECES = [
  ...['a', 'é', '😀', ' ', '"', "'", ',', ';', '\t', '|', '\n', '=', '+', '-', '@', '<', '&', ']]>', '_x000D_'],
  ...['\ufeff', '\u00a0', 'sep=;', '0', '1.5', '1,5', '007', '1e5', '2024-02-28', '3/4', 'TRUE', '#N/A', 'NULL'],
  ...["'=1+1", "''-", "'@a", 'Total', 'Sum', 'Column 1', '__record_id', '---', 'Page 1 of 2'],
]
const TEXT = column('ctext000', 'text')
const texts = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 4 })
  .map((pieces) => parseInput(pieces.join(''), TEXT))
  .filter((value) => typeof value === 'string')
const valuesOf = (type: ColumnType) => (type === 'text' ? fc.oneof(VALUES.text, texts) : VALUES[type])

const RULES = {
  decimal: fc.constantFrom('point' as const, 'comma' as const),
  dateOrder: fc.constantFrom(null, 'dmy' as const, 'mdy' as const, 'ymd' as const),
}
/** A table of any columns, with records that may be refused: those that are empty, or share their key with another. */
const TABLES = fc
  .record({
    ...RULES,
    types: fc.array(fc.constantFrom(...COLUMN_TYPES), { minLength: 1, maxLength: 8 }),
    key: fc.nat(9),
  })
  .chain(({ types, key, ...rules }) => {
    const columns = types.map((type, at) =>
      column(`c${String(at).padStart(7, '0')}`, type, {
        ...{ ...rules, name: `Column ${at + 1}`, key: at === key, choices: type === 'choice' ? CHOICES : [] },
      }),
    )
    const record = fc.record(Object.fromEntries(columns.map(({ id, type }) => [id, fc.option(valuesOf(type))])))
    return fc.record({ shape: fc.constant(shapeOf(columns)), records: fc.array(record, { maxLength: 8 }) })
  })

test.each(FORMATS)('an export as %s that is imported again changes nothing', async (_format, format) => {
  await fc.assert(
    fc.asyncProperty(TABLES, async ({ shape, records }) => {
      const folder = tempFolder()
      const table = tableIn(folder, shape)
      table.pragma('synchronous = OFF')
      for (const values of records) insertRecord(table, shape, { values, actor: 'Ann' })
      const before = dump(table)
      fc.pre(before.length > 0)
      const file = path.join(folder, `export.${format.format}`)
      const task = { kind: 'export', jobId: 'export', shape, content: 'data', filter: null, ...format } as const
      const outcome = await runExport({ ...task, paths: { table: table.name, out: file } }, silent)
      expect(outcome).toMatchObject({ status: 'completed', rows: before.length })
      const staged = await stageFile(folder, shape, file)
      // A question would make the import wait for a person.
      expect(read(staged)).toMatchObject({ bad: 0, details: { questions: [], warnings: [], leftOut: 0 } })
      const { counts } = importStaged(table, staged, { shape, mode: 'replace' })
      expect(counts).toMatchObject({ read: before.length, unchanged: before.length, problems: 0, deleted: 0 })
      expect(dump(table)).toEqual(before)
    }),
    { numRuns: 40 },
  )
})
