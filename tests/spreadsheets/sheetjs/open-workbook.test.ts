import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as XLSX from 'xlsx'
import { openSpreadsheet } from '../../../src/spreadsheets/open.ts'
import { FIXTURES, readCells, readRows, refusalOf, tempFolder, xlsxOf, xlsxParts, zipOf } from '../files.ts'

const folder = tempFolder()

async function cellsOf(data: string, rest: Parameters<typeof xlsxOf>[1] = {}) {
  return readCells(folder.write('cells.xlsx', xlsxOf(data, rest)))
}

/** One row of numbers, each with a number format of its own. */
async function formatted(cells: [value: number, format: string][], rest: { date1904?: boolean } = {}) {
  const escaped = cells.map(([, format]) => format.replaceAll('&', '&amp;').replaceAll('"', '&quot;'))
  const numFmts = escaped.map((format, at) => `<numFmt numFmtId="${200 + at}" formatCode="${format}"/>`).join('')
  const cellXfs = `<xf numFmtId="0"/>${cells.map((_, at) => `<xf numFmtId="${200 + at}"/>`).join('')}`
  const data = cells.map(([value], at) => `<c s="${at + 1}"><v>${value}</v></c>`).join('')
  return (await cellsOf(`<row r="1">${data}</row>`, { numFmts, cellXfs, ...rest }))[0]
}

const date = (value: string) => expect.objectContaining({ type: 'date', value })
const number = (value: number, text: string) => ({ type: 'number', value, text })

describe('a number', () => {
  it('in General format is plain, however long', async () => {
    const data = '<row><c><v>1234567890123456</v></c><c><v>0.1</v></c><c><v>1E-7</v></c><c><v>-5</v></c></row>'
    expect(await cellsOf(data)).toEqual([[1234567890123456, 0.1, 1e-7, -5]])
  })

  it('with a format carries what the person sees', async () => {
    const cells = await formatted([
      [42, '00000'],
      [0.125, '0.0%'],
      [1000, '"€" #,##0.00'],
      [-3, '0;[Red](0)'],
      [5, '0" days"'],
    ])
    expect(cells).toEqual([
      number(42, '00042'),
      number(0.125, '12.5%'),
      number(1000, '€ 1,000.00'),
      number(-3, '(3)'),
      number(5, '5 days'),
    ])
  })

  it('that its format hides, or writes as text, is plain', async () => {
    expect(
      await formatted([
        [7, ';;;'],
        [8, '@'],
        [9, 'General'],
      ]),
    ).toEqual([7, 8, 9])
  })

  it('with a format no program knows is seen as it is', async () => {
    expect(await formatted([[7, '0.0 "open']])).toMatchObject([{ type: 'number', value: 7 }])
  })

  it('that is not one is an error and not a value', async () => {
    expect(await cellsOf('<row><c><v>many</v></c></row>')).toEqual([[{ type: 'error', code: '#NUM!' }]])
  })
})

describe('a date', () => {
  it('is the day that Excel shows, also around the leap day that never was', async () => {
    const cells = await formatted([
      [1, 'yyyy-mm-dd'],
      [59, 'yyyy-mm-dd'],
      [61, 'yyyy-mm-dd'],
      [45350, 'dd.mm.yy'],
      [2958465, 'm/d/yyyy'],
    ])
    expect(cells).toEqual(['1900-01-01', '1900-02-28', '1900-03-01', '2024-02-28', '9999-12-31'].map(date))
  })

  it('that is none is the number: before 1900, its leap day that never was, and after 9999', async () => {
    const days = [-1, 0, 1, 59, 60, 61, 2_958_465, 2_958_466]
    expect(await formatted(days.map((day) => [day, 'yyyy-mm-dd']))).toEqual([
      -1,
      number(0, '1900-01-00'),
      date('1900-01-01'),
      date('1900-02-28'),
      number(60, '1900-02-29'),
      date('1900-03-01'),
      date('9999-12-31'),
      2_958_466,
    ])
  })

  it('counts from 1904 when the workbook does', async () => {
    expect(
      await formatted(
        [
          [0, 'yyyy-mm-dd'],
          [1, 'yyyy-mm-dd'],
        ],
        { date1904: true },
      ),
    ).toEqual(['1904-01-01', '1904-01-02'].map(date))
  })

  for (const bookType of ['xlsx', 'xlsb', 'biff8', 'biff5'] as const) {
    it(`counts from 1904 when the workbook does, also in a file of the kind ${bookType}`, async () => {
      const days = [1, 43_888, 43_888.4375]
      const sheet = XLSX.utils.aoa_to_sheet([days.map((v) => ({ t: 'n', v, z: 'yyyy-mm-dd hh:mm' }))])
      const book = { SheetNames: ['A'], Sheets: { A: sheet }, Workbook: { WBProps: { date1904: true } } }
      const path = folder.write(`1904-${bookType}`, XLSX.write(book, { type: 'buffer', bookType }))
      expect(await readCells(path)).toEqual([
        [
          { type: 'date', value: '1904-01-02T00:00:00', text: '1904-01-02 00:00' },
          { type: 'date', value: '2024-02-28T00:00:00', text: '2024-02-28 00:00' },
          { type: 'date', value: '2024-02-28T10:30:00', text: '2024-02-28 10:30' },
        ],
      ])
    })
  }

  it('has a time when its format shows one or its number has one', async () => {
    const cells = await formatted([
      [45350.4375, 'yyyy-mm-dd hh:mm'],
      [45350, 'yyyy-mm-dd hh:mm'],
      [45350.4375, 'yyyy-mm-dd'],
      [45350.99999999, 'yyyy-mm-dd hh:mm:ss'],
    ])
    expect(cells).toEqual(
      ['2024-02-28T10:30:00', '2024-02-28T00:00:00', '2024-02-28T10:30:00', '2024-02-29T00:00:00'].map(date),
    )
  })

  it('without a day is a time of day', async () => {
    const cells = await formatted([
      [0.4375, 'hh:mm'],
      [0, 'h:mm AM/PM'],
      [0.5, '[h]:mm'],
    ])
    expect(cells).toEqual(['10:30:00', '00:00:00', '12:00:00'].map(date))
  })

  it('in a format that is used without being said is a date from the first cell on', async () => {
    const data = '<row><c s="1"><v>45350</v></c><c s="1"><v>45351</v></c></row>'
    const cells = await cellsOf(data, { cellXfs: '<xf numFmtId="0"/><xf numFmtId="31"/>' })
    expect(cells).toEqual([['2024-02-28', '2024-02-29'].map(date)])
  })

  it('may be written as ISO text', async () => {
    const cells = await cellsOf('<row><c s="1" t="d"><v>2024-02-28T10:30:00</v></c></row>', {
      cellXfs: '<xf numFmtId="0"/><xf numFmtId="22"/>',
    })
    expect(cells).toEqual([[date('2024-02-28T10:30:00')]])
  })
})

describe('a text', () => {
  it('is whole when it is in runs, and without its reading aid', async () => {
    const strings =
      '<si><r><t xml:space="preserve">one </t></r><r><rPr><b/></rPr><t>two</t></r></si><si><t>課きく</t><rPh sb="0" eb="1"><t>か</t></rPh><phoneticPr fontId="1"/></si><si><t xml:space="preserve"> a&amp;b_x000D_\n_x005F_x0041_ </t></si>'
    const data =
      '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c></row>'
    expect(await cellsOf(data, { strings })).toEqual([['one two', '課きく', ' a&b\n_x0041_ ', 'inline']])
  })

  it('of nothing is no value', async () => {
    const data =
      '<row><c t="str"><v></v></c><c t="inlineStr"><is><t></t></is></c><c><v>1</v></c><c t="str"><v></v></c></row>'
    expect(await cellsOf(data)).toEqual([[null, null, 1]])
  })
})

it('a formula gives the value it had', async () => {
  const data =
    '<row><c><f>1+1</f><v>2</v></c><c t="str"><f>"a"</f><v>a</v></c><c t="b"><f>TRUE()</f><v>1</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c><f>never()</f></c><c t="e"><v>#N/A</v></c></row>'
  expect(await cellsOf(data)).toEqual([
    [2, 'a', true, { type: 'error', code: '#DIV/0!' }, null, { type: 'error', code: '#N/A' }],
  ])
})

it('rows keep their numbers, empty ones are left out and hidden ones are not', async () => {
  const data =
    '<row r="2"><c r="B2"><v>1</v></c></row><row r="3"><c r="A3" s="0"/></row><row r="7" hidden="1"><c r="A7"><v>2</v></c></row>'
  expect(await readRows(folder.write('rows.xlsx', xlsxOf(data)))).toEqual([
    { number: 2, cells: [null, 1] },
    { number: 7, cells: [2] },
  ])
})

it('a merged cell has its value at its top left', async () => {
  const rows = await readCells(join(FIXTURES, 'merged.xlsx'))
  expect(rows.flat().filter((cell) => cell === null).length).toBeGreaterThan(0)
})

describe('sheets', () => {
  const workbook = zipOf(
    xlsxParts({
      sheets: [
        { name: 'Blank', data: '<row><c s="0"/></row>' },
        { name: 'Secret', data: '<row><c><v>1</v></c></row>', state: 'veryHidden' },
        { name: 'A &amp; B', data: '<row><c><v>2</v></c></row>' },
      ],
    }),
  )

  it('tell their names, and whether they are hidden or empty', async () => {
    const path = folder.write('sheets.xlsx', workbook)
    const spreadsheet = await openSpreadsheet(path)
    spreadsheet.close()
    expect(spreadsheet.sheets).toEqual([
      { name: 'Blank', hidden: false, empty: true, rows: 0 },
      { name: 'Secret', hidden: true, empty: false },
      { name: 'A & B', hidden: false, empty: false },
    ])
    expect(await readCells(path, 'A & B')).toEqual([[2]])
    expect(await readCells(path, 'Blank')).toEqual([])
  })

  it('that are not there are refused by name', async () => {
    const path = folder.write('sheets.xlsx', workbook)
    const refusal = await refusalOf(() => readCells(path, 'Sheet9'))
    expect(refusal.code).toBe('sheet_not_found')
    expect(refusal.message).toBe('There is no sheet "Sheet9" in this file.')
    expect(refusal.hint).toContain('"A & B"')
  })

  it('that are all empty are refused', async () => {
    const refusal = await refusalOf(() => cellsOf('<row><c s="0"/></row>'))
    expect(refusal.code).toBe('no_sheet')
  })

  it('come in batches that tell how far the reading is', async () => {
    const data = Array.from({ length: 1201 }, () => '<row><c><v>1</v></c></row>').join('')
    const spreadsheet = await openSpreadsheet(folder.write('long.xlsx', xlsxOf(data)))
    const sizes: number[] = []
    const bytes: number[] = []
    for await (const batch of spreadsheet.rows('Sheet1')) {
      sizes.push(batch.rows.length)
      bytes.push(batch.bytesDone / batch.bytesTotal)
    }
    spreadsheet.close()
    expect(sizes).toEqual([...Array(12).fill(100), 1])
    expect(bytes.at(-1)).toBe(1)
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b))
  })
})

describe('the marks of an export', () => {
  const marked = (names: string) => openMarks(xlsxOf('<row><c><v>1</v></c></row>', { names }))
  async function openMarks(bytes: Buffer) {
    const spreadsheet = await openSpreadsheet(folder.write('marks.xlsx', bytes))
    spreadsheet.close()
    return spreadsheet.marks
  }
  const template = '<definedName name="Sheetport.template" hidden="1">"t1:7"</definedName>'

  it('follow their columns wherever they were moved, and forget those that were deleted', async () => {
    const columns =
      '<definedName name="Sheetport.caaaaaaa">\'My &apos;\'data\'!$AB$4</definedName><definedName name="Sheetport.cbbbbbbb">Sheet1!$A$1</definedName><definedName name="Sheetport.cccccccc">Sheet1!#REF!</definedName><definedName name="Other">Sheet1!$C$1</definedName>'
    expect(await marked(template + columns)).toEqual({
      templateId: 't1',
      version: 7,
      columns: new Map([
        [27, 'caaaaaaa'],
        [0, 'cbbbbbbb'],
      ]),
    })
  })

  it('are not there in a file of anybody else', async () => {
    expect(await marked('<definedName name="Print_Area">Sheet1!$A$1</definedName>')).toBeUndefined()
  })
})
