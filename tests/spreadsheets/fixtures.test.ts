import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Cell } from '../../src/spreadsheets/cell.ts'
import { openSpreadsheet } from '../../src/spreadsheets/open.ts'
import { FIXTURES, readCells, readRows } from './files.ts'

type ExpectedCell = [row: number, column: number, kind: string, value: unknown]
type ExpectedSheet = { name: string; hidden: boolean; contested: [number, number][]; cells: ExpectedCell[] }

const names = readdirSync(join(FIXTURES, 'expected')).map((name) => name.replace(/\.json$/, ''))
const isText = (name: string) => name.endsWith('.csv')

/** A duration of more than a day: the readers write it as a day of 1900, we as the number that is seen as 30:45:23. */
const LONG_DURATIONS = new Set(['many-kinds.xlsx data types 3 4'])

describe('a real workbook holds, cell by cell, what independent readers find in it', () => {
  for (const name of names.filter((each) => !isText(each))) {
    it(name, async () => {
      const expected: { sheets: ExpectedSheet[] } = readExpected(name)
      const spreadsheet = await openSpreadsheet(join(FIXTURES, name))
      spreadsheet.close()
      expect(spreadsheet.sheets.map(({ name, hidden, empty }) => ({ name, hidden, empty }))).toEqual(
        expected.sheets.map((sheet) => ({ name: sheet.name, hidden: sheet.hidden, empty: sheet.cells.length === 0 })),
      )
      for (const sheet of expected.sheets) {
        const contested = new Set(sheet.contested.map((place) => place.join(' ')))
        const found = cellsByPlace(await readRows(join(FIXTURES, name), sheet.name))
        for (const place of contested) found.delete(place)
        const wanted = new Map<string, { kind: string; value: unknown }>(
          sheet.cells.map(([row, column, kind, value]) => [`${row} ${column}`, { kind, value }] as const),
        )
        for (const place of contested) wanted.delete(place)
        expect([...found.keys()]).toEqual([...wanted.keys()])
        for (const [place, { kind, value }] of wanted) {
          if (LONG_DURATIONS.has(`${name} ${sheet.name} ${place}`)) continue
          expectCell(found.get(place) ?? null, kind, value, `${sheet.name} ${place}`)
        }
      }
    })
  }
})

describe('a real text file holds the rows that independent readers find in it', () => {
  for (const name of names.filter(isText)) {
    it(name, async () => {
      const cells = await readCells(join(FIXTURES, name))
      expect(cells.map((row) => row.map((cell) => cell ?? ''))).toEqual(readExpected(name))
    })
  }
})

it('a duration of more than a day is the number that is seen as hours', async () => {
  const rows = await readRows(join(FIXTURES, 'many-kinds.xlsx'), 'data types')
  expect(rows.find((row) => row.number === 4)?.cells[4]).toMatchObject({ type: 'number', text: '30:45:23' })
})

function readExpected(name: string) {
  return JSON.parse(readFileSync(join(FIXTURES, 'expected', `${name}.json`), 'utf8'))
}

function cellsByPlace(rows: { number: number; cells: Cell[] }[]): Map<string, Cell> {
  const found = new Map<string, Cell>()
  for (const { number, cells } of rows) {
    for (const [column, cell] of cells.entries()) if (cell !== null) found.set(`${number - 1} ${column}`, cell)
  }
  return found
}

function expectCell(cell: Cell, kind: string, value: unknown, place: string): void {
  if (kind === 's' || kind === 'b') expect(cell, place).toBe(value)
  else if (kind === 'e') expect(cell, place).toEqual({ type: 'error', code: value })
  else if (kind === 'n') {
    const number = typeof cell === 'object' && cell?.type === 'number' ? cell.value : cell
    expect(number, place).toBeCloseTo(Number(value), 9)
  } else {
    const [, iso] = Array.isArray(value) ? value : []
    expect(cell, place).toMatchObject({ type: 'date' })
    // "1899-12-30T10:20:00.000" is how the readers write a time of day.
    if (typeof cell === 'object' && cell?.type === 'date') {
      const full = cell.value.includes('-') ? cell.value : `1899-12-30T${cell.value}`
      expect(full.includes('T') ? `${full}.000` : `${full}T00:00:00.000`, place).toBe(iso)
    }
  }
}
