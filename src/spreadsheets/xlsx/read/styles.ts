import type { ZipEntry } from '../../zip/zip.ts'
import { builtinFormat } from './builtin-formats.ts'
import { readSmallPart, type XlsxPackage } from './package.ts'
import { XmlCursor } from './xml-cursor.ts'

/** The number format's code of each cell style, by the number that a cell's `s` gives; undefined for General. */
export type Styles = (string | undefined)[]

/** Reads `numFmts` and `cellXfs` (ECMA-376 Part 1, 18.8.31 and 18.8.10); all other styles are about looks. */
export async function readStyles(zip: XlsxPackage, entry: ZipEntry | undefined): Promise<Styles> {
  if (!entry) return []
  const codes = new Map<number, string>()
  const formatIds: number[] = []
  const xml = new XmlCursor(await readSmallPart(zip, entry), entry.name)
  let list = ''
  while (xml.next()) {
    if (xml.depth === 1 && !xml.isEnd) list = xml.name
    else if (xml.isEnd || xml.depth !== 2) continue
    else if (list === 'cellXfs' && xml.name === 'xf') formatIds.push(Number(xml.attribute('numFmtId') ?? 0))
    else if (list === 'numFmts' && xml.name === 'numFmt') {
      const attributes = xml.attributes()
      codes.set(Number(attributes.get('numFmtId')), attributes.get('formatCode') ?? '')
    }
  }
  return formatIds.map((id) => codes.get(id) ?? builtinFormat(id))
}
