import type { DefinedName } from '../../export-marks.ts'
import { damaged } from '../../refusals.ts'
import type { ZipEntry } from '../../zip/zip.ts'
import { partName } from '../../zip/zip-check.ts'
import { partKey, readSmallPart, type XlsxPackage } from './package.ts'
import { type Relationship, readRelationships } from './relationships.ts'
import { XmlCursor } from './xml-cursor.ts'
import { decodeEscapes } from './xstring.ts'

export type XlsxSheet = { name: string; hidden: boolean; entry: ZipEntry }

/** What the workbook part and its relationships tell: where everything is, and how days are counted. */
export type WorkbookPart = {
  sheets: XlsxSheet[]
  names: DefinedName[]
  date1904: boolean
  strings: ZipEntry | undefined
  styles: ZipEntry | undefined
}

/** Sheets that hold no cells: charts, dialogs of Excel 5 and its macros. They are left out of the list of sheets. */
const NO_CELLS = new Set(['chartsheet', 'dialogsheet', 'xlMacrosheet', 'xlIntlMacrosheet'])
const USUAL_NAME = 'xl/workbook.xml'

/** Reads the workbook part (ECMA-376 Part 1, 12.3.23 and 18.2.27), wherever the package keeps it. */
export async function readWorkbookPart(zip: XlsxPackage): Promise<WorkbookPart> {
  const entry = await findWorkbookPart(zip)
  const relationships = await readRelationships(zip, partName(entry))
  const { sheets, names, date1904 } = readWorkbookXml(await readSmallPart(zip, entry), entry.name)
  return {
    sheets: sheets.flatMap((sheet) => withPart(sheet, relationships)),
    names,
    date1904,
    strings: partOf(relationships, 'sharedStrings', 'texts'),
    styles: partOf(relationships, 'styles', 'formats'),
  }
}

async function findWorkbookPart(zip: XlsxPackage): Promise<ZipEntry> {
  const relationships = await readRelationships(zip, '')
  const main = relationships.find(({ type }) => type === 'officeDocument')
  const entry = main?.entry ?? zip.parts.get(partKey(USUAL_NAME))
  if (!entry) throw damaged('The main part of this workbook is missing.')
  return entry
}

type ListedSheet = { name: string; hidden: boolean; id: string }

function readWorkbookXml(bytes: Buffer, part: string) {
  const sheets: ListedSheet[] = []
  const names: DefinedName[] = []
  let date1904 = false
  const xml = new XmlCursor(bytes, part)
  let named: string | undefined
  while (xml.next()) {
    // A workbook's own elements are at depth 1 and 2; what extensions call by the same names is deeper.
    if (xml.isStart('workbookPr') && xml.depth === 1) {
      date1904 = /^(1|true|on)$/.test(xml.attribute('date1904') ?? '')
    } else if (xml.isStart('sheet') && xml.depth === 2) sheets.push(listedSheet(xml.attributes()))
    else if (xml.name !== 'definedName' || xml.depth !== 2) continue
    else if (!xml.isEnd) named = xml.attribute('name')
    else if (named !== undefined) names.push({ name: named, reference: xml.text() })
  }
  return { sheets, names, date1904 }
}

function listedSheet(attributes: Map<string, string>): ListedSheet {
  const state = attributes.get('state') ?? 'visible'
  // r:id, under whatever prefix the namespace of relationships has.
  const id = [...attributes].find(([name]) => name.endsWith(':id'))?.[1] ?? attributes.get('id') ?? ''
  return { name: decodeEscapes(attributes.get('name') ?? ''), hidden: state !== 'visible', id }
}

function withPart({ name, hidden, id }: ListedSheet, relationships: Relationship[]): XlsxSheet[] {
  const found = relationships.find((each) => each.id === id)
  if (found && NO_CELLS.has(found.type)) return []
  if (!found?.entry) throw damaged(`The sheet "${name}" of this workbook is missing in the file.`)
  return [{ name, hidden, entry: found.entry }]
}

/** A part that the workbook names must be there: without its texts a sheet would be read as if it had none. */
function partOf(relationships: Relationship[], type: string, what: string): ZipEntry | undefined {
  const found = relationships.find((each) => each.type === type)
  if (found && !found.entry) throw damaged(`The part with the ${what} of this workbook is missing in the file.`)
  return found?.entry
}
