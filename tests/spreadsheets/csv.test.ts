import { describe, expect, it } from 'vitest'
import { openCsv } from '../../src/spreadsheets/csv.ts'
import { openSpreadsheet } from '../../src/spreadsheets/open.ts'
import { readCells, readRows, refusalOf, tempFolder } from './files.ts'

const folder = tempFolder()
const cellsOf = (content: string | Uint8Array) => readCells(folder.write('a.csv', content))

async function dialectOf(content: string | Uint8Array) {
  const spreadsheet = await openSpreadsheet(folder.write('a.csv', content))
  spreadsheet.close()
  return spreadsheet.dialect
}

describe('the encoding of a text', () => {
  it('is UTF-8 with or without its mark', async () => {
    expect(await cellsOf('\ufeffä,€\n')).toEqual([['ä', '€']])
    expect(await cellsOf('ä,😀\n')).toEqual([['ä', '😀']])
  })

  it('is Windows-1252 when it is not valid UTF-8 to its very end', async () => {
    const content = Buffer.concat([Buffer.from(`${'a,b\n'.repeat(100_000)}`), Buffer.from([0x80, 0x2c, 0xfc, 0x0a])])
    expect((await dialectOf(content))?.encoding).toBe('windows-1252')
    expect((await cellsOf(content)).at(-1)).toEqual(['€', 'ü'])
  })

  it('is UTF-16 by its mark or by where its NULs stand', async () => {
    const text = 'Name,Größe\nAda,1\n'
    const little = Buffer.from(text, 'utf16le')
    const big = Buffer.from(little).swap16()
    const marked = Buffer.concat([Buffer.from([0xfe, 0xff]), big])
    for (const [content, encoding] of [
      [little, 'utf-16le'],
      [big, 'utf-16be'],
      [marked, 'utf-16be'],
    ] as const) {
      expect((await dialectOf(content))?.encoding).toBe(encoding)
      expect(await cellsOf(content)).toEqual([
        ['Name', 'Größe'],
        ['Ada', '1'],
      ])
    }
  })

  it('holds when a character lies across two pieces of the file', async () => {
    const line = `${'€'.repeat(85)},x\r\n`
    const cells = await cellsOf(line.repeat(3000))
    expect(cells.length).toBe(3000)
    expect(cells.every((row) => row[0] === '€'.repeat(85) && row[1] === 'x')).toBe(true)
  })
})

describe('rows of a text', () => {
  it('end in any way, also in several ways in one file', async () => {
    expect(await cellsOf('a,b\r\nc,d\ne,f\rg,h')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
      ['g', 'h'],
    ])
    expect(await cellsOf('a,b\rc,d\r')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
  })

  it('keep line breaks inside quotes, as LF', async () => {
    expect(await cellsOf('"a\r\nb",c\r\n"say ""hi""",d\r\n')).toEqual([
      ['a\nb', 'c'],
      ['say "hi"', 'd'],
    ])
  })

  it('may be of different lengths and have blanks in them', async () => {
    expect(await cellsOf('a,b,c\n1\n1,2,3,4\n,,x,\n')).toEqual([
      ['a', 'b', 'c'],
      ['1'],
      ['1', '2', '3', '4'],
      [null, null, 'x'],
    ])
  })

  it('are numbered as a spreadsheet shows them', async () => {
    const rows = await readRows(folder.write('a.csv', 'a,b\n\n"x\ny",1\n,\nlast,2'))
    expect(rows.map((row) => row.number)).toEqual([1, 3, 5])
  })

  it('lose their NULs', async () => {
    expect(await cellsOf(`name,other\n${'long enough a text,for a few\n'.repeat(5)}a\0b,c\n`)).toContainEqual([
      'ab',
      'c',
    ])
  })

  it('come in batches that tell the bytes behind them', async () => {
    const spreadsheet = await openSpreadsheet(folder.write('a.csv', 'some text,12345678\n'.repeat(60_000)))
    let last = 0
    let rows = 0
    for await (const batch of spreadsheet.rows('Sheet1')) {
      expect(batch.rows.length).toBeLessThanOrEqual(500)
      expect(batch.bytesDone).toBeGreaterThanOrEqual(last)
      expect(batch.bytesDone).toBeLessThanOrEqual(batch.bytesTotal)
      if (rows === 0) expect(batch.bytesDone).toBeLessThan(batch.bytesTotal / 2)
      last = batch.bytesDone
      rows += batch.rows.length
    }
    spreadsheet.close()
    expect(rows).toBe(60_000)
    expect(last).toBe(19 * 60_000)
  })

  it('have no apostrophe left that kept a text from being run', async () => {
    expect(await cellsOf(`'=1+1,''-x,'tis,-5\n`)).toEqual([['=1+1', `'-x`, `'tis`, '-5']])
  })
})

describe('a text that would be read wrongly is refused', () => {
  it('when a quotation mark is never closed', async () => {
    const refusal = await refusalOf(() => cellsOf('a,b\n1,2\n3,"4\n5,6\n7,8\n'))
    expect(refusal.code).toBe('damaged')
    expect(refusal.message).toBe('A quotation mark that opens in row 3 is never closed.')
  })

  it('when a quotation mark out of place has glued rows together', async () => {
    const refusal = await refusalOf(() => cellsOf('a,b\n"x"y,1\n"z",2\n'))
    expect(refusal.message).toMatch(/row 2 is out of place/)
  })

  it('but not for a quotation mark within a row', async () => {
    expect(await cellsOf('size,name\n5",pipe\n"He said "hi" to me",x\n')).toEqual([
      ['size', 'name'],
      ['5"', 'pipe'],
      ['He said "hi" to me', 'x'],
    ])
  })

  it('when one row is longer than memory should hold', async () => {
    const path = folder.write('long.csv', `a,b\n1,"${'x'.repeat(3_000_000)}"\n`)
    const refusal = await refusalOf(async () => {
      const spreadsheet = await openCsv(path, { maxCells: 1000, maxRecord: 1024 * 1024 })
      try {
        for await (const _ of spreadsheet.rows('Sheet1'));
      } finally {
        spreadsheet.close()
      }
    })
    expect(refusal.code).toBe('too_large')
    expect(refusal.message).toMatch(/^Row 2 is longer than 1 MB/)
  })

  it('when it has more cells than are read', async () => {
    const path = folder.write('many.csv', 'a,b,c\n'.repeat(1000))
    const refusal = await refusalOf(async () => {
      const spreadsheet = await openSpreadsheet(path, { maxCells: 2000 })
      try {
        for await (const _ of spreadsheet.rows('Sheet1'));
      } finally {
        spreadsheet.close()
      }
    })
    expect(refusal.code).toBe('too_large')
  })
})
