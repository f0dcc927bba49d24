import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openBytes } from '../../../src/spreadsheets/byte-source.ts'
import { openSpreadsheet } from '../../../src/spreadsheets/open.ts'
import { checkZip, ZIP_LIMITS, type ZipLimits } from '../../../src/spreadsheets/zip/zip-check.ts'
import {
  FIXTURES,
  type PartToZip,
  readAll,
  readCells,
  refusalOf,
  refusedOrSame,
  tempFolder,
  xlsxOf,
  xlsxParts,
  zipOf,
} from '../files.ts'

const folder = tempFolder()
const ONE_CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'
const parts = () => xlsxParts({ sheets: [{ name: 'Sheet1', data: ONE_CELL }] })

async function check(bytes: Uint8Array, limits: Partial<ZipLimits> = {}) {
  const source = await openBytes(folder.write('check.xlsx', bytes))
  try {
    return await checkZip(source, { ...ZIP_LIMITS, ...limits })
  } finally {
    await source.close()
  }
}

function withPart(part: PartToZip): Buffer {
  return zipOf([...parts().filter(({ name }) => name !== part.name), part])
}

describe('a whole workbook', () => {
  it('passes, and tells which sheets have cells', async () => {
    const { facts } = await check(xlsxOf(ONE_CELL))
    expect(facts.get('xl/worksheets/sheet1.xml')).toEqual({ root: 'worksheet', cells: 1, hasValues: true })
  })

  it('counts cells and values whatever the prefix and wherever a piece ends', async () => {
    const rows = Array.from({ length: 50_000 }, (_, at) => {
      const text = `<x:c t="inlineStr"><x:is><x:t>${Math.sin(at)}</x:t></x:is></x:c>`
      return `<x:row><x:c s="1"/><x:c><x:v>${Math.cos(at)}</x:v></x:c>${text}</x:row>`
    })
    const content = `<x:worksheet xmlns:x="m"><x:cols><x:col/></x:cols>${rows.join('')}</x:worksheet>`
    const { facts } = await check(withPart({ name: 'xl/worksheets/sheet1.xml', content }))
    expect(facts.get('xl/worksheets/sheet1.xml')).toEqual({
      root: 'worksheet',
      cells: 150_000,
      hasValues: true,
    })
  })

  it('may be of styled but empty cells', async () => {
    const { facts } = await check(xlsxOf('<row r="1"><c r="A1" s="1"/><c r="B1" s="1"></c><c r="C1"><v></v></c></row>'))
    expect(facts.get('xl/worksheets/sheet1.xml')).toMatchObject({ cells: 3, hasValues: false })
  })
})

describe('a damaged workbook is refused before anything reads rows from it', () => {
  it('wherever it is cut off', async () => {
    const whole = readFileSync(join(FIXTURES, 'many-kinds.xlsx'))
    for (let percent = 1; percent < 100; percent += 7) {
      const path = folder.write('cut.xlsx', whole.subarray(0, Math.floor((whole.length * percent) / 100)))
      expect((await refusalOf(() => openSpreadsheet(path))).code, `${percent} %`).toBe('damaged')
    }
  })

  it('wherever its bytes are changed, unless nothing that is read depends on them', async () => {
    const good = readFileSync(join(FIXTURES, 'many-kinds.xlsx'))
    const whole = await readAll(join(FIXTURES, 'many-kinds.xlsx'))
    let refused = 0
    for (let at = 40; at < good.length - 16; at += 409) {
      const bytes = Buffer.from(good)
      bytes.fill((bytes[at] ?? 0) ^ 0xff, at, at + 16)
      if ((await refusedOrSame(folder.write('changed.xlsx', bytes), whole)) === 'refused') refused += 1
    }
    expect(refused).toBeGreaterThan(30)
  })

  const sheet = 'xl/worksheets/sheet1.xml'
  const cases: [title: string, bytes: () => Buffer, code: string, sentence: RegExp][] = [
    ['with a wrong CRC', () => withPart({ name: 'a.bin', content: 'a', crc: 7 }), 'damaged', /"a.bin" .* is damaged/],
    ['with a size that is not so', () => withPart({ name: 'a.bin', content: 'a', size: 9 }), 'damaged', /is damaged/],
    [
      'with a sheet that stops in the middle',
      () => withPart({ name: sheet, content: '<worksheet><sheetData><row>' }),
      'damaged',
      /cut off/,
    ],
    [
      'with a sheet in UTF-16',
      () => withPart({ name: sheet, content: Buffer.from('\ufeff<worksheet/>', 'utf16le') }),
      'damaged',
      /encoding/,
    ],
    [
      'with a part outside of the package',
      () => withPart({ name: 'xl/../../etc/passwd', content: 'a' }),
      'damaged',
      /outside/,
    ],
    ['with a part at the root of a disk', () => withPart({ name: 'C:\\a', content: 'a' }), 'damaged', /outside/],
    ['with a part twice', () => zipOf([...parts(), { name: sheet, content: 'a' }]), 'damaged', /twice/],
    [
      'with an entity',
      () => withPart({ name: 'xl/styles.xml', content: '<!DOCTYPE a [<!ENTITY b "c">]><styleSheet/>' }),
      'damaged',
      /entities/,
    ],
    [
      'with 1,001 parts',
      () => zipOf(Array.from({ length: 1001 }, (_, at) => ({ name: `${at}`, content: '' }))),
      'too_large',
      /1,000 parts/,
    ],
  ]
  for (const [title, bytes, code, sentence] of cases) {
    it(title, async () => {
      const refusal = await refusalOf(() => check(bytes()))
      expect(refusal.code).toBe(code)
      expect(refusal.message).toMatch(sentence)
    })
  }

  it('with parts that overlap', async () => {
    const bytes = xlsxOf(ONE_CELL)
    const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
    const first = bytes.readUInt32LE(end + 16)
    const second = bytes.indexOf(Buffer.from('PK\x01\x02', 'latin1'), first + 4)
    bytes.writeUInt32LE(bytes.readUInt32LE(first + 42), second + 42)
    expect((await refusalOf(() => check(bytes))).message).toMatch(/overlap/)
  })
})

describe('a workbook that unpacks to far more than it is', () => {
  it('is refused by its ratio, and held to the size that it claims', async () => {
    const content = Buffer.alloc(40 * 1024 * 1024, 0x20)
    expect((await refusalOf(() => check(withPart({ name: 'xl/a.xml', content })))).message).toMatch(
      /more than 200 times/,
    )
    const liar = withPart({ name: 'xl/a.xml', content, size: 10 })
    expect((await refusalOf(() => check(liar))).message).toMatch(/is damaged/)
  })

  it('is refused by the bytes of a part, of all parts, and by its cells', async () => {
    const bytes = xlsxOf(ONE_CELL.repeat(10))
    expect((await refusalOf(() => check(bytes, { maxPartBytes: 300 }))).code).toBe('too_large')
    expect((await refusalOf(() => check(bytes, { maxTotalBytes: 900 }))).code).toBe('too_large')
    expect((await refusalOf(() => check(bytes, { maxCells: 9 }))).message).toBe('This workbook has more than 9 cells.')
  })

  it('is refused when an ODS repeats a row a million times', async () => {
    const content = `<office:document-content xmlns:office="o"><table:table><table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1000" office:value-type="string"><text:p>a</text:p></table:table-cell></table:table-row></table:table></office:document-content>`
    const bytes = zipOf([
      { name: 'mimetype', content: 'application/vnd.oasis.opendocument.spreadsheet' },
      { name: 'META-INF/manifest.xml', content: '<manifest/>' },
      { name: 'content.xml', content },
    ])
    const path = folder.write('repeat.ods', bytes)
    expect((await refusalOf(() => openSpreadsheet(path))).message).toMatch(/stands for more than/)
  })
})

it('a cell in the last corner of a sheet is one row', async () => {
  const path = folder.write('corner.xlsx', xlsxOf(`${ONE_CELL}<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>`))
  const [first, last] = await readCells(path)
  expect(first).toEqual([1])
  expect(last?.length).toBe(16_384)
  expect(last?.at(-1)).toBe(2)
})

it('a cell beyond the last corner is refused', async () => {
  const path = folder.write('beyond.xlsx', xlsxOf('<row r="99999999"><c r="A99999999"><v>2</v></c></row>'))
  expect((await refusalOf(() => readCells(path))).code).toBe('damaged')
})
