import { describe, expect, it } from 'vitest'
import { openSpreadsheet } from '../../../../src/spreadsheets/open.ts'
import { type PartToZip, readCells, readRows, refusalOf, tempFolder, xlsxOf, xlsxParts, zipOf } from '../../files.ts'

const folder = tempFolder()
const SHEET = 'xl/worksheets/sheet1.xml'
const STRICT = 'http://purl.oclc.org/ooxml/spreadsheetml/main'

function parts(changed: Record<string, string>, data = '<row><c><v>1</v></c></row>'): PartToZip[] {
  const usual = xlsxParts({ sheets: [{ name: 'Sheet1', data }] })
  const kept = usual.filter(({ name }) => !(name in changed))
  return [...kept, ...Object.entries(changed).map(([name, content]) => ({ name, content }))]
}

const write = (changed: Record<string, string>) => folder.write('odd.xlsx', zipOf(parts(changed)))
const sheetOf = async (content: string) => readRows(write({ [SHEET]: content }))
const cellsOf = async (data: string, rest: Parameters<typeof xlsxOf>[1] = {}) =>
  readCells(folder.write('cells.xlsx', xlsxOf(data, rest)))

describe('a sheet is read', () => {
  const rows = [
    { number: 1, cells: ['a', 2] },
    { number: 2, cells: [null, true] },
  ]
  const content =
    '<P:row r="1"><P:c r="A1" t="inlineStr"><P:is><P:t>a</P:t></P:is></P:c><P:c r="B1"><P:f>1+1</P:f><P:v>2</P:v></P:c></P:row><P:row r="2"><P:c r="B2" t="b"><P:v>1</P:v></P:c></P:row>'
  const sheet = (prefix: string, namespace = 'main') =>
    `<P:worksheet xmlns:p="${namespace}"><P:sheetData>${content}</P:sheetData></P:worksheet>`.replaceAll('P:', prefix)

  it('with any prefix, in the transitional and the strict namespace', async () => {
    for (const prefix of ['', 'x:', 'c:', 'row:', 'ss-1.2:']) {
      expect(await sheetOf(sheet(prefix)), prefix).toEqual(rows)
      expect(await sheetOf(sheet(prefix, STRICT)), prefix).toEqual(rows)
    }
  })

  it('when rows and cells do not say where they are', async () => {
    const data = '<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c r="B3"><v>4</v></c><c><v>5</v></c></row>'
    expect(await sheetOf(`<worksheet><sheetData>${data}</sheetData></worksheet>`)).toEqual([
      { number: 1, cells: [1, null, 3] },
      { number: 3, cells: [null, 4, 5] },
    ])
  })

  it('when only its cells say which row it is', async () => {
    const data =
      '<row><c r="A5"><v>1</v></c></row><row><c r="B6"/><c r="C6"><v>2</v></c></row><row><c><v>3</v></c></row>'
    expect(await sheetOf(`<worksheet><sheetData>${data}</sheetData></worksheet>`)).toEqual([
      { number: 5, cells: [1] },
      { number: 6, cells: [null, null, 2] },
      { number: 7, cells: [3] },
    ])
  })

  it('when its cells come in any order, each of them once', async () => {
    const data =
      '<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c><c><v>2</v></c><c r="E1"><v>5</v></c><c r="D1" t="b"><v>0</v></c></row>'
    expect(await cellsOf(data)).toEqual([[1, 2, 3, false, 5]])
  })

  it('when a cell comes twice and says one thing, or nothing in one of its places', async () => {
    const cells = [
      '<c r="A1"><v>1</v></c><c r="A1"><v>1.0</v></c>',
      '<c r="B1" t="e"><v>#N/A</v></c><c r="B1" t="e"><v>#N/A</v></c>',
      '<c r="C1"/><c r="C1" t="str"><v>c</v></c><c r="C1"><f>1+1</f></c>',
    ]
    expect(await cellsOf(`<row r="1">${cells.join('')}</row>`)).toEqual([[1, { type: 'error', code: '#N/A' }, 'c']])
  })

  it('when a later cell is the first to say which row it is', async () => {
    const data = '<row><c><v>1</v></c><c r="B5"><v>2</v></c></row><row><c><v>3</v></c></row>'
    expect(await sheetOf(`<worksheet><sheetData>${data}</sheetData></worksheet>`)).toEqual([
      { number: 5, cells: [1, 2] },
      { number: 6, cells: [3] },
    ])
  })

  it('when its cells have something else where their names belong', async () => {
    const names = ['0', '1', '', 'D:1', '12']
    const cells = names.map((name, at) => `<c r="${name}"><v>${at + 1}</v></c>`)
    expect(await cellsOf(`<row r="1">${cells.join('')}</row><row>${cells.join('')}</row>`)).toEqual([
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ])
  })

  it('whatever its dimension claims', async () => {
    for (const dimension of ['', '<dimension ref="A1"/>', '<dimension ref="A1:XFD1048576"/>', '<dimension ref="?"/>']) {
      expect(
        await sheetOf(`<worksheet>${dimension}<sheetData>${content.replaceAll('P:', '')}</sheetData></worksheet>`),
      ).toEqual(rows)
    }
  })

  it('with attributes in any order, quotes of either kind, blanks and angles in them', async () => {
    const data = `<row spans='1:3' x:r="7" ht = "15"\n r = '2' foo="a>b"><c t='n' s = "0"\tr='B2' cm="/>"><v xml:space="preserve">5</v></c ></row >`
    expect(
      await sheetOf(`<?xml version='1.0'?><worksheet a="<"><sheetData>${data}</sheetData ></worksheet >\n`),
    ).toEqual([{ number: 2, cells: [null, 5] }])
  })

  it('with comments, instructions and CDATA wherever they may stand', async () => {
    const noise = '<!-- <c><v>9</v></c> --><?pi <row> ?>'
    const cell = `<c t="inlineStr">${noise}<is>${noise}<t>a${noise}&lt;<![CDATA[<b> & &amp;]]>c</t>${noise}</is></c>`
    const number = `<c>${noise}<v>1<!-- 9 -->2</v></c>`
    const data = `${noise}<row>${noise}${cell}${number}${noise}</row>${noise}`
    expect(
      await sheetOf(`${noise}<worksheet>${noise}<sheetData>${data}</sheetData>${noise}</worksheet>${noise}`),
    ).toEqual([{ number: 1, cells: ['a<<b> & &amp;c', 12] }])
  })

  it('without what extensions put between the cells', async () => {
    const extension = '<extLst><ext uri="{1}"><x14:c><x14:v>9</x14:v></x14:c><x14:row/></ext></extLst>'
    const data = `<row><c><v>1</v>${extension}</c><c>${extension}</c><c><v>3</v></c>${extension}</row>`
    expect(await sheetOf(`<worksheet><sheetData>${data}</sheetData>${extension}</worksheet>`)).toEqual([
      { number: 1, cells: [1, null, 3] },
    ])
  })
})

describe('a text', () => {
  it('is what the five entities, the character references and the escapes stand for', async () => {
    const text = '&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#x1F600;&nbsp;&amp;amp;_x0041__x005F_x0042__x41_&#x110000;'
    expect(await cellsOf(`<row><c t="inlineStr"><is><t>${text}</t></is></c></row>`)).toEqual([
      ['<>&"\'AB😀&nbsp;&amp;A_x0042__x41_\ufffd'],
    ])
  })

  it('keeps the blanks around it, and is not there when it is empty', async () => {
    const data =
      '<row><c t="inlineStr"><is><t xml:space="preserve">  a </t></is></c><c t="inlineStr"><is><t/></is></c><c t="inlineStr"><is/></c><c t="str"><v> </v></c></row>'
    expect(await cellsOf(data)).toEqual([['  a ', null, null, ' ']])
  })

  it('is joined of its runs, and their reading aids are left out', async () => {
    const rich =
      '<r><rPr><b/><rFont val="t"/></rPr><t>one </t></r><r><t>two\r</t></r><rPh sb="0" eb="1"><t>x</t></rPh><r><t>\n_x000D_</t></r><phoneticPr fontId="1"/>'
    const strings = `<si>${rich}</si><si><t>a</t></si><si/><si><rPh><t>x</t></rPh></si><si><t>ü</t><rPh><t>x</t></rPh></si>`
    const data = `<row>${[0, 1, 2, 3, 4].map((at) => `<c t="s"><v>${at}</v></c>`).join('')}<c t="inlineStr"><is>${rich}</is></c></row>`
    expect(await cellsOf(data, { strings })).toEqual([['one two\n\n', 'a', null, null, 'ü', 'one two\n\n']])
  })

  it('of an unknown type is a text, and one in a cell for a number as well', async () => {
    expect(await cellsOf('<row><c t="new"><v>x</v></c><c t="n"><is><t>y</t></is></c></row>')).toEqual([['x', 'y']])
  })

  it('that is shared but not there is damage', async () => {
    const refusal = await refusalOf(() => cellsOf('<row><c t="s"><v>2</v></c></row>', { strings: '<si><t>a</t></si>' }))
    expect(refusal.code).toBe('damaged')
    expect(refusal.message).toBe('A cell of this workbook refers to its shared text 3, and there are only 1.')
  })

  it('of more than 1 MB is refused', async () => {
    const long = 'a'.repeat(1024 * 1024)
    expect((await cellsOf(`<row><c t="str"><v>${long}</v></c></row>`))[0]).toEqual([long])
    const refusal = await refusalOf(() => cellsOf(`<row><c t="str"><v>${long}a</v></c></row>`))
    expect(refusal.code).toBe('too_large')
  })
})

describe('a value', () => {
  it('may be an error of any name', async () => {
    const data = '<row><c t="e"><v>#SPILL!</v></c><c t="e"><v>#N/A</v></c><c t="e"/></row>'
    expect(await cellsOf(data)).toEqual([
      [
        { type: 'error', code: '#SPILL!' },
        { type: 'error', code: '#N/A' },
      ],
    ])
  })

  it('may be an ISO date of any kind', async () => {
    const iso = [
      '2024-02-28',
      '2024-02-28T10:30',
      '2024-02-28T10:30:00.000Z',
      '1899-12-30T10:30:00',
      '1850-01-02',
      'soon',
    ]
    const data = `<row>${iso.map((text) => `<c t="d"><v>${text}</v></c>`).join('')}<c t="d" s="1"><v>2024-02-28</v></c></row>`
    const [cells] = await cellsOf(data, { cellXfs: '<xf numFmtId="0"/><xf numFmtId="14"/>' })
    expect(cells).toEqual([
      { type: 'date', value: '2024-02-28', text: '2024-02-28' },
      { type: 'date', value: '2024-02-28T10:30:00', text: '2024-02-28 10:30:00' },
      { type: 'date', value: '2024-02-28T10:30:00', text: '2024-02-28 10:30:00' },
      { type: 'date', value: '10:30:00', text: '10:30:00' },
      { type: 'date', value: '1850-01-02', text: '1850-01-02' },
      'soon',
      { type: 'date', value: '2024-02-28', text: '2/28/24' },
    ])
  })
})

describe('the parts of a package', () => {
  const workbook = (sheets: string) =>
    `<s:workbook xmlns:s="${STRICT}" xmlns:rel="r"><s:workbookPr date1904="true"/><s:sheets>${sheets}</s:sheets></s:workbook>`
  const relationships = (items: [id: string, type: string, target: string][]) =>
    `<Relationships>${items.map(([id, type, target]) => `<Relationship Target="${target}" Id="${id}" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/${type}"/>`).join('')}</Relationships>`
  const cell = (value: number) => `<worksheet><sheetData><row><c><v>${value}</v></c></row></sheetData></worksheet>`

  function opened(sheets: string, items: [string, string, string][], more: Record<string, string>) {
    const types = parts({}).filter(({ name }) => name === '[Content_Types].xml')
    const all: PartToZip[] = [
      { name: '_RELS/.rels', content: relationships([['a', 'officeDocument', '/Book/Main.xml']]) },
      { name: 'book/main.xml', content: workbook(sheets) },
      { name: 'book/_rels/main.xml.rels', content: relationships(items) },
      ...Object.entries(more).map(([name, content]) => ({ name, content })),
      ...types,
    ]
    return folder.write('parts.xlsx', zipOf(all))
  }

  it('are found through relationships, wherever they are and however they are written', async () => {
    const path = opened(
      '<s:sheet name="One" sheetId="1" rel:id="b"/><s:sheet name="Chart" sheetId="7" rel:id="e"/><s:sheet name="Two" sheetId="9" rel:id="a" state="hidden"/><s:sheet rel:id="c" name="A &amp; B" state="veryHidden"/>',
      [
        ['a', 'worksheet', '/Other/TWO.xml'],
        ['b', 'worksheet', '../sheets/./one%201.xml'],
        ['c', 'worksheet', 'deep\\three.xml'],
        ['e', 'chartsheet', 'chart.xml'],
      ],
      {
        'other/two.xml': cell(2),
        'sheets/One 1.xml': cell(1),
        'book/deep/Three.xml': cell(3),
        'book/chart.xml': '<chartsheet/>',
      },
    )
    const spreadsheet = await openSpreadsheet(path)
    spreadsheet.close()
    expect(spreadsheet.sheets).toEqual([
      { name: 'One', hidden: false, empty: false },
      { name: 'Two', hidden: true, empty: false },
      { name: 'A & B', hidden: true, empty: false },
    ])
    expect(await readCells(path, 'One')).toEqual([[1]])
    expect(await readCells(path, 'Two')).toEqual([[2]])
    expect(await readCells(path, 'A & B')).toEqual([[3]])
  })

  it('may be named with backslashes', async () => {
    const renamed = parts({}).map((part) => ({ ...part, name: part.name.replaceAll('/', '\\') }))
    expect(await readCells(folder.write('slashes.xlsx', zipOf(renamed)))).toEqual([[1]])
  })

  it('that the workbook names and the file lacks are damage with a sentence', async () => {
    const without = (part: string) => folder.write('less.xlsx', zipOf(parts({}).filter(({ name }) => name !== part)))
    const messages: string[] = []
    for (const name of [
      'xl/workbook.xml',
      SHEET,
      'xl/sharedStrings.xml',
      'xl/styles.xml',
      'xl/_rels/workbook.xml.rels',
    ]) {
      const refusal = await refusalOf(() => openSpreadsheet(without(name)))
      expect(refusal.code).toBe('damaged')
      messages.push(refusal.message)
    }
    expect(messages).toEqual([
      'The main part of this workbook is missing.',
      'The sheet "Sheet1" of this workbook is missing in the file.',
      'The part with the texts of this workbook is missing in the file.',
      'The part with the formats of this workbook is missing in the file.',
      'The sheet "Sheet1" of this workbook is missing in the file.',
    ])
  })

  it('that stop in the middle are damage', async () => {
    const cut: Record<string, string> = {
      'xl/workbook.xml': '<workbook><sheets><sheet name="a" r:id="rId1"/></sheets>',
      'xl/styles.xml': '<styleSheet><cellXfs><xf numFmtId="14"',
      'xl/sharedStrings.xml': '<sst><si><t>a</t></si>',
    }
    for (const [name, content] of Object.entries(cut)) {
      const refusal = await refusalOf(() => readCells(write({ [name]: content })))
      expect(refusal.message, name).toMatch(/cut off/)
    }
  })
})

describe('a sheet is refused', () => {
  const cases: [title: string, content: string, sentence: RegExp][] = [
    ['that has no end', '<worksheet><sheetData><row><c><v>1</v></c></row></sheetData>', /is cut off/],
    ['whose data have no end', '<worksheet><sheetData><row><c><v>1</v></c></row></worksheet>', /makes no sense/],
    ['that stops in a cell', '<worksheet><sheetData><row><c><v>1</v></c><c><v>1', /is cut off/],
    [
      'that goes on behind its end',
      '<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet><',
      /is cut off/,
    ],
    [
      'whose rows stand in each other',
      '<worksheet><sheetData><row><c><v>1</v></c><row/></row></sheetData></worksheet>',
      /makes no sense/,
    ],
    [
      'whose rows go back',
      '<worksheet><sheetData><row r="3"><c><v>1</v></c></row><row r="2"/></sheetData></worksheet>',
      /row 2 comes after row 3/,
    ],
    [
      'whose row comes twice',
      '<worksheet><sheetData><row r="3"><c><v>1</v></c></row><row r="3"/></sheetData></worksheet>',
      /row 3 comes after row 3/,
    ],
    [
      'whose rows go back by their cells',
      '<worksheet><sheetData><row r="3"><c><v>1</v></c></row><row><c r="A2"><v>1</v></c></row></sheetData></worksheet>',
      /row 2 comes after row 3/,
    ],
    [
      'in which a cell stands in a row that is not its own',
      '<worksheet><sheetData><row r="3"><c r="A3"><v>1</v></c><c r="AB4"><v>2</v></c></row></sheetData></worksheet>',
      /^In the sheet "Sheet1" the cell AB4 stands in row 3\.$/,
    ],
    [
      'in which two cells of a row name two rows',
      '<worksheet><sheetData><row><c r="A3"/><c r="B4"><v>2</v></c></row></sheetData></worksheet>',
      /the cell B4 stands in row 3/,
    ],
    [
      'in which a cell comes twice with different values',
      '<worksheet><sheetData><row r="7"><c r="AB7"><v>1</v></c><c r="C7"><v>1</v></c><c r="AB7"><v>2</v></c></row></sheetData></worksheet>',
      /^In the sheet "Sheet1" the cell AB7 comes twice, with different values\.$/,
    ],
    [
      'in which a cell comes twice, once as a number and once as a text',
      '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="A1" t="str"><v>1</v></c></row></sheetData></worksheet>',
      /the cell A1 comes twice/,
    ],
    [
      'beyond the last row',
      '<worksheet><sheetData><row r="1048577"><c><v>1</v></c></row></sheetData></worksheet>',
      /no worksheet has/,
    ],
    [
      'beyond the last column',
      '<worksheet><sheetData><row><c r="XFE1"><v>1</v></c></row></sheetData></worksheet>',
      /no worksheet has/,
    ],
    ['that is something else', '<html><sheetData/></html>', /something else/],
    ['of nothing', '', /cut off/],
    ['that declares entities', '<!DOCTYPE a [<!ENTITY b "c">]><worksheet><sheetData/></worksheet>', /entities/],
    [
      'that declares entities among its cells',
      '<worksheet><sheetData><row><c><v>1</v></c></row><!ENTITY a "b"></sheetData></worksheet>',
      /entities/,
    ],
    [
      'whose tag has no end',
      '<worksheet><sheetData><row><c r<v>1</v></c></row></sheetData></worksheet>',
      /makes no sense/,
    ],
  ]
  for (const [title, content, sentence] of cases) {
    it(title, async () => {
      const refusal = await refusalOf(() => sheetOf(content))
      expect(refusal.code).toBe('damaged')
      expect(refusal.message).toMatch(sentence)
      expect(refusal.message).toMatch(/\.$/)
    })
  }

  it('of more cells than it may have, the empty places before them included', async () => {
    const read = async (data: string) => {
      const spreadsheet = await openSpreadsheet(folder.write('many.xlsx', xlsxOf(data)), { maxCells: 1500 })
      try {
        for await (const _ of spreadsheet.rows('Sheet1'));
      } finally {
        spreadsheet.close()
      }
    }
    const row = '<row><c><v>1</v></c></row>'
    await read(row.repeat(1500))
    expect((await refusalOf(() => read(row.repeat(1501)))).message).toBe('This workbook has more than 1,500 cells.')
    const wide = '<row><c r="XFD1"><v>1</v></c></row>'.replaceAll(' r="XFD1"', ' r="XFD"')
    expect((await refusalOf(() => read(wide.repeat(2)))).code).toBe('too_large')
  })
})

it('whether a sheet is empty is known without reading it all', async () => {
  const broken = `<worksheet><sheetData>${'<row><c><v>1</v></c></row>'.repeat(50_000)}`
  const path = write({ [SHEET]: broken })
  const spreadsheet = await openSpreadsheet(path)
  expect(spreadsheet.sheets[0]?.empty).toBe(false)
  let rows = 0
  const refusal = await refusalOf(async () => {
    for await (const batch of spreadsheet.rows('Sheet1')) rows += batch.rows.length
  })
  spreadsheet.close()
  expect(rows).toBe(50_000)
  expect(refusal.message).toBe('The sheet "Sheet1" of this workbook is cut off.')
})

it('a million empty rows with a style are passed over quickly', async () => {
  const phantoms: string[] = []
  for (let at = 3; at <= 1_048_575; at += 1)
    phantoms.push(`<row r="${at}" s="1"><c r="A${at}" s="1"/><c r="B${at}" s="1"/></row>`)
  const data = `<row r="2"><c><v>1</v></c></row>${phantoms.join('')}<row r="1048576"><c><v>2</v></c></row>`
  const path = folder.write('phantoms.xlsx', xlsxOf(data))
  const start = performance.now()
  expect(await readRows(path)).toEqual([
    { number: 2, cells: [1] },
    { number: 1_048_576, cells: [2] },
  ])
  expect(performance.now() - start).toBeLessThan(30_000)
})
