import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as XLSX from 'xlsx'
import { openSpreadsheet } from '../../../../src/spreadsheets/open.ts'
import type { OutSheet, OutValue } from '../../../../src/spreadsheets/out-sheet.ts'
import { sheetName, writeXlsx } from '../../../../src/spreadsheets/xlsx/write/write-xlsx.ts'
import { readCells, readPart, tempFolder } from '../../files.ts'

const folder = tempFolder()

const sheet: OutSheet = {
  name: "Ann's [list]: 1/2",
  columns: [
    { id: 'caaaaaaa', header: 'Name', type: 'text', width: 30 },
    { id: 'cbbbbbbb', header: 'Weight', type: 'number' },
    { id: 'cccccccc', header: 'Pieces', type: 'integer' },
    { id: 'cddddddd', header: 'Paid', type: 'boolean' },
    { id: 'ceeeeeee', header: 'Born', type: 'date' },
    { id: 'cfffffff', header: 'Seen', type: 'datetime' },
  ],
  rows: [
    [7, '=1+1', 1.5, 3, true, '2024-02-29', '2024-02-29T23:59:59'],
    [8, '00042', -1e-7, 1234567890123456, false, '1900-03-01', '9999-12-31T00:00:00'],
    [null, null, null, null, null, '1850-05-06', null],
  ],
  recordIds: true,
  marks: { templateId: 'tabc', version: 3 },
}

async function written(change: Partial<OutSheet> = {}): Promise<string> {
  const path = folder.path('out.xlsx')
  await writeXlsx(path, { ...sheet, ...change })
  return path
}

describe('what is written', () => {
  it('comes back with its types', async () => {
    const path = await written()
    const number = (value: number) => ({ type: 'number', value, text: String(value) })
    const date = (value: string) => ({ type: 'date', value, text: value.replace('T', ' ') })
    expect(await readCells(path)).toEqual([
      ['__record_id', 'Name', 'Weight', 'Pieces', 'Paid', 'Born', 'Seen'],
      [number(7), '=1+1', 1.5, number(3), true, date('2024-02-29'), date('2024-02-29T23:59:59')],
      [number(8), '00042', -1e-7, number(1234567890123456), false, date('1900-03-01'), date('9999-12-31T00:00:00')],
      [null, null, null, null, null, '1850-05-06'],
    ])
  })

  it('remembers its template and its columns', async () => {
    const spreadsheet = await openSpreadsheet(await written())
    spreadsheet.close()
    const ids = ['caaaaaaa', 'cbbbbbbb', 'cccccccc', 'cddddddd', 'ceeeeeee', 'cfffffff']
    const columns = new Map(ids.map((id, at) => [at + 1, id]))
    expect(spreadsheet.marks).toEqual({ templateId: 'tabc', version: 3, columns })
  })

  it('is understood by another reader: texts are texts, no cell is a formula', async () => {
    const book = XLSX.read(readFileSync(await written()), { cellFormula: true, cellStyles: true, cellNF: true })
    const found = book.Sheets[book.SheetNames[0] ?? '']
    expect(book.SheetNames).toEqual(["Ann's list 1 2"])
    expect(found?.B2).toMatchObject({ t: 's', v: '=1+1', z: '@' })
    expect(found?.B2.f).toBeUndefined()
    expect(found?.B3).toMatchObject({ t: 's', v: '00042' })
    expect(found?.E2).toMatchObject({ t: 'b', v: true })
    expect(found?.F2).toMatchObject({ z: 'yyyy-mm-dd', w: '2024-02-29' })
    expect(found?.G2).toMatchObject({ z: 'yyyy-mm-dd hh:mm:ss', w: '2024-02-29 23:59:59' })
    expect(found?.['!autofilter']).toEqual({ ref: 'A1:G4' })
    expect(found?.['!cols']?.[0]?.hidden).toBe(true)
    expect(found?.['!cols']?.[1]?.width).toBe(30)
  })

  it('has its header frozen, bold and filled', async () => {
    const path = await written()
    expect(await readPart(path, 'xl/worksheets/sheet1.xml')).toContain(
      '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>',
    )
    expect(await readPart(path, 'xl/worksheets/sheet1.xml')).toContain('<c r="B1" s="1" t="inlineStr">')
    expect(await readPart(path, 'xl/styles.xml')).toMatch(/<font><b\/>.*patternType="solid"/)
  })

  it('may be no row and no column', async () => {
    expect(await readCells(await written({ rows: [] }))).toHaveLength(1)
    await written({ rows: [[]], columns: [], recordIds: false })
  })

  it('is the same file for the same rows', async () => {
    const first = readFileSync(await written())
    expect(readFileSync(await written()).equals(first)).toBe(true)
  })

  it('tells how far it is', async () => {
    function* rows(): Generator<OutValue[]> {
      for (let at = 0; at < 1200; at += 1) yield [at, `row ${at}`]
    }
    const told: number[] = []
    const path = folder.path('told.xlsx')
    const result = await writeXlsx(path, { ...sheet, rows: rows(), onRow: (count) => told.push(count) })
    expect(told).toEqual([500, 1000, 1200])
    expect(result).toEqual({ rows: 1200, bytes: readFileSync(path).length, cutTexts: 0 })
  })
})

describe('what does not fit', () => {
  it('is cut when it is a text longer than a cell, and counted', async () => {
    const path = folder.path('long.xlsx')
    const long = `${'x'.repeat(32_766)}😀`
    const result = await writeXlsx(path, {
      name: 'Long',
      columns: [{ id: null, header: 'A', type: 'text' }],
      rows: [[long], ['y'.repeat(32_767)]],
    })
    expect(result.cutTexts).toBe(1)
    expect((await readCells(path)).slice(1)).toEqual([['x'.repeat(32_766)], ['y'.repeat(32_767)]])
  })

  it('is refused when it is more rows than a sheet, and nothing is left behind', async () => {
    function* rows(): Generator<OutValue[]> {
      for (let at = 0; at <= 1_048_575; at += 1) yield []
    }
    const path = folder.path('rows.xlsx')
    const writing = writeXlsx(path, { name: 'Rows', columns: [], rows: rows() })
    await expect(writing).rejects.toThrow(/more rows than an Excel sheet can hold/)
    expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false)
  })

  it('leaves nothing behind when its source fails', async () => {
    function* rows(): Generator<OutValue[]> {
      yield [1, 'a']
      throw new Error('The disk is gone.')
    }
    const path = folder.path('failed.xlsx')
    await expect(writeXlsx(path, { ...sheet, rows: rows() })).rejects.toThrow('The disk is gone.')
    expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false)
  })

  it('is made a name that a sheet may have', () => {
    expect(sheetName("'a/b'")).toBe('a b')
    expect(sheetName('  ')).toBe('Data')
    expect(sheetName('history')).toBe('Data')
    expect(sheetName('x'.repeat(40))).toHaveLength(31)
    expect(sheetName(`${'x'.repeat(30)}😀`)).toBe('x'.repeat(30))
  })
})
