import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cell } from '../../src/spreadsheets/cell.ts'
import { escapeFormula, unescapeFormula } from '../../src/spreadsheets/csv/formula-escape.ts'
import { writeCsv } from '../../src/spreadsheets/csv/write-csv.ts'
import type { OutColumn, OutValue } from '../../src/spreadsheets/out-sheet.ts'
import { writeXlsx } from '../../src/spreadsheets/xlsx/write/write-xlsx.ts'
import { readCells, tempFolder } from './files.ts'

const folder = tempFolder()

/** What people write, and what breaks files: quotes, delimiters, line breaks, formulas, escapes, half characters. */
const pieces = [
  'a',
  'ä',
  '😀',
  ' ',
  '"',
  "'",
  ',',
  ';',
  '\t',
  '|',
  '\n',
  '\r\n',
  '\r',
  '=',
  '+',
  '-',
  '@',
  '＝',
  '<',
  '&',
  ']]>',
  '_x000D_',
  '_x005F_',
  '_',
  'x0041_',
  '0',
  '1.5',
  '\ud83d',
  '\ufeff',
  'sep=;',
  '\0',
  '\u00a0',
]
// biome-ignore lint/suspicious/noControlCharactersInRegex: a text full of control characters is taken for no text
const CONTROLS = /[\x00-\x08\x0e-\x1f]/g

const text = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }).map((each) => each.replace(CONTROLS, '')),
)

/** What a text is when it comes back: line breaks are LF, half characters are U+FFFD, NULs are gone, nothing is null. */
const expected = (value: string) => value.replaceAll('\0', '').toWellFormed().replace(/\r\n?/g, '\n') || null

const columnsOf = (count: number): OutColumn[] =>
  Array.from({ length: count }, (_, at) => ({ id: `c${at}`, header: `Column ${at}`, type: 'text' }))

const table = fc
  .integer({ min: 1, max: 4 })
  .chain((width) => fc.array(fc.array(text, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }))

const trimEnd = (row: Cell[]) => row.slice(0, row.findLastIndex((cell) => cell !== null) + 1)

async function comesBack(rows: string[][], write: (rows: OutValue[][], columns: OutColumn[]) => Promise<string>) {
  const path = await write(rows, columnsOf(rows[0]?.length ?? 0))
  const [, ...found] = await readCells(path)
  expect(found).toEqual(rows.map((row) => trimEnd(row.map(expected))).filter((row) => row.length > 0))
}

describe('any text that is written comes back as it was', () => {
  it('from an XLSX', async () => {
    const write = async (rows: OutValue[][], columns: OutColumn[]) => {
      const path = folder.path('any.xlsx')
      await writeXlsx(path, { name: 'Any', columns, rows })
      return path
    }
    await fc.assert(
      fc.asyncProperty(table, (rows) => comesBack(rows, write)),
      { numRuns: 150 },
    )
  })

  for (const delimiter of [',', ';'] as const) {
    it(`from a CSV with ${delimiter}`, async () => {
      const write = async (rows: OutValue[][], columns: OutColumn[]) => {
        const path = folder.path('any.csv')
        await writeCsv(path, { name: 'Any', columns, rows }, { delimiter })
        return path
      }
      await fc.assert(
        fc.asyncProperty(table, (rows) => comesBack(rows, write)),
        { numRuns: 300 },
      )
    })
  }

  it('through the escape that keeps it from being run', () => {
    fc.assert(fc.property(text, (value) => unescapeFormula(escapeFormula(value)) === value))
    fc.assert(fc.property(text, (value) => !/^[=+\-@\t\r\n]/.test(escapeFormula(value))))
  })
})
