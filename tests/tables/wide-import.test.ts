import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { ColumnType, Value } from '../../src/columns/column.ts'
import { writeXlsx } from '../../src/spreadsheets/xlsx/write/write-xlsx.ts'
import { recordHistory } from '../../src/tables/record-history.ts'
import { tempFolder } from '../support/folder.ts'
import { column, dump, importFile, rowsOf, shapeOf, tableIn } from './imports.ts'

const TYPES = ['text', 'number', 'integer', 'boolean', 'date', 'datetime'] as const satisfies ColumnType[]
const VALUES: Record<(typeof TYPES)[number], (n: number) => Value> = {
  text: (n) => `text ${n}`,
  number: (n) => n + 0.25,
  integer: (n) => n * 1000,
  boolean: (n) => n % 2 === 0,
  date: (n) => isoOf(n).slice(0, 10),
  datetime: (n) => isoOf(n),
}

const WIDE = shapeOf(
  Array.from({ length: 200 }, (_, at) => {
    const id = `c${String(at).padStart(7, '0')}`
    return column(id, typeAt(at), { name: `Column ${at + 1}`, key: at === 0 })
  }),
)
const ROWS = Array.from({ length: 30 }, (_, row) => WIDE.columns.map((_, at) => valueAt(row, at)))

function typeAt(at: number): (typeof TYPES)[number] {
  return TYPES[at % TYPES.length] ?? 'text'
}

/** Every ninth cell is empty, but none of the key. */
function valueAt(row: number, at: number): Value {
  const n = row * 200 + at
  return at > 0 && n % 9 === 0 ? null : VALUES[typeAt(at)](n)
}

function isoOf(n: number): string {
  return new Date(Date.UTC(2020, 0, 1) + n * 3_600_000 + n * 1000).toISOString().slice(0, 19)
}

const WRITERS = {
  async csv(file: string, rows: Value[][]) {
    const lines = [
      WIDE.columns.map(({ name }) => name),
      ...rows.map((cells) => cells.map((cell) => String(cell ?? ''))),
    ]
    writeFileSync(file, `${lines.map((cells) => cells.join(',')).join('\n')}\n`)
  },
  async xlsx(file: string, rows: Value[][]) {
    const columns = WIDE.columns.map(({ name, type }) => ({ id: null, header: name, type }))
    await writeXlsx(file, { name: 'Wide', columns, rows })
  },
}

test.each(['csv', 'xlsx'] as const)(
  'a file of 200 columns is imported, found unchanged and updated: %s',
  async (format) => {
    const folder = tempFolder()
    const table = tableIn(folder, WIDE)
    const importRows = async (rows: Value[][]) => {
      const file = path.join(folder, `wide.${format}`)
      await WRITERS[format](file, rows)
      return importFile(table, { folder, shape: WIDE, file })
    }

    const first = await importRows(ROWS)
    expect(first.counts).toMatchObject({ read: 30, created: 30, problems: 0 })
    expect(rowsOf(table, WIDE)).toEqual(ROWS)

    const before = dump(table)
    const again = await importRows(ROWS)
    expect(again.counts).toMatchObject({ read: 30, unchanged: 30, created: 0, updated: 0, deleted: 0, problems: 0 })
    expect(dump(table)).toEqual(before)

    // One cell of each type, far to the right and each in a row of its own.
    for (const [index, type] of TYPES.entries()) {
      const [row, at] = [index + 3, 186 + index]
      expect(typeAt(at)).toBe(type)
      const changed = rowsOf(table, WIDE)
      const old = changed[row]?.[at] ?? null
      const value = type === 'boolean' ? !old : VALUES[type](99_999)
      changed[row]?.splice(at, 1, value)
      const { counts } = await importRows(changed)
      expect(counts).toMatchObject({ updated: 1, unchanged: 29, created: 0, deleted: 0, problems: 0 })
      expect(rowsOf(table, WIDE)).toEqual(changed)
      const [latest] = recordHistory(table, WIDE, { id: row + 1 })
      expect(latest).toMatchObject({ action: 'update' })
      expect(latest?.changes).toEqual([{ columnId: WIDE.columns[at]?.id, before: old, after: value }])
    }
  },
)
