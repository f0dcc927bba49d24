import { expect, test } from 'vitest'
import { openSpreadsheet } from '../../src/spreadsheets/open.ts'
import { tempFolder, xlsxOf } from './files.ts'

const folder = tempFolder()
const LAST = 1_048_576

test('a sheet formatted down to its last row has the rows that were filled, and no others are held', async () => {
  const formatted = Array.from({ length: LAST - 4 }, (_, at) => `<row r="${at + 4}"><c r="A${at + 4}" s="0"/></row>`)
  const row = (number: number, value: string) =>
    `<row r="${number}"><c r="A${number}" t="inlineStr"><is><t>${value}</t></is></c></row>`
  const data = [row(1, 'SKU'), row(2, 'A1'), row(3, 'A2'), ...formatted, row(LAST, 'last')].join('')
  const spreadsheet = await openSpreadsheet(folder.write('phantom.xlsx', xlsxOf(data)))
  const numbers: number[] = []
  let batches = 0
  for await (const { rows } of spreadsheet.rows('Sheet1')) {
    batches += 1
    numbers.push(...rows.map(({ number }) => number))
  }
  spreadsheet.close()
  expect(numbers).toEqual([1, 2, 3, LAST])
  expect(batches).toBeLessThan(10)
})
