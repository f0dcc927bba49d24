import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openSpreadsheet } from '../../../../src/spreadsheets/open.ts'
import { type PartToZip, readCells, refusalOf, tempFolder, xlsxOf, xlsxParts, zipOf } from '../../files.ts'
import { type OddPart, oddZip } from './odd-zip.ts'

const folder = tempFolder()
const SHEET = 'xl/worksheets/sheet1.xml'
const STRINGS = 'xl/sharedStrings.xml'
const DATA = '<row><c t="s"><v>0</v></c><c><v>2</v></c></row>'.repeat(2000)
const parts = (): PartToZip[] => xlsxParts({ sheets: [{ name: 'Sheet1', data: DATA }], strings: '<si><t>a</t></si>' })
const withPart = (part: OddPart) => [...parts().filter(({ name }) => name !== part.name), part]
const read = (bytes: Uint8Array) => readCells(folder.write('a.xlsx', bytes))
const each = (change: Partial<OddPart>): OddPart[] => parts().map(({ name, content }) => ({ name, content, ...change }))

describe('a package is read', () => {
  const cases: [title: string, bytes: () => Buffer][] = [
    ['with stored parts', () => oddZip(each({ stored: true }))],
    ['with data descriptors', () => oddZip(each({ descriptor: true }))],
    ['with data descriptors behind stored parts', () => oddZip(each({ stored: true, descriptor: true }))],
    ['as zip64', () => oddZip(each({ zip64: true }), { zip64: true })],
    ['as zip64 with data descriptors', () => oddZip(each({ zip64: true, descriptor: true }), { zip64: true })],
    ['with a comment at its end', () => oddZip(parts(), { comment: 'PK\x05\x06 is no end' })],
    ['with its parts in any order', () => oddZip(parts().reverse())],
    ['with folders among its parts', () => oddZip([{ name: 'xl/', content: '', stored: true }, ...parts()])],
  ]
  for (const [title, bytes] of cases) {
    it(title, async () => {
      const cells = await read(bytes())
      expect(cells.length).toBe(2000)
      expect(cells.at(-1)).toEqual(['a', 2])
    })
  }
})

describe('a package is refused', () => {
  const whole = Buffer.from(parts().find(({ name }) => name === SHEET)?.content ?? '')
  const packed = deflateRawSync(whole)
  const broken = Buffer.from(packed)
  broken.fill(0xff, packed.length / 2)
  const cases: [title: string, bytes: () => Buffer, code: string, sentence: RegExp][] = [
    [
      'whose sheet has another CRC',
      () => oddZip(withPart({ name: SHEET, content: whole, crc: 7 })),
      'damaged',
      /"xl\/worksheets\/sheet1.xml" .* is damaged/,
    ],
    [
      'whose texts have another CRC',
      () => oddZip(withPart({ name: STRINGS, content: '<sst><si><t>b</t></si></sst>', crc: 7 })),
      'damaged',
      /"xl\/sharedStrings.xml" .* is damaged/,
    ],
    [
      'whose stored sheet has another CRC',
      () => oddZip(withPart({ name: SHEET, content: whole, crc: 7, stored: true })),
      'damaged',
      /is damaged/,
    ],
    [
      'whose sheet stops while it is inflated',
      () => oddZip(withPart({ name: SHEET, content: whole, packed: packed.subarray(0, -9) })),
      'damaged',
      /is damaged/,
    ],
    [
      'whose sheet can not be inflated',
      () => oddZip(withPart({ name: SHEET, content: whole, packed: broken })),
      'damaged',
      /is damaged/,
    ],
    [
      'with a name that leads out of it',
      () => oddZip([...parts(), { name: '../../etc/passwd', content: 'a' }]),
      'damaged',
      /outside/,
    ],
    [
      'with two parts of one name but for its case',
      () => oddZip([...parts(), { name: SHEET.toUpperCase(), content: 'a' }]),
      'damaged',
      /twice/,
    ],
    [
      'of too many parts',
      () => zipOf([...parts(), ...Array.from({ length: 1000 }, (_, at) => ({ name: `${at}`, content: '' }))]),
      'too_large',
      /parts/,
    ],
  ]
  for (const [title, bytes, code, sentence] of cases) {
    it(title, async () => {
      const refusal = await refusalOf(() => read(bytes()))
      expect(refusal.code).toBe(code)
      expect(refusal.message).toMatch(sentence)
    })
  }

  it('that is encrypted', async () => {
    const bytes = zipOf(parts().map((part) => (part.name === SHEET ? { ...part, flags: 1 } : part)))
    expect((await refusalOf(() => read(bytes))).code).toBe('encrypted')
  })
})

describe('an attack is refused in flat memory', () => {
  async function refused(bytes: Buffer) {
    const path = folder.write('attack.xlsx', bytes)
    const start = performance.now()
    const before = process.memoryUsage().rss
    const refusal = await refusalOf(() => readCells(path))
    expect(performance.now() - start).toBeLessThan(20_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024)
    return refusal
  }

  it('a sheet of a gigabyte of nothing', async () => {
    const blanks = Buffer.alloc(64 * 1024 * 1024, 0x20)
    const content = Buffer.concat([Buffer.from('<worksheet><sheetData>'), blanks])
    expect((await refused(oddZip(withPart({ name: SHEET, content })))).message).toMatch(/more than 200 times/)
  })

  it('shared texts of a gigabyte of nothing', async () => {
    const content = `<sst>${'<si><t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</t></si>'.repeat(1_000_000)}</sst>`
    expect((await refused(oddZip(withPart({ name: STRINGS, content })))).message).toMatch(/more than 200 times/)
  })

  it('a workbook part and styles that are bombs', async () => {
    for (const name of ['xl/workbook.xml', 'xl/styles.xml', 'xl/_rels/workbook.xml.rels']) {
      const refusal = await refused(oddZip(withPart({ name, content: `<a>${' '.repeat(64 * 1024 * 1024)}</a>` })))
      expect(refusal.code).toBe('too_large')
    }
  })

  it('entities that expand to a billion laughs, in any part', async () => {
    const laughs = `<!DOCTYPE a [<!ENTITY a "ha">${Array.from({ length: 9 }, (_, at) => `<!ENTITY a${at} "${'&a;'.repeat(10)}">`).join('')}]>`
    for (const name of ['xl/workbook.xml', 'xl/styles.xml', 'xl/_rels/workbook.xml.rels', SHEET, STRINGS]) {
      const refusal = await refused(
        oddZip(withPart({ name, content: `<?xml version="1.0"?>${laughs}<sst>&a8;</sst>` })),
      )
      expect(refusal.message, name).toMatch(/entities/)
    }
  })

  it('tags without end, and rows that are one cell at the far end', async () => {
    const open = '<a'.repeat(8 * 1024 * 1024)
    for (const name of ['xl/workbook.xml', 'xl/styles.xml', SHEET, STRINGS]) {
      const refusal = await refused(oddZip(withPart({ name, content: open, stored: true })))
      expect(['damaged', 'too_large'], name).toContain(refusal.code)
    }
    const far = Array.from(
      { length: 60_000 },
      (_, at) => `<row r="${at + 1}"><c r="XFD${at + 1}"><v>${at}</v></c></row>`,
    )
    const path = folder.write('far.xlsx', xlsxOf(far.join('')))
    const before = process.memoryUsage().rss
    const spreadsheet = await openSpreadsheet(path, { maxCells: 2_000_000 })
    let places = 0
    const refusal = await refusalOf(async () => {
      for await (const { rows } of spreadsheet.rows('Sheet1')) places = Math.max(places, rows.length * 16_384)
    })
    spreadsheet.close()
    expect(refusal.code).toBe('too_large')
    expect(places).toBeLessThan(200_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024)
  })
})
