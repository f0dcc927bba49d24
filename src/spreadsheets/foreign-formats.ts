import { notASpreadsheet, SAVE_AS_XLSX } from './refusals.ts'
import type { SpreadsheetError } from './spreadsheet.ts'

type Signature = { bytes: string; at?: number; what: string; hint?: string; isText?: boolean }

const UNPACK = 'Unpack it and upload the spreadsheet inside.'

/** What people drop by mistake, by its first bytes (in Latin-1). */
const SIGNATURES: Signature[] = [
  { bytes: '\x89PNG\r\n\x1a\n', what: 'a PNG picture' },
  { bytes: '\xff\xd8\xff', what: 'a JPEG picture' },
  { bytes: 'GIF87a', what: 'a GIF picture' },
  { bytes: 'GIF89a', what: 'a GIF picture' },
  { bytes: 'WEBP', at: 8, what: 'a WebP picture' },
  { bytes: 'ftypheic', at: 4, what: 'a HEIC picture' },
  { bytes: 'II*\0', what: 'a TIFF picture' },
  { bytes: 'MM\0*', what: 'a TIFF picture' },
  {
    bytes: '%PDF-',
    what: 'a PDF document',
    hint: 'Open the spreadsheet it was made from and upload that.',
    isText: true,
  },
  { bytes: '{\\rtf', what: 'an RTF text document', hint: SAVE_AS_XLSX, isText: true },
  { bytes: '\x1f\x8b', what: 'a gzip archive', hint: UNPACK },
  { bytes: 'BZh', what: 'a bzip2 archive', hint: UNPACK },
  { bytes: "7z\xbc\xaf'\x1c", what: 'a 7-Zip archive', hint: UNPACK },
  { bytes: 'Rar!\x1a\x07', what: 'a RAR archive', hint: UNPACK },
  { bytes: '\xfd7zXZ\0', what: 'an xz archive', hint: UNPACK },
  { bytes: '\x28\xb5\x2f\xfd', what: 'a Zstandard archive', hint: UNPACK },
  { bytes: 'ustar', at: 257, what: 'a tar archive', hint: UNPACK },
  { bytes: 'MZ', what: 'a Windows program' },
  { bytes: '\x7fELF', what: 'a program' },
  { bytes: 'SQLite format 3\0', what: 'a SQLite database' },
  { bytes: 'PAR1', what: 'a Parquet file', hint: 'Export it as CSV and upload that.' },
]

/** The refusal for a file that announces itself as something else, by its first bytes. */
export function foreignFormat(head: Buffer): SpreadsheetError | undefined {
  const start = head.toString('latin1', 0, 512)
  const found = SIGNATURES.find(({ bytes, at = 0 }) => start.startsWith(bytes, at))
  // "MZ" or "PAR1" is also how a list may begin; the real ones are full of control characters.
  if (!found || (!found.isText && looksLikeText(start))) return undefined
  return notASpreadsheet(`This is ${found.what}, not a spreadsheet.`, found.hint)
}

function looksLikeText(start: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return !/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(start)
}

const WEB_PAGE = /^\s*(<!--[\s\S]*?-->\s*)*<(!doctype html|html|head|meta|body|table|script|style|div)\b/i

/** The refusal for a text that is written in another language than rows: a web page, XML, JSON. */
export function foreignText(start: string): SpreadsheetError | undefined {
  const text = start.trimStart()
  if (WEB_PAGE.test(text) || /^MIME-Version:/i.test(text)) {
    return notASpreadsheet(
      'This is a web page, not a spreadsheet, whatever its name says.',
      `Open it in your spreadsheet program. ${SAVE_AS_XLSX}`,
    )
  }
  if (text.startsWith('<?xml') || text.startsWith('<Workbook')) return xmlFile(text)
  if (/^(\{\s*"|\[\s*\{\s*")/.test(text)) {
    return notASpreadsheet('This is a JSON file, not a spreadsheet.', 'Export the data as CSV or XLSX and upload that.')
  }
  return undefined
}

function xmlFile(text: string): SpreadsheetError {
  if (text.includes('urn:schemas-microsoft-com:office:spreadsheet')) {
    return notASpreadsheet('This is an XML spreadsheet of Excel 2003, which is not read.', SAVE_AS_XLSX)
  }
  if (/<html/i.test(text)) {
    return notASpreadsheet(
      'This is a web page, not a spreadsheet, whatever its name says.',
      `Open it in your spreadsheet program. ${SAVE_AS_XLSX}`,
    )
  }
  return notASpreadsheet('This is an XML file, not a spreadsheet.', 'Export the data as CSV or XLSX and upload that.')
}
