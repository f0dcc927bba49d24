import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openBytes } from '../../../../src/spreadsheets/byte-source.ts'
import type { Cell, Row } from '../../../../src/spreadsheets/cell.ts'
import { NumberCells } from '../../../../src/spreadsheets/xlsx/read/number-cells.ts'
import { type PackedRows, RowPacker } from '../../../../src/spreadsheets/xlsx/read/packed-rows.ts'
import { SharedStrings, StringsScanner } from '../../../../src/spreadsheets/xlsx/read/shared-strings.ts'
import { SheetScanner } from '../../../../src/spreadsheets/xlsx/read/sheet-scanner.ts'
import { unpackRows } from '../../../../src/spreadsheets/xlsx/read/unpack-rows.ts'
import { listZip, readWholeZipPart } from '../../../../src/spreadsheets/zip/zip.ts'
import { FIXTURES } from '../../files.ts'

const ODD_SHEET = `\ufeff<?xml version="1.0"?><!-- > --><x:worksheet xmlns:x="m"><x:dimension ref="A1"/><x:cols><x:col min="1"/></x:cols>
<x:sheetData><x:row r="1" spans='1:3'><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="B1" s="1"><x:f>A1&amp;"&lt;"</x:f><x:v>-12.5e3</x:v></x:c>
<!-- c --><x:c t="inlineStr" r='AA1'><x:is><x:r><x:t xml:space="preserve"> ä😀&#x1F600;</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh><x:r><x:t>_x000D_<![CDATA[<&]]>b</x:t></x:r></x:is></x:c></x:row>
<x:row/><x:row><x:c t="b"><x:v>1</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c><x:c s="1"/><x:c t="str"><x:v>é</x:v></x:c><x:extLst><x:ext><y:c/></x:ext></x:extLst></x:row>
</x:sheetData><?pi ?><x:autoFilter ref="A1"/></x:worksheet> `

const ODD_STRINGS = `<?xml version="1.0"?><x:sst xmlns:x="m" count="9"><x:si><x:t>one</x:t></x:si><x:si/><x:si><x:t xml:space="preserve"> ü &amp; 😀</x:t></x:si><!-- <si> --><x:si><x:r><x:t>a</x:t></x:r><x:rPh><x:t>x</x:t></x:rPh><x:r><x:t>_x0041_</x:t></x:r></x:si><x:extLst><x:ext/></x:extLst></x:sst>\n`

const OPTIONS = { numbers: new NumberCells([undefined, '0.00'], false), sheet: 'Sheet1' }
const SOURCE = {
  packInto: (pack: RowPacker, column: number, index: number) => {
    pack.addText(column, `shared ${index}`)
    return true
  },
}

function* inPieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

function scanSheet(pieces: Iterable<Buffer>): Row[] {
  const scanner = new SheetScanner(SOURCE, { sheet: 'Sheet1', maxCells: 1e6 })
  const found: Row[] = []
  const unpack = (packed: PackedRows) => found.push(...[...unpackRows(packed, OPTIONS)].flat())
  const take = () => {
    for (let packed = scanner.take(); packed; packed = scanner.take()) unpack(packed)
  }
  for (const piece of pieces) {
    scanner.push(piece)
    take()
  }
  scanner.finish()
  take()
  unpack(scanner.rest())
  return found
}

const pack = new RowPacker()

function textAt(strings: SharedStrings, index: number): Cell {
  const isFilled = strings.packInto(pack, 0, index)
  pack.endRow(1)
  const [row] = [...unpackRows(pack.take(), OPTIONS)].flat()
  return isFilled ? (row?.cells[0] ?? null) : ''
}

function scanStrings(pieces: Iterable<Buffer>): Cell[] {
  const strings = new SharedStrings('')
  const scanner = new StringsScanner(strings)
  for (const piece of pieces) scanner.push(piece)
  scanner.finish()
  return Array.from({ length: strings.count }, (_, index) => textAt(strings, index))
}

async function partsOf(name: string, pattern: RegExp): Promise<Buffer[]> {
  const source = await openBytes(join(FIXTURES, name))
  try {
    const entries = (await listZip(source)).filter((entry) => pattern.test(entry.name))
    return await Promise.all(entries.map((entry) => readWholeZipPart(source, entry, 1e9)))
  } finally {
    await source.close()
  }
}

describe('a part gives the same whichever way it is cut into pieces', () => {
  const whole = Buffer.from(ODD_SHEET)
  const rows = [
    {
      number: 1,
      cells: [
        'shared 0',
        { type: 'number', value: -12_500, text: '-12500.00' },
        ...new Array(24).fill(null),
        ' ä😀😀\n<&b',
      ],
    },
    { number: 3, cells: [true, { type: 'error', code: '#N/A' }, null, 'é'] },
  ]

  it('a sheet of oddities, at every byte', () => {
    expect(scanSheet([whole])).toEqual(rows)
    for (let at = 0; at <= whole.length; at += 1) {
      expect(scanSheet([whole.subarray(0, at), whole.subarray(at)]), `${at}`).toEqual(rows)
    }
    for (const size of [1, 2, 3, 7]) expect(scanSheet(inPieces(whole, size)), `${size}`).toEqual(rows)
  })

  it('shared texts of oddities, at every byte', () => {
    const strings = Buffer.from(ODD_STRINGS)
    const texts = ['one', '', ' ü & 😀', 'aA']
    expect(scanStrings([strings])).toEqual(texts)
    for (let at = 0; at <= strings.length; at += 1) {
      expect(scanStrings([strings.subarray(0, at), strings.subarray(at)]), `${at}`).toEqual(texts)
    }
    for (const size of [1, 2, 3, 7]) expect(scanStrings(inPieces(strings, size)), `${size}`).toEqual(texts)
  })

  const workbooks = readdirSync(FIXTURES).filter((name) => /^(?!password|billion).*\.xls[xm]$/.test(name))
  for (const name of workbooks) {
    it(name, async () => {
      for (const sheet of await partsOf(name, /worksheets\/[^/]*\.xml$/)) {
        const found = scanSheet([sheet])
        for (const size of [1, 7]) expect(scanSheet(inPieces(sheet, size))).toEqual(found)
      }
      for (const strings of await partsOf(name, /sharedStrings\.xml$/i)) {
        const found = scanStrings([strings])
        for (const size of [1, 7]) expect(scanStrings(inPieces(strings, size))).toEqual(found)
      }
    })
  }

  it('and is cut off wherever it is cut off', () => {
    for (let at = 0; at < whole.length - 1; at += 1) {
      expect(() => scanSheet([whole.subarray(0, at)]), `${at}`).toThrow(/is cut off/)
    }
    const strings = Buffer.from(ODD_STRINGS)
    for (let at = 0; at < strings.length - 1; at += 1) {
      expect(() => scanStrings([strings.subarray(0, at)]), `${at}`).toThrow(/are cut off/)
    }
  })
})

describe('a cell that goes on over many pieces', () => {
  const cell = (length: number) =>
    Buffer.from(
      `<worksheet><sheetData><row><c t="str"><f>${'1+'.repeat(length)}</f><v>a</v></c></row></sheetData></worksheet>`,
    )

  it('is read once it is whole', () => {
    const start = performance.now()
    expect(scanSheet(inPieces(cell(2_000_000), 1024))).toEqual([{ number: 1, cells: ['a'] }])
    expect(performance.now() - start).toBeLessThan(30_000)
  })

  it('is refused when it is longer than any can be', () => {
    expect(() => scanSheet(inPieces(cell(5_000_000), 64 * 1024))).toThrow(/longer than any program/)
  })
})

describe('shared texts', () => {
  it('are the same however often they are asked for', () => {
    const strings = new SharedStrings('')
    const texts = Array.from({ length: 40_000 }, (_, at) => `ä${'x'.repeat((at * 7919) % 301)}${at}`)
    texts[777] = 'long'.repeat(600_000)
    for (const text of texts) strings.add(Buffer.from(text), 0, Buffer.byteLength(text))
    for (let round = 0; round < 2; round += 1) {
      expect(texts.every((text, index) => textAt(strings, index) === text)).toBe(true)
    }
    for (const index of [-1, 40_000, 1.5, Number.NaN]) expect(() => textAt(strings, index)).toThrow(/refers to/)
  })

  it('of a million take little memory, and the file that holds the rest of them has no name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'texts-'))
    const before = process.memoryUsage()
    const strings = new SharedStrings(join(folder, 'book.xlsx'))
    const bytes = Buffer.alloc(100)
    for (let at = 0; at < 1_000_000; at += 1) {
      bytes.write(`${'distinct'.repeat(11)} ${String(at).padStart(11, '0')}`, 'latin1')
      strings.add(bytes, 0, 100)
    }
    const asked = Array.from({ length: 50_000 }, (_, k) => (k * 7919 * 31) % 1_000_000)
    for (const index of asked) expect(String(textAt(strings, index)).slice(-11)).toBe(String(index).padStart(11, '0'))
    const after = process.memoryUsage()
    const mb = 1024 * 1024
    expect(after.external + after.arrayBuffers - before.external - before.arrayBuffers).toBeLessThan(90 * mb)
    expect(after.heapUsed - before.heapUsed).toBeLessThan(40 * mb)
    expect(readdirSync(folder)).toEqual([])
    strings.close()
    rmSync(folder, { recursive: true })
  })
})
