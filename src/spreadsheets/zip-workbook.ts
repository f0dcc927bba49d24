import type { ByteSource } from './byte-source.ts'
import { withImplicitFormats } from './implicit-formats.ts'
import { damaged } from './refusals.ts'
import { sheetInfos } from './sheet-infos.ts'
import { type LibraryWorkbook, readParts } from './sheetjs.ts'
import type { Format, SheetInfo } from './spreadsheet.ts'
import type { WorkbookFile, WorkbookOptions } from './workbook.ts'
import { readWholeZipPart, type ZipEntry } from './zip.ts'
import { type CheckedZip, checkZip, partName, ZIP_LIMITS } from './zip-check.ts'

/** Parts that hold no cells; some are larger than all cells together. */
const NEVER_READ =
  /^(customXml|docProps|Pictures|Thumbnails|Object|ObjectReplacements)\/|^xl\/(media|drawings|charts|chartsheets|diagrams|embeddings|theme|externalLinks|pivotCache|pivotTables|tables|slicers|slicerCaches|printerSettings|queryTables|ctrlProps|activeX|comments|threadedComments)|^xl\/(calcChain|vbaProject)/i
const SHEET = /^xl\/worksheets\/[^/]+\.(xml|bin)$/i
const STRINGS = /sharedstrings\.(xml|bin)$/i

/** Opens XLSX, XLSB or ODS. An XLSX is first only listed, and each sheet parsed when asked for. */
export async function openZipWorkbook(
  source: ByteSource,
  format: Format,
  options: WorkbookOptions,
): Promise<WorkbookFile> {
  const zip = await checkZip(source, { ...ZIP_LIMITS, maxCells: options.maxCells })
  if (format === 'xlsx') return openXlsx(source, zip)
  const parts = await loadParts(source, zip, isRead)
  // A package may do without this part (OpenDocument 1.3 Part 2, 3.1); the library may not.
  if (format === 'ods' && !parts.has('styles.xml')) parts.set('styles.xml', Buffer.from('<office:document-styles/>'))
  const workbook = readParts(parts, { texts: format === 'ods' })
  checkSheets(workbook)
  const names = workbook.SheetNames
  const hidden = hiddenOdsSheets(parts.get('content.xml'))
  const sheets = sheetInfos(workbook, (name) => hidden.has(name))
  return { workbook, sheets, sheet: async (index) => workbook.Sheets[names[index] ?? ''] }
}

/** OpenDocument hides a sheet by its style (Part 3, 20.253 table:display), which the library does not tell. */
function hiddenOdsSheets(content: Buffer | undefined): Set<string> {
  const text = content?.toString('utf8') ?? ''
  const styles = new Set<string | undefined>()
  for (const [, style] of text.matchAll(
    /<style:style ([^>]*)>\s*<style:table-properties [^>]*table:display="false"/g,
  )) {
    styles.add(attribute(` ${style}`, 'style:name'))
  }
  const tables = [...text.matchAll(/<table:table(?=\s)[^>]*>/g)].map(([tag]) => tag)
  const hidden = tables.filter((tag) => styles.has(attribute(tag, 'table:style-name') ?? ''))
  return new Set(hidden.map((tag) => attribute(tag, 'table:name') ?? ''))
}

async function openXlsx(source: ByteSource, zip: CheckedZip): Promise<WorkbookFile> {
  const isListed = (name: string) => isRead(name) && !SHEET.test(name) && !STRINGS.test(name)
  const parts = await loadParts(source, zip, isListed)
  const workbook = readParts(parts, { sheets: [] })
  const sheetParts = findSheetParts(workbook, parts)
  const sheets: SheetInfo[] = workbook.SheetNames.map((name, index) => {
    const facts = zip.facts.get(sheetParts[index] ?? '')
    if (!facts) throw damaged(`The sheet "${name}" of this workbook is missing.`)
    return { name, hidden: (workbook.Workbook?.Sheets?.[index]?.Hidden ?? 0) > 0, empty: !facts.hasValues }
  })

  async function sheet(index: number) {
    const part = sheetParts[index]
    const isNeeded = (name: string) => isRead(name) && (!SHEET.test(name) || name.toLowerCase() === part)
    const parsed = readParts(await loadParts(source, zip, isNeeded), { sheets: [index] })
    return parsed.Sheets[workbook.SheetNames[index] ?? '']
  }
  return { workbook, sheets, sheet }
}

/** Part names in lower case by sheet, from the workbook's relationships (ECMA-376 Part 1, 12.3.23 and Part 2, 6.5). */
function findSheetParts(workbook: LibraryWorkbook, parts: Map<string, Buffer>): (string | undefined)[] {
  const [path, rels] = [...parts].find(([name]) => /(^|\/)_rels\/workbook\d*\.xml\.rels$/i.test(name)) ?? []
  if (path === undefined || rels === undefined) throw damaged('The list of sheets in this workbook is missing.')
  const folder = path.replace(/_rels\/[^/]*$/, '')
  const targets = new Map<string, string>()
  for (const [tag] of rels.toString('utf8').matchAll(/<(?:\w+:)?Relationship\s[^>]*>/g)) {
    const id = attribute(tag, 'Id')
    const target = attribute(tag, 'Target')
    if (id !== undefined && target !== undefined) targets.set(id, resolve(folder, target))
  }
  return (workbook.Workbook?.Sheets ?? []).map((sheet) => targets.get(sheet.id ?? ''))
}

function attribute(tag: string, name: string): string | undefined {
  const [, double, single] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag) ?? []
  return (double ?? single)?.replaceAll('&amp;', '&')
}

function resolve(folder: string, target: string): string {
  return decodeURI(new URL(target.replaceAll('\\', '/'), `zip:/${folder}`).pathname)
    .slice(1)
    .toLowerCase()
}

function isRead(name: string): boolean {
  return !NEVER_READ.test(name)
}

async function loadParts(
  source: ByteSource,
  zip: CheckedZip,
  isWanted: (name: string) => boolean,
): Promise<Map<string, Buffer>> {
  const parts = new Map<string, Buffer>()
  for (const entry of zip.entries) {
    const name = partName(entry)
    if (isWanted(name)) parts.set(name, await loadPart(source, entry))
  }
  return parts
}

async function loadPart(source: ByteSource, entry: ZipEntry): Promise<Buffer> {
  const part = await readWholeZipPart(source, entry, ZIP_LIMITS.maxPartBytes)
  return /(^|\/)styles\.xml$/i.test(entry.name) ? withImplicitFormats(part) : part
}

function checkSheets(workbook: LibraryWorkbook): void {
  const missing = workbook.SheetNames.find((name) => workbook.Sheets[name] === undefined)
  if (missing !== undefined) throw damaged(`The sheet "${missing}" of this workbook is damaged.`)
}
