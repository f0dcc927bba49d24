import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { FIXTURES, tempFolder, xlsxParts, zipOf } from './files.ts'
import type { Measured } from './refuse-and-measure.ts'
import { type OddPart, oddZip } from './xlsx/read/odd-zip.ts'

const folder = tempFolder()
const MB = 1024 * 1024
const SHEET = 'xl/worksheets/sheet1.xml'
const ROW = '<row><c><v>1</v></c></row>'
const DEEP = 'xl/../../../etc/passwd'

const parts = (rows = ROW): OddPart[] => xlsxParts({ sheets: [{ name: 'Sheet1', data: rows }] })
const withPart = (part: OddPart) => oddZip([...parts().filter(({ name }) => name !== part.name), part])
const blanks = (bytes: number, start = '') => Buffer.concat([Buffer.from(start), Buffer.alloc(bytes, 0x20)])

/** What a small table takes to read: 2,000 rows of five cells. */
const USUAL = Array.from({ length: 10_000 }, (_, n) => `<row>${`<c><v>${n}.5</v></c>`.repeat(5)}</row>`).join('')

const ODS_ROW =
  '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1000" office:value-type="string"><text:p>a</text:p></table:table-cell></table:table-row>'

const ATTACKS: Record<string, Buffer> = {
  'a sheet that unpacks to a hundred times a million bytes': withPart({
    name: SHEET,
    content: blanks(100 * MB, '<worksheet><sheetData>'),
  }),
  'the same with a header that lies': zipOf([
    ...xlsxParts({ sheets: [{ name: 'Sheet1', data: ROW }] }).filter(({ name }) => name !== SHEET),
    { name: SHEET, content: blanks(100 * MB, '<worksheet><sheetData>'), size: 1000 },
  ]),
  'shared texts that do': withPart({ name: 'xl/sharedStrings.xml', content: blanks(100 * MB, '<sst>') }),
  'styles that do': withPart({ name: 'xl/styles.xml', content: blanks(100 * MB, '<styleSheet>') }),
  'a part whose name points outside': withPart({ name: DEEP, content: 'root:x:0:0' }),
  'a part named from the root': withPart({ name: '/etc/passwd', content: 'root:x:0:0' }),
  'parts by the thousand': zipOf([
    ...parts(),
    ...Array.from({ length: 5000 }, (_, n) => ({ name: `${n}`, content: '' })),
  ]),
  'an ODS that repeats a row of a thousand cells a million times': zipOf([
    { name: 'mimetype', content: 'application/vnd.oasis.opendocument.spreadsheet' },
    { name: 'META-INF/manifest.xml', content: '<manifest/>' },
    {
      name: 'content.xml',
      content: `<office:document-content xmlns:office="o"><table:table>${ODS_ROW}</table:table></office:document-content>`,
    },
  ]),
}

test('an attack is refused in less time than a table of ten thousand rows takes to be read, and in flat memory', async () => {
  const usual = folder.write('usual.xlsx', zipOf(parts(USUAL)))
  const files = Object.entries(ATTACKS).map(([, bytes], at) => folder.write(`attack${at}`, bytes))
  const names = [...Object.keys(ATTACKS), 'a billion laughs']
  const program = join(import.meta.dirname, 'refuse-and-measure.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[program, usual, ...files],
    join(FIXTURES, 'billion-laughs.xlsx'),
  ])
  const [small, ...attacks]: Measured[] = JSON.parse(stdout)
  expect(small?.rows).toBe(10_000)
  expect(small?.code).toBeUndefined()
  expect(attacks.length).toBe(names.length)
  for (const [at, { code, rows, cpuMs, grownMb }] of attacks.entries()) {
    expect(['damaged', 'too_large'], names[at]).toContain(code)
    expect(rows, names[at]).toBe(0)
    expect(cpuMs, names[at]).toBeLessThan(small?.cpuMs ?? 0)
    expect(grownMb, names[at]).toBeLessThan(8)
  }
})
