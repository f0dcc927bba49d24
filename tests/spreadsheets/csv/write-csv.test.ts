import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { writeCsv } from '../../../src/spreadsheets/csv/write-csv.ts'
import type { OutColumn, OutSheet, OutValue } from '../../../src/spreadsheets/out-sheet.ts'
import { readCells, tempFolder } from '../files.ts'

const folder = tempFolder()
const columns: OutColumn[] = [
  { id: 'caaaaaaa', header: 'Name', type: 'text' },
  { id: 'cbbbbbbb', header: 'Price, net', type: 'number', decimal: 'comma' },
  { id: 'cccccccc', header: 'Paid', type: 'boolean' },
]

async function written(rows: OutSheet['rows'], delimiter: ',' | ';' = ',', recordIds = false): Promise<string> {
  const path = folder.path('out.csv')
  await writeCsv(path, { name: 'Out', columns, rows, recordIds }, { delimiter })
  return readFileSync(path, 'utf8')
}

describe('a CSV', () => {
  it('has a byte order mark, CR LF after every row, and quotes where they are needed', async () => {
    const text = await written([
      ['a "b"', 1.5, true],
      ['c\nd', -2, false],
      [null, null, null],
    ])
    expect(text).toBe('\ufeffName,"Price, net",Paid\r\n"a ""b""","1,5",true\r\n"c\nd",-2,false\r\n,,\r\n')
  })

  it('may have semicolons, and record ids before its columns', async () => {
    expect(await written([[4, 'a', 1.5, null]], ';', true)).toBe(
      '\ufeff__record_id;Name;"Price, net";Paid\r\n4;a;"1,5";\r\n',
    )
  })

  it('of one column is read as one column, whichever delimiter is in its cells', async () => {
    for (const sign of [',', ';', '\t', '|', '||', '::']) {
      const path = folder.path('one.csv')
      const one: OutColumn[] = [{ id: 'caaaaaaa', header: `a${sign}b`, type: 'text' }]
      await writeCsv(path, { name: 'Out', columns: one, rows: [[`c${sign}d`], [`e${sign}f`]] })
      expect(await readCells(path)).toEqual([[`a${sign}b`], [`c${sign}d`], [`e${sign}f`]])
    }
  })

  it('has no text that a spreadsheet program would run, and leaves numbers alone', async () => {
    const dangerous = ['=1+1', '+49 1', '-x', '@SUM(A1)', '\tx', '\rx', '＝1', "'=1"]
    const text = await written(dangerous.map((each) => [each, -5, null]))
    const rows = text.split('\r\n').slice(1, -1)
    expect(rows.every((row) => /^"?'/.test(row))).toBe(true)
    expect(rows.every((row) => row.endsWith(',-5,'))).toBe(true)
  })

  it('has no header that a spreadsheet program would run either, and every header comes back as it was', async () => {
    const headers = ['=1+1', '+49 1', '-x', '@SUM(A1)', '=HYPERLINK("http://a.b";"c")', "'=1", "o'clock"]
    const path = folder.path('headers.csv')
    await writeCsv(path, {
      name: 'Out',
      columns: headers.map((header) => ({ id: null, header, type: 'text' })),
      rows: [],
    })
    expect(readFileSync(path, 'utf8')).toBe(
      `\ufeff'=1+1,'+49 1,'-x,'@SUM(A1),"'=HYPERLINK(""http://a.b"";""c"")",''=1,o'clock\r\n`,
    )
    expect(await readCells(path)).toEqual([headers])
  })

  it('leaves nothing behind when its source fails', async () => {
    function* rows(): Generator<OutValue[]> {
      yield ['a']
      throw new Error('The disk is gone.')
    }
    const path = folder.path('failed.csv')
    await expect(writeCsv(path, { name: 'Out', columns, rows: rows() })).rejects.toThrow('The disk is gone.')
    expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false)
  })
})
