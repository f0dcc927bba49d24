import type { ByteSource } from '../byte-source.ts'
import { damaged } from '../refusals.ts'
import { readWholeZipPart } from '../zip/zip.ts'
import { type CheckedZip, checkZip, partName, ZIP_LIMITS } from '../zip/zip-check.ts'
import { sheetInfos } from './sheet-infos.ts'
import { type LibraryWorkbook, readParts } from './sheetjs.ts'
import type { WorkbookFile, WorkbookOptions } from './workbook-file.ts'

/** Parts that hold no cells; some are larger than all cells together. */
const NEVER_READ =
  /^(customXml|docProps|Pictures|Thumbnails|Object|ObjectReplacements)\/|^xl\/(media|drawings|charts|chartsheets|diagrams|embeddings|theme|externalLinks|pivotCache|pivotTables|tables|slicers|slicerCaches|printerSettings|queryTables|ctrlProps|activeX|comments|threadedComments)|^xl\/(calcChain|vbaProject)/i

/** Opens XLSB or ODS. */
export async function openZipWorkbook(
  source: ByteSource,
  format: 'xlsb' | 'ods',
  options: WorkbookOptions,
): Promise<WorkbookFile> {
  const zip = await checkZip(source, { ...ZIP_LIMITS, maxCells: options.maxCells })
  const parts = await loadParts(source, zip)
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

function attribute(tag: string, name: string): string | undefined {
  const [, double, single] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag) ?? []
  return (double ?? single)?.replaceAll('&amp;', '&')
}

async function loadParts(source: ByteSource, zip: CheckedZip): Promise<Map<string, Buffer>> {
  const parts = new Map<string, Buffer>()
  for (const entry of zip.entries) {
    const name = partName(entry)
    if (!NEVER_READ.test(name)) parts.set(name, await readWholeZipPart(source, entry, ZIP_LIMITS.maxPartBytes))
  }
  return parts
}

function checkSheets(workbook: LibraryWorkbook): void {
  const missing = workbook.SheetNames.find((name) => workbook.Sheets[name] === undefined)
  if (missing !== undefined) throw damaged(`The sheet "${missing}" of this workbook is damaged.`)
}
