import { type ByteSource, openBytes } from './byte-source.ts'
import { detectEncoding } from './csv/encoding.ts'
import { foreignFormat, foreignText } from './foreign-formats.ts'
import { damaged, encrypted, notASpreadsheet, SAVE_AS_XLSX } from './refusals.ts'
import { hasFilePass } from './sheetjs/biff-check.ts'
import { type CompoundFile, isCompoundFile, openCompoundFile } from './sheetjs/compound-file.ts'
import { type Format, SpreadsheetError } from './spreadsheet.ts'
import { listZip, readWholeZipPart, type ZipEntry } from './zip/zip.ts'

const HEAD = 64 * 1024
const MAX_SMALL_PART = 4 * 1024 * 1024

/**
 * What a file is by its content; its name is never looked at. Throws a SpreadsheetError with a sentence of its own
 * for whatever else people drop. Reads only the places it needs, so it is quick for a file of any size.
 */
export async function sniffFormat(path: string): Promise<Format> {
  const source = await openBytes(path)
  try {
    return await sniff(source)
  } finally {
    await source.close()
  }
}

async function sniff(source: ByteSource): Promise<Format> {
  const head = await source.read(0, HEAD)
  if (head.length === 0 || isBlank(head, source.size)) throw emptyFile(source.size)
  if (isCompoundFile(head)) return sniffCompoundFile(await openCompoundFile(source))
  if (head.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) return sniffZip(source)
  if (head.subarray(0, 4).equals(Buffer.from('PK\x05\x06', 'latin1'))) {
    throw notASpreadsheet('This is an empty zip archive, not a spreadsheet.')
  }
  const foreign = foreignFormat(head)
  if (foreign) throw foreign
  return sniffText(head)
}

function emptyFile(size: number): SpreadsheetError {
  const message = size === 0 ? 'This file is empty: it has 0 bytes.' : 'This file is empty: it has only blanks in it.'
  return new SpreadsheetError(
    'empty_file',
    message,
    'Check that it was saved and copied to its end, and upload it again.',
  )
}

/** Blanks, line ends, NULs and a byte order mark hold nothing. A larger file of blanks is read, and has no rows. */
function isBlank(head: Buffer, size: number): boolean {
  if (size > head.length) return false
  const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : isUtf16Mark(head) ? 2 : 0
  return head.subarray(start).every((byte) => byte === 0 || byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))
}

function isUtf16Mark(head: Buffer): boolean {
  return (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
}

async function sniffCompoundFile(file: CompoundFile): Promise<Format> {
  const names = new Set(file.streams.map((stream) => stream.name))
  // [MS-OFFCRYPTO] 2.3.4.4: an encrypted XLSX is a compound file with this stream in it.
  if (names.has('EncryptedPackage')) throw encrypted()
  const workbook = file.streams.find((stream) => stream.name === 'Workbook' || stream.name === 'Book')
  if (workbook) {
    if (hasFilePass(await file.read(workbook, HEAD))) throw encrypted()
    return 'xls'
  }
  const hint = 'Choose an XLSX, XLS, ODS or CSV file.'
  if (names.has('WordDocument')) throw notASpreadsheet('This is a Word document, not a spreadsheet.', hint)
  if (names.has('PowerPoint Document')) throw notASpreadsheet('This is a PowerPoint presentation, not a spreadsheet.')
  if (names.has('__properties_version1.0')) {
    throw notASpreadsheet('This is an Outlook message, not a spreadsheet.', 'Save its attachment and upload that.')
  }
  throw notASpreadsheet('This is an Office file without a workbook in it.', SAVE_AS_XLSX)
}

/** What the main part's content type says (ECMA-376 Part 1, 12.3.23, 11.3.10, 13.3.6; [MS-XLSB] 2.1.7.61). */
const CONTENT_TYPES: [needle: string, found: Format | string][] = [
  ['spreadsheetml.sheet.main+xml', 'xlsx'],
  ['spreadsheetml.template.main+xml', 'xlsx'],
  ['vnd.ms-excel.sheet.macroEnabled.main+xml', 'xlsx'],
  ['vnd.ms-excel.template.macroEnabled.main+xml', 'xlsx'],
  // After the others: some programs name this type in every workbook, as the default of parts that it does not have.
  ['vnd.ms-excel.sheet.binary.macroEnabled.main', 'xlsb'],
  ['wordprocessingml', 'a Word document'],
  ['presentationml', 'a PowerPoint presentation'],
]

/** OpenDocument 1.3 Part 2, 3.3: the part "mimetype". */
const MIME_TYPES: [needle: string, found: Format | string][] = [
  ['opendocument.spreadsheet', 'ods'],
  ['opendocument.text', 'a text document'],
  ['opendocument.presentation', 'a presentation'],
]

async function sniffZip(source: ByteSource): Promise<Format> {
  const entries = await listZip(source)
  if (entries.some((entry) => entry.encrypted)) throw encrypted()
  const find = (name: string) => entries.find((entry) => entry.name.toLowerCase() === name)
  const types = find('[content_types].xml')
  const mime = find('mimetype')
  if (types) return decide(await smallPart(source, types), CONTENT_TYPES)
  if (mime) return decide(await smallPart(source, mime), MIME_TYPES)
  if (find('index/document.iwa') || find('index.zip')) {
    throw notASpreadsheet('This is an Apple Numbers document, which is not read.', 'Export it as Excel (XLSX).')
  }
  throw notASpreadsheet('This is a zip archive, not a spreadsheet.', 'Unpack it and upload the spreadsheet inside.')
}

async function smallPart(source: ByteSource, entry: ZipEntry): Promise<string> {
  return (await readWholeZipPart(source, entry, MAX_SMALL_PART)).toString('latin1')
}

function decide(text: string, table: typeof CONTENT_TYPES): Format {
  const found = table.find(([needle]) => text.toLowerCase().includes(needle.toLowerCase()))?.[1]
  if (found === 'xlsx' || found === 'xlsb' || found === 'ods') return found
  if (found === undefined) throw damaged('This file has no workbook in it.')
  throw notASpreadsheet(`This is ${found}, not a spreadsheet.`)
}

function sniffText(head: Buffer): Format {
  const text = new TextDecoder(detectEncoding(head).name).decode(head)
  const foreign = foreignText(text)
  if (foreign) throw foreign
  // NULs in a text are dropped as it is read; any other control character is rare in one.
  const nuls = text.split('\0').length - 1
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is counted
  const controls = text.match(/[\x01-\x08\x0e-\x1a\x1c-\x1f]/g)?.length ?? 0
  if (controls > 2 + text.length / 50 || nuls > text.length / 10) {
    throw notASpreadsheet('This is not a spreadsheet: it is neither a workbook nor text.')
  }
  return 'csv'
}
