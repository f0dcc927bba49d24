import * as XLSX from 'xlsx'

/** What this program uses of SheetJS, typed; nothing else knows the library. */

export type LibraryCell = {
  t: string
  v?: unknown
  /** The number format's code. */
  z?: string
  /** What the file says the person sees; only OpenDocument says it. */
  w?: string
}

export type LibrarySheet = { '!data'?: (LibraryCell | undefined)[][]; '!type'?: string }

export type LibraryWorkbook = {
  SheetNames: string[]
  Sheets: Record<string, LibrarySheet | undefined>
  Workbook?: {
    Sheets?: { name?: string; Hidden?: number; id?: string; strRelID?: string }[]
    Names?: { Name: string; Ref: string }[]
    WBProps?: { date1904?: boolean }
  }
}

const READ = { dense: true, cellDates: false, cellFormula: false, cellHTML: false, cellNF: true, cellText: false }

/** Reads a workbook from its parts; with `texts` also what the file says that a person sees. */
export function readParts(parts: Map<string, Buffer>, options: { texts: boolean }): LibraryWorkbook {
  const package_ = XLSX.CFB.utils.cfb_new()
  for (const [name, content] of parts) XLSX.CFB.utils.cfb_add(package_, name, content, { unsafe: true })
  return parseZip(package_, { ...READ, cellText: options.texts })
}

/** Older XLS files hold their texts in a code page. The tables are large and slow to load, and nothing else needs them. */
export async function readXls(bytes: Buffer): Promise<LibraryWorkbook> {
  XLSX.set_cptable(await import('xlsx/dist/cpexcel.full.mjs'))
  return XLSX.read(bytes, { ...READ, type: 'buffer' }) as LibraryWorkbook
}

export function formatNumber(format: string, value: number, date1904: boolean): string {
  return String(XLSX.SSF.format(format, value, { date1904 }))
}

// The library exports this function and its types do not say so.
const { parse_zip: parseZip } = XLSX as unknown as {
  parse_zip(container: unknown, options: object): LibraryWorkbook
}
