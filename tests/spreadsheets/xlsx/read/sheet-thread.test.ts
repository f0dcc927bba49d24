import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Row } from '../../../../src/spreadsheets/cell.ts'
import { openSpreadsheet } from '../../../../src/spreadsheets/open.ts'
import { type Spreadsheet, SpreadsheetError } from '../../../../src/spreadsheets/spreadsheet.ts'
import { NumberCells } from '../../../../src/spreadsheets/xlsx/read/number-cells.ts'
import { SheetThread } from '../../../../src/spreadsheets/xlsx/read/sheet-thread.ts'
import { unpackRows } from '../../../../src/spreadsheets/xlsx/read/unpack-rows.ts'
import { Xlsx } from '../../../../src/spreadsheets/xlsx/read/xlsx-file.ts'
import { FIXTURES, tempFolder, xlsxParts, zipOf } from '../../files.ts'

const folder = tempFolder()
const OPTIONS = { maxCells: 1e8, inThread: true }
const NUMBERS = new NumberCells([undefined, '0.00'], false)

/** Two sheets that are large enough for a thread: their texts can't be packed. */
function largeWorkbook(): string {
  const row = (n: number) => {
    const noise = Math.imul(n, 0x9e3779b1).toString(36) + Math.sin(n).toString(36)
    return `<row r="${n}"><c t="inlineStr"><is><t>${noise}${noise}</t></is></c><c s="1"><v>${n / 7}</v></c><c t="s"><v>${n % 3}</v></c></row>`
  }
  const data = Array.from({ length: 60_000 }, (_, at) => row(at + 1)).join('')
  const sheets = [
    { name: 'One', data },
    { name: 'Two', data: data.replaceAll('<v>1</v>', '<v>2</v>') },
  ]
  const texts = ['red', 'Grün', ''].map((text) => `<si><t>${text}</t></si>`).join('')
  return folder.write(
    'large.xlsx',
    zipOf(xlsxParts({ sheets, strings: texts, cellXfs: '<xf numFmtId="0"/><xf numFmtId="2"/>' })),
  )
}

async function all(spreadsheet: Spreadsheet, sheet: string): Promise<Row[]> {
  const rows: Row[] = []
  for await (const batch of spreadsheet.rows(sheet)) rows.push(...batch.rows)
  return rows
}

async function both(file: string): Promise<[Spreadsheet, Spreadsheet]> {
  const [here, there] = [await openSpreadsheet(file), await openSpreadsheet(file, { inThread: true })]
  onTestFinished(() => {
    here.close()
    there.close()
  })
  return [here, there]
}

test('a large sheet that a thread reads has the same rows', async () => {
  const [here, there] = await both(largeWorkbook())
  const rows = await all(there, 'One')
  expect(rows).toHaveLength(60_000)
  expect(rows).toEqual(await all(here, 'One'))
})

test('one thread reads two sheets at once, and goes on when one of them is wanted no more', async () => {
  const [here, there] = await both(largeWorkbook())
  for await (const { rows } of there.rows('One')) {
    expect(rows[0]?.number).toBe(1)
    break
  }
  const [one, two] = await Promise.all([all(there, 'One'), all(there, 'Two')])
  expect(one).toEqual(await all(here, 'One'))
  expect(two).toEqual(await all(here, 'Two'))
})

test('a sheet that is damaged further on is refused with the same words after the same rows', async () => {
  const parts = zipOf(
    xlsxParts({ sheets: [{ name: 'One', data: '<row><c><v>1</v></c></row>'.repeat(5000) }] }).map((part) =>
      part.name.endsWith('sheet1.xml') ? { ...part, content: String(part.content).slice(0, -40) } : part,
    ),
  )
  const cut = folder.write('cut.xlsx', parts)
  const xlsx = await Xlsx.open(cut, OPTIONS)
  const thread = new SheetThread({ path: cut, options: OPTIONS })
  onTestFinished(async () => {
    thread.close()
    await xlsx.close()
  })
  const [sheet] = xlsx.workbook.sheets
  if (sheet === undefined) throw new Error('there is no sheet')
  const here = await outcome(xlsx.loads(sheet))
  expect(here).toMatchObject({ error: { code: 'damaged', message: expect.stringContaining('cut off') } })
  expect(here.rows.length).toBeGreaterThan(100)
  expect(await outcome(thread.loads(sheet))).toEqual(here)
})

test('every sheet of the workbooks of others is the same from a thread', async () => {
  const files = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((name) => /\.xlsx$/i.test(name))
  let compared = 0
  for (const name of files) {
    const path = join(FIXTURES, name)
    const xlsx = await Xlsx.open(path, OPTIONS).catch(() => undefined)
    if (xlsx === undefined) continue
    const thread = new SheetThread({ path, options: OPTIONS })
    for (const sheet of xlsx.workbook.sheets) {
      expect(await outcome(thread.loads(sheet)), `${name} ${sheet.name}`).toEqual(await outcome(xlsx.loads(sheet)))
      compared += 1
    }
    thread.close()
    await xlsx.close()
  }
  expect(compared).toBeGreaterThan(15)
})

type Outcome = { rows: Row[]; error: { code: string; message: string; hint: string } | null }

async function outcome(loads: ReturnType<Xlsx['loads']>): Promise<Outcome> {
  const rows: Row[] = []
  try {
    for await (const { packed } of loads)
      rows.push(...[...unpackRows(packed, { numbers: NUMBERS, sheet: 'Sheet1' })].flat())
    return { rows, error: null }
  } catch (error) {
    if (!(error instanceof SpreadsheetError)) throw error
    const { code, message, hint } = error
    return { rows, error: { code, message, hint } }
  }
}

test('a file that is gone before the thread opens it is an error with its code', async () => {
  const file = folder.path('gone.xlsx')
  writeFileSync(file, zipOf(xlsxParts({ sheets: [{ name: 'One', data: '' }] })))
  const xlsx = await Xlsx.open(file, OPTIONS)
  const [sheet] = xlsx.workbook.sheets
  const thread = new SheetThread({ path: folder.path('never.xlsx'), options: OPTIONS })
  onTestFinished(async () => {
    thread.close()
    await xlsx.close()
  })
  if (sheet === undefined) throw new Error('there is no sheet')
  await expect(thread.loads(sheet).next()).rejects.toMatchObject({ code: 'ENOENT' })
})
