import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as XLSX from 'xlsx'
import type { Cell } from '../../../../src/spreadsheets/cell.ts'
import type { OutColumn, OutValue } from '../../../../src/spreadsheets/out-sheet.ts'
import { formatNumber, readXls } from '../../../../src/spreadsheets/sheetjs/sheetjs.ts'
import { toCell } from '../../../../src/spreadsheets/sheetjs/workbook-cell.ts'
import { parseIndex, parseNumber } from '../../../../src/spreadsheets/xlsx/read/number-bytes.ts'
import { NumberCells } from '../../../../src/spreadsheets/xlsx/read/number-cells.ts'
import { quickDateText } from '../../../../src/spreadsheets/xlsx/read/quick-dates.ts'
import { writeXlsx } from '../../../../src/spreadsheets/xlsx/write/write-xlsx.ts'
import { readCells, readRows, tempFolder } from '../../files.ts'

const folder = tempFolder()

const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  fc.constantFrom(' a ', '_x0041_', 'a\nb', '&amp;', '<c>', ']]>', '00123', '😀', 'é'.repeat(200)),
)
const number = fc
  .oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -1e7, max: 1e7 }).map((each) => each / 100),
  )
  // A zero that is written has no sign.
  .map((each) => each + 0)
const day = fc.integer({ min: 61, max: 2_958_465 })
const serial = fc.oneof(
  day,
  fc.tuple(day, fc.integer({ min: 0, max: 86_399 })).map(([days, s]) => days + s / 86_400),
)

const trimmed = (cells: Cell[]) => cells.slice(0, cells.findLastIndex((cell) => cell !== null) + 1)

describe('what is written is read', () => {
  const types: OutColumn['type'][] = ['text', 'number', 'integer', 'boolean', 'date', 'datetime']
  const columns: OutColumn[] = types.map((type) => ({ id: type, header: type, type }))
  const iso = day.map((each) => new Date(Date.UTC(1899, 11, 30) + each * 86_400_000).toISOString().slice(0, 10))
  const row = fc.tuple(
    fc.option(text),
    fc.option(number),
    fc.option(fc.integer()),
    fc.option(fc.boolean()),
    fc.option(iso),
    fc.option(
      fc
        .tuple(iso, fc.integer({ min: 0, max: 86_399 }))
        .map(([date, s]) => `${date}T${new Date(s * 1000).toISOString().slice(11, 19)}`),
    ),
  )

  it('value by value, in rows of every type', async () => {
    const property = fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
      const path = folder.path('written.xlsx')
      await writeXlsx(path, { name: 'Any', columns, rows: rows.map((each): OutValue[] => [...each]) })
      const found = await readRows(path)
      const expected = rows
        .map((values, at) => ({
          number: at + 2,
          cells: trimmed(values.map((value, column) => cellOf(value, types[column]))),
        }))
        .filter(({ cells }) => cells.length > 0)
      expect(found.slice(1)).toEqual(expected)
    })
    await fc.assert(property, { numRuns: 100 })
  })

  function cellOf(value: OutValue, type: OutColumn['type'] | undefined): Cell {
    if (value === null || value === '') return null
    if (type === 'integer' && typeof value === 'number') return { type: 'number', value, text: String(value) }
    if (type === 'date' || type === 'datetime') {
      return { type: 'date', value: String(value), text: String(value).replace('T', ' ') }
    }
    return typeof value === 'string' ? value.replace(/\r\n?/g, '\n') : value
  }
})

describe('the library reads the same', () => {
  const formats = ['0', '0.00', '#,##0', '#,##0.00', '0%', 'yyyy-mm-dd', 'm/d/yy h:mm', 'h:mm', '@', '# ?/?', '"€" 0.0']
  const cell: fc.Arbitrary<XLSX.CellObject | null> = fc.oneof(
    fc.constant(null),
    // The library reads "&amp;amp;" as "&".
    text.filter((each) => !each.includes('&')).map((v) => ({ t: 's' as const, v })),
    number.map((v) => ({ t: 'n' as const, v })),
    fc.boolean().map((v) => ({ t: 'b' as const, v })),
    fc.constant({ t: 'e' as const, v: 42 }),
    fc.tuple(fc.oneof(serial, number), fc.constantFrom(...formats)).map(([v, z]) => ({ t: 'n' as const, v, z })),
    fc.integer({ min: 1, max: 99 }).map((v) => ({ t: 'n' as const, v, f: `${v}+0` })),
  )

  it('from workbooks that it wrote itself', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.array(cell, { maxLength: 8 }), { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      fc.boolean(),
      async (rows, bookSST, date1904) => {
        const dense = rows.map((cells) => cells.map((each) => each ?? undefined))
        const sheet = { '!type': 'sheet', '!ref': `A1:H${rows.length}`, '!data': dense } as unknown as XLSX.WorkSheet
        const book: XLSX.WorkBook = { SheetNames: ['A'], Sheets: { A: sheet }, Workbook: { WBProps: { date1904 } } }
        const bytes: Buffer = XLSX.write(book, { type: 'buffer', bookType: 'xlsx', bookSST })
        const library = await readXls(bytes)
        const theirs = (library.Sheets.A?.['!data'] ?? []).map((cells) =>
          trimmed(Array.from(cells ?? [], (each) => toCell(each, date1904))),
        )
        const expected = theirs.filter((cells) => cells.length > 0)
        fc.pre(expected.length > 0)
        expect(await readCells(folder.write('theirs.xlsx', bytes))).toEqual(expected)
      },
    )
    await fc.assert(property, { numRuns: 100 })
  })
})

describe('a number', () => {
  const parse = (written: string) => parseNumber(Buffer.from(`"${written}"`), 1, written.length + 1)

  it('is the one that its digits mean, to the last bit', () => {
    fc.assert(
      fc.property(number, (value) => Object.is(parse(String(value)), value)),
      { numRuns: 2000 },
    )
    const decimal = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 0, max: 25 }))
    fc.assert(
      fc.property(decimal, fc.boolean(), ([digits, places], isNegative) => {
        const all = digits.toString().padStart(places + 1, '0')
        const written = `${isNegative ? '-' : ''}${all.slice(0, all.length - places)}.${all.slice(all.length - places)}`
        return Object.is(parse(written), Number(written))
      }),
      { numRuns: 2000 },
    )
    for (const written of ['0', '-0', '1.', '.5', '-.5', ' 1 ', '+1', '1e5', '1E-7', '-1.5E+300', '9007199254740993']) {
      expect(parse(written), written).toBe(Number(written))
    }
    for (const written of ['', '-', '.', '1a', '0x10', '1,5', '1 2', 'Infinity', '--1', 'INF'])
      expect(parse(written), written).toBeNaN()
  })

  it('of an index is whole', () => {
    const index = (written: string) => parseIndex(Buffer.from(written), 0, written.length)
    expect(['0', '12', ' 7\n', '+3'].map(index)).toEqual([0, 12, 7, 3])
    expect(['', ' ', '-1', '1.5', 'a', '1 2', '1234567890123456'].map(index)).toEqual(new Array(7).fill(-1))
  })
})

describe('what is seen in a plain format', () => {
  const plain = ['0', '0.0', '0.00', '0.000', '#,##0', '#,##0.0', '#,##0.00']
  const dates =
    'yyyy-mm-dd|yyyy-mm-dd hh:mm:ss|m/d/yy|m/d/yy h:mm|d-mmm-yy|d-mmm|mmm-yy|h:mm AM/PM|h:mm:ss|mm:ss|dd/mm/yyyy|dd\\.mm\\.yyyy;@|[$-409]d mmmm yyyy|yyyy"年"m"月"d"日"|m|s|hh:m|ddd|h:mm:ss.00'
  const value = fc.oneof(number, serial, fc.double({ min: 0, max: 3e6, noNaN: true }), fc.integer({ min: -5, max: 70 }))

  it('is what the library would show', () => {
    for (const format of [...plain, ...dates.split('|')]) {
      const cells = new NumberCells([format], false)
      const property = fc.property(value, (each) => {
        // On the last day of all the library shows nothing once it has a time.
        fc.pre(Math.floor(each) < 2_958_465 && !Object.is(each, -0))
        expect(cells.cell(each, 0), format).toEqual(toCell({ t: 'n', v: each, z: format }, false))
      })
      fc.assert(property, { numRuns: 300 })
    }
  })

  it('is a date with points too, which the library can not show', () => {
    const moment = { year: 2024, month: 2, day: 8, hour: 15, minute: 4, second: 5 }
    expect(quickDateText('dd.mm.yyyy')?.(moment)).toBe('08.02.2024')
    expect(quickDateText('d.m.yy h:mm AM/PM')?.(moment)).toBe('8.2.24 3:04 PM')
    expect(quickDateText('ss.00')).toBeUndefined()
    expect(() => formatNumber('dd.mm.yyyy', 45_330, false)).toThrow()
  })
})
