import { execFile } from 'node:child_process'
import { appendFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCsv } from '../../../src/spreadsheets/csv/open-csv.ts'
import { openSpreadsheet } from '../../../src/spreadsheets/open.ts'
import { SpreadsheetError } from '../../../src/spreadsheets/spreadsheet.ts'
import { readCells, readRows, refusalOf, tempFolder } from '../files.ts'

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
    const refusal = await refusalOf(() => cellsOf('a,b\n1,2\n3,"4\n5\n7,8\n'))
    expect(refusal.code).toBe('damaged')
    expect(refusal.message).toBe('A quotation mark that opens in row 3 is never closed.')
    expect(refusal.hint).toMatch(/or read the file again and say that its quotes are part of the text/)
  })

  it('when a quotation mark out of place has glued rows together', async () => {
    const refusal = await refusalOf(() => cellsOf('a,b\n"x"y,1\nmore of x,2,3\n"z",2\n'))
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

describe('a quotation mark without its pair', () => {
  async function read(content: string) {
    const spreadsheet = await openSpreadsheet(folder.write('stray.csv', content))
    try {
      const cells: unknown[] = []
      for await (const { rows } of spreadsheet.rows('Sheet1')) cells.push(...rows.map((row) => row.cells))
      return { cells, oddities: spreadsheet.oddities?.() }
    } finally {
      spreadsheet.close()
    }
  }

  it('is part of its cell where the rows behind are rows by themselves, and is told', async () => {
    expect(await read('a,b\n1,2\n3,"4\n5,6\n7,"8, 9"\n"u",v\n')).toEqual({
      cells: [
        ['a', 'b'],
        ['1', '2'],
        ['3', '"4'],
        ['5', '6'],
        ['7', '8, 9'],
        ['u', 'v'],
      ],
      oddities: ['A quotation mark has no pair in row 3; it was read as part of the text. Look there.'],
    })
  })

  it('is told with the first rows when there are several', async () => {
    const { cells, oddities } = await read(`a,b\n1,"x\n2,y\n${'3,z\n'.repeat(30)}4,"u\n5,"v, w"\n`)
    expect(cells.length).toBe(35)
    expect(oddities).toEqual([
      'A quotation mark has no pair in 2 rows (2, 34); it was read as part of the text. Look there.',
    ])
  })

  it('does not cut a cell of several lines into rows', async () => {
    for (const content of [
      'a,b,c\n1,"he "said" this,\nand that",2\n3,4,5\n',
      'a,b\n1,"first\nsecond\nthird" and more\n2,3\n',
      'a\n"one\ntwo\n',
    ]) {
      expect((await refusalOf(() => read(content))).code).toBe('damaged')
    }
  })

  it('is part of its cell also within a line, where cells would be under the wrong headers', async () => {
    const { cells, oddities } = await read('"id","name","city"\n"1","x"","y"\n"2","Bob"s","z"\n"3","v, w","u"\n')
    expect(cells).toEqual([
      ['id', 'name', 'city'],
      ['1', '"x""', 'y'],
      ['2', 'Bob"s', 'z'],
      ['3', 'v, w', 'u'],
    ])
    expect(oddities).toEqual(['A quotation mark has no pair in row 2; it was read as part of the text. Look there.'])
    const inTheHeader = await read('"id","name"","city"\n"1","x","y"\n"2","v, w","z"\n')
    expect(inTheHeader.cells[0]).toEqual(['id', '"name""', 'city'])
    expect(inTheHeader.oddities).toEqual([expect.stringMatching(/^A quotation mark has no pair in row 1;/)])
  })

  it('is told where the line can be read in no way that fits', async () => {
    const { cells, oddities } = await read('a,b,c\n"1","x"","y, z"\n"2","v","w"\n')
    expect(cells).toEqual([
      ['a', 'b', 'c'],
      ['1', 'x","y, z'],
      ['2', 'v', 'w'],
    ])
    expect(oddities).toEqual([
      'A quotation mark is out of place in row 2, with another number of cells than the rows around it. Look there: cells may be under the wrong headers.',
    ])
  })

  it('is told when a later one closes it, so that rows are in one cell', async () => {
    const sentence = (rows: string) =>
      `A cell in ${rows} holds lines that look like rows of their own. Look there: if they are rows, take out the quotation mark before them, or double it.`
    const atTheEnd = await read('a,b\n1,2\n3,"Bolt\n4,Nut\n5,pipe 5"\n6,x')
    expect(atTheEnd.cells).toContainEqual(['3', 'Bolt\n4,Nut\n5,pipe 5'])
    expect(atTheEnd.oddities).toEqual([sentence('row 3')])
    const within = await read('a,b,c\n1,"Bolt,x\n\n2,pipe 5",y\n3,4,5\n')
    expect(within.oddities).toEqual([sentence('row 2')])
    const header = await read('"a,b\n1,2"\n3,4\n')
    expect(header.oddities).toEqual([sentence('row 1')])
    const several = await read('a,b\n1,"x\n2,y"\n3,4\n5,"z\n6,5"')
    expect(several.oddities).toEqual([sentence('2 rows (2, 4)')])
  })

  it('is not looked for in an address of several lines', async () => {
    for (const content of [
      'name,address\nAda,"12 Main St\nSpringfield, IL"\nBob,"Elm St 5, Flat 2\nSpringfield, IL"\n',
      'name,address,city\nAda,"12 Main St\nFlat 2",Bonn\nBob,"ACME\nMain St 5, 53111 Bonn, Germany",\n',
      'name;address\nAda;"Hauptstr. 5\n53111 Bonn\n"\nBob;"Weg 3\n\n20095 Hamburg"\n',
      '"say ""hi""","two\nlines"\n"x","He said "hi" to me"\n',
    ]) {
      expect((await read(content)).oddities).toEqual([])
    }
  })

  describe('wherever it is, leaves every row but its own and its neighbours, or is told, or the text is refused', () => {
    const inQuotes = (cell: string) => `"${cell.replaceAll('"', '""')}"`
    const KINDS: [title: string, words: string[], written: (cell: string) => string][] = [
      ['in a text in quotes', ['x', '1,5', 'say "hi"', 'two\nlines', '', '7', '5"'], inQuotes],
      ['in a text without', ['x', 'Bolt', '5"', '', '7'], (cell) => cell],
      ['in a text with some', ['x', '1,5', '5"', '', '7'], (cell) => (cell.includes(',') ? inQuotes(cell) : cell)],
    ]
    for (const [title, words, written] of KINDS) {
      it(title, async () => {
        const row = fc.tuple(fc.constantFrom(...words), fc.constantFrom(...words))
        await fc.assert(
          fc.asyncProperty(fc.array(row, { minLength: 2, maxLength: 8 }), fc.nat(), async (pairs, at) => {
            const rows = [...pairs.map((pair, index) => [`r${index}`, ...pair]), ['last', 'of', 'all']]
            const lines = rows.map((cells) => `${cells.map(written).join(',')}\n`)
            const text = lines.join('')
            const place = at % (text.length - (lines.at(-1)?.length ?? 0))
            const damaged = lines.findIndex((_, index) => lines.slice(0, index + 1).join('').length > place)
            const content = `a,b,c\n${text.slice(0, place)}"${text.slice(place)}`
            const found = await read(content).catch((error) => void expect(error).toBeInstanceOf(SpreadsheetError))
            if (!found) return
            expect(found.cells.at(-1)).toEqual(['last', 'of', 'all'])
            if (found.oddities?.length) return
            const others = rows.filter((_, index) => Math.abs(index - damaged) > 1).map(withoutTail)
            expect(found.cells).toEqual(expect.arrayContaining(others))
          }),
          { numRuns: 300 },
        )
      })
    }

    /** Empty cells are null, and left out at the end of a row. */
    function withoutTail(cells: string[]): (string | null)[] {
      const last = cells.findLastIndex((cell) => cell !== '')
      return cells.slice(0, last + 1).map((cell) => cell || null)
    }
  })
})

describe('delimiters at the end of every row', () => {
  it('make no column, and a cell under none is kept', async () => {
    expect(await cellsOf('a;b;\n1;2;\n3;4;\n')).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ])
    expect((await cellsOf('a;b;\n1;2;x\n'))[1]).toEqual(['1', '2', 'x'])
  })
})

describe('a text of another dialect', () => {
  it('has its quotes taken off', async () => {
    expect(await cellsOf('a, "b"\n1, "x, y"\n2, "z"\n')).toContainEqual(['1', 'x, y'])
    expect(await cellsOf("'a';'b'\n'x; y';'it''s'\n")).toContainEqual(['x; y', "it's"])
    expect(await cellsOf('a,b\n"say \\"hi\\", Bob",1\n"x",2\n')).toContainEqual(['say "hi", Bob', '1'])
  })
})

describe('a line of 1 GB', () => {
  const reader = join(import.meta.dirname, 'read-and-measure.ts')
  const lines: [title: string, start: string, piece: string][] = [
    ['of one cell', 'a,b\n1,', 'x'],
    ['of empty cells', 'a,b\n1', ','],
    ['in a quote that is never closed', 'a,b\n1,"', 'text of a cell\nwith lines; '],
  ]
  for (const [title, start, piece] of lines) {
    it(`${title} is refused within 300 MB of memory`, async () => {
      const path = folder.path('line.csv')
      writeFileSync(path, start)
      const block = Buffer.alloc(4 * 1024 * 1024, piece)
      for (let at = 0; at < 25; at += 1) appendFileSync(path, block)
      // What follows is the same line, and need not be on the disk to be read: NULs are dropped from a text.
      truncateSync(path, 1024 ** 3)
      const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=192', reader, path])
      const { code, megabytes } = JSON.parse(stdout)
      expect(code).toBe('too_large')
      expect(megabytes).toBeLessThan(300)
    })
  }
})
