import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { afterAll, expect } from 'vitest'
import { openBytes } from '../../src/spreadsheets/byte-source.ts'
import type { Row } from '../../src/spreadsheets/cell.ts'
import { openSpreadsheet } from '../../src/spreadsheets/open.ts'
import { SpreadsheetError } from '../../src/spreadsheets/spreadsheet.ts'
import { listZip, readWholeZipPart } from '../../src/spreadsheets/zip/zip.ts'

export const FIXTURES = join(import.meta.dirname, '..', 'fixtures')

/** A folder of the test file's own, gone when its tests are. */
export function tempFolder(): {
  write(name: string, content: string | Uint8Array): string
  path(name: string): string
} {
  const folder = mkdtempSync(join(tmpdir(), 'sheetport-spreadsheets-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const path = (name: string) => join(folder, name)
  return {
    path,
    write(name, content) {
      writeFileSync(path(name), content)
      return path(name)
    },
  }
}

/** The text of a part of a workbook, "" when it has none of this name. */
export async function readPart(path: string, name: string): Promise<string> {
  const source = await openBytes(path)
  try {
    const entry = (await listZip(source)).find((each) => each.name === name)
    return entry === undefined ? '' : (await readWholeZipPart(source, entry, 1e9)).toString('utf8')
  } finally {
    await source.close()
  }
}

/** All rows of a sheet, by default the first. */
export async function readRows(path: string, sheet?: string): Promise<Row[]> {
  const spreadsheet = await openSpreadsheet(path)
  try {
    const rows: Row[] = []
    for await (const batch of spreadsheet.rows(sheet ?? spreadsheet.sheets[0]?.name ?? '')) rows.push(...batch.rows)
    return rows
  } finally {
    spreadsheet.close()
  }
}

export async function readCells(path: string, sheet?: string) {
  return (await readRows(path, sheet)).map((row) => row.cells)
}

/** Every sheet's rows, to compare two files by. */
export async function readAll(path: string): Promise<Map<string, Row[]>> {
  const spreadsheet = await openSpreadsheet(path)
  spreadsheet.close()
  const all = new Map<string, Row[]>()
  for (const { name } of spreadsheet.sheets) all.set(name, await readRows(path, name))
  return all
}

/** Reads a damaged file: it must be refused, or hold exactly what the whole one does. */
export async function refusedOrSame(path: string, whole: Map<string, Row[]>): Promise<'refused' | 'same'> {
  try {
    expect(await readAll(path)).toEqual(whole)
    return 'same'
  } catch (error) {
    if (error instanceof SpreadsheetError && error.code === 'damaged') return 'refused'
    throw error
  }
}

/** What a file is refused with. Fails when it is not refused. */
export async function refusalOf(read: () => Promise<unknown>): Promise<SpreadsheetError> {
  try {
    await read()
  } catch (error) {
    if (error instanceof SpreadsheetError) return error
    throw error
  }
  throw new Error('The file was read without a refusal.')
}

export type PartToZip = { name: string; content: string | Uint8Array; crc?: number; size?: number; flags?: number }

/** A zip as another program would write it; `crc`, `size` and `flags` make it lie. */
export function zipOf(parts: PartToZip[]): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const part of parts) {
    const content = Buffer.from(part.content)
    const packed = deflateRawSync(content)
    const name = Buffer.from(part.name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(part.flags ?? 0, 2)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(part.crc ?? crc32(content), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(part.size ?? content.length, 18)
    common.writeUInt16LE(name.length, 22)
    locals.push(Buffer.from('PK\x03\x04', 'latin1'), common, name, packed)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    centrals.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, name)
    offset += 30 + name.length + packed.length
  }
  const central = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, central, end])
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const DOCUMENT = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

export type Workbook = {
  /** The content of each sheet's <sheetData>. */
  sheets: { name: string; data: string; state?: string }[]
  strings?: string
  numFmts?: string
  cellXfs?: string
  names?: string
  date1904?: boolean
}

/** The parts of an XLSX with the given XML in it. */
export function xlsxParts(workbook: Workbook): PartToZip[] {
  const sheets = workbook.sheets.map(
    ({ name, state }, at) =>
      `<sheet name="${name}" sheetId="${at + 1}" ${state ? `state="${state}"` : ''} r:id="rId${at + 1}"/>`,
  )
  const targets = workbook.sheets.map((_, at) => ['worksheet', `worksheets/sheet${at + 1}.xml`])
  targets.push(['styles', 'styles.xml'], ['sharedStrings', 'sharedStrings.xml'])
  const rels = targets.map(
    ([type, target], at) => `<Relationship Id="rId${at + 1}" Type="${DOCUMENT}/${type}" Target="${target}"/>`,
  )
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  const overrides = [
    ['workbook.xml', 'sheet.main'],
    ['styles.xml', 'styles'],
    ['sharedStrings.xml', 'sharedStrings'],
    ...workbook.sheets.map((_, at) => [`worksheets/sheet${at + 1}.xml`, 'worksheet']),
  ].map(([name, kind]) => `<Override PartName="/xl/${name}" ContentType="${type}.${kind}+xml"/>`)
  return [
    {
      name: '[Content_Types].xml',
      content: `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${overrides.join('')}</Types>`,
    },
    {
      name: 'xl/workbook.xml',
      content: `<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><workbookPr date1904="${workbook.date1904 ? 1 : 0}"/><sheets>${sheets.join('')}</sheets><definedNames>${workbook.names ?? ''}</definedNames></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${rels.join('')}</Relationships>`,
    },
    {
      name: 'xl/styles.xml',
      content: `<styleSheet xmlns="${MAIN}">${workbook.numFmts ? `<numFmts>${workbook.numFmts}</numFmts>` : ''}<cellXfs>${workbook.cellXfs ?? '<xf numFmtId="0"/>'}</cellXfs></styleSheet>`,
    },
    { name: 'xl/sharedStrings.xml', content: `<sst xmlns="${MAIN}">${workbook.strings ?? ''}</sst>` },
    ...workbook.sheets.map(({ data }, at) => ({
      name: `xl/worksheets/sheet${at + 1}.xml`,
      content: `<worksheet xmlns="${MAIN}"><sheetData>${data}</sheetData></worksheet>`,
    })),
  ]
}

/** An XLSX of one sheet. */
export function xlsxOf(data: string, rest: Omit<Workbook, 'sheets'> = {}): Buffer {
  return zipOf(xlsxParts({ sheets: [{ name: 'Sheet1', data }], ...rest }))
}
