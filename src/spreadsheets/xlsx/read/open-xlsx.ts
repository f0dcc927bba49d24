import { type ByteSource, openBytes } from '../../byte-source.ts'
import { namesToMarks } from '../../export-marks.ts'
import { noSheet, sheetNotFound } from '../../refusals.ts'
import type { RowBatch, SheetInfo, Spreadsheet } from '../../spreadsheet.ts'
import type { CellSource } from './cell-value.ts'
import { XLSX_LIMITS } from './limits.ts'
import { NumberCells } from './number-cells.ts'
import { openPackage, readPart, type XlsxPackage } from './package.ts'
import { readSharedStrings, SharedStrings, StringsScanner } from './shared-strings.ts'
import { rowsByDimension } from './sheet-dimension.ts'
import { SheetScanner } from './sheet-scanner.ts'
import { readStyles } from './styles.ts'
import { readWorkbookPart, type WorkbookPart, type XlsxSheet } from './workbook-part.ts'

export type XlsxOptions = { maxCells: number }

type Xlsx = {
  path: string
  zip: XlsxPackage
  workbook: WorkbookPart
  options: XlsxOptions
  /** Read when the first rows are asked for. */
  strings: SharedStrings | undefined
}

/**
 * Opens an XLSX or XLSM (ECMA-376, transitional and strict) and reads it as a stream: from the zip's directory to the
 * parts that are needed, each inflated in pieces and scanned as it comes. Memory holds the styles, a batch of rows and
 * some of the shared texts; many of them go to a file beside this one. Rows come while the sheet is still being read, so
 * that damage further on is an error after rows: a sheet has been read whole only when its rows came to their end
 * without a SpreadsheetError.
 */
export async function openXlsx(path: string, options: XlsxOptions): Promise<Spreadsheet> {
  const source = await openBytes(path)
  try {
    const zip = await openPackage(source)
    const workbook = await readWorkbookPart(zip)
    const numbers = new NumberCells(await readStyles(zip, workbook.styles), workbook.date1904)
    await lookAtStrings(zip, workbook, path)
    const xlsx: Xlsx = { path, zip, workbook, options, strings: undefined }
    const sheets: SheetInfo[] = []
    for (const sheet of workbook.sheets) {
      const { name, hidden } = sheet
      sheets.push({ name, hidden, ...(await lookAtSheet(source, sheet, options)) })
    }
    if (sheets.every((sheet) => sheet.empty)) throw noSheet()
    return spreadsheet(xlsx, sheets, numbers)
  } catch (error) {
    await source.close()
    throw error
  }
}

function spreadsheet(xlsx: Xlsx, sheets: SheetInfo[], numbers: NumberCells): Spreadsheet {
  return {
    format: 'xlsx',
    sheets,
    marks: namesToMarks(xlsx.workbook.names),
    dialect: undefined,
    rows(name) {
      const sheet = xlsx.workbook.sheets.find((each) => each.name === name)
      if (sheet) return readSheet(xlsx, sheet, numbers)
      throw sheetNotFound(
        name,
        sheets.map((each) => each.name),
      )
    },
    close() {
      xlsx.strings?.close()
      void xlsx.zip.source.close()
    },
  }
}

async function* readSheet(xlsx: Xlsx, sheet: XlsxSheet, numbers: NumberCells): AsyncGenerator<RowBatch> {
  const { source } = xlsx.zip
  const bytesTotal = sheet.entry.packedSize + (xlsx.workbook.strings?.packedSize ?? 0)
  const strings = await loadStrings(xlsx)
  let bytesDone = xlsx.workbook.strings?.packedSize ?? 0
  const cells: CellSource = {
    sharedString: (index) => strings.get(index),
    number: (value, style) => numbers.cell(value, style),
    isoDate: (text, style) => numbers.isoCell(text, style),
  }
  const scanner = new SheetScanner(cells, { sheet: sheet.name, maxCells: xlsx.options.maxCells })
  const onPacked = (bytes: number) => {
    bytesDone += bytes
  }
  for await (const piece of readPart(source, sheet.entry, { maxBytes: XLSX_LIMITS.maxSheetBytes, onPacked })) {
    scanner.push(piece)
    for (let rows = scanner.take(); rows; rows = scanner.take()) yield { rows, bytesDone, bytesTotal }
  }
  scanner.finish()
  for (let rows = scanner.take(); rows; rows = scanner.take()) yield { rows, bytesDone, bytesTotal }
  const rows = scanner.rest()
  if (rows.length > 0) yield { rows, bytesDone: bytesTotal, bytesTotal }
}

async function loadStrings(xlsx: Xlsx): Promise<SharedStrings> {
  if (xlsx.strings !== undefined) return xlsx.strings
  const { zip, workbook, path } = xlsx
  const strings = new SharedStrings(path)
  try {
    if (workbook.strings) await readSharedStrings(stringPieces(zip, workbook.strings), strings)
  } catch (error) {
    strings.close()
    throw error
  }
  xlsx.strings = strings
  return strings
}

function stringPieces(zip: XlsxPackage, entry: NonNullable<WorkbookPart['strings']>): AsyncIterable<Buffer> {
  return readPart(zip.source, entry, { maxBytes: XLSX_LIMITS.maxStringsBytes })
}

/** The first piece of the shared texts, so that an attack is refused when the file is opened and not with its rows. */
async function lookAtStrings(zip: XlsxPackage, { strings }: WorkbookPart, path: string): Promise<void> {
  if (!strings) return
  for await (const piece of stringPieces(zip, strings)) {
    new StringsScanner(new SharedStrings(path)).push(piece)
    return
  }
}

/**
 * Reads up to the first value: what a shared text or a style makes of it does not matter. On the way there is the
 * sheet's own word on how many rows it has.
 */
async function lookAtSheet(
  source: ByteSource,
  sheet: XlsxSheet,
  options: XlsxOptions,
): Promise<Pick<SheetInfo, 'empty' | 'rows'>> {
  const something = () => 1
  const cells = { sharedString: () => '1', number: something, isoDate: something }
  const scanner = new SheetScanner(cells, { sheet: sheet.name, maxCells: options.maxCells })
  let rows: number | undefined
  for await (const piece of readPart(source, sheet.entry, { maxBytes: XLSX_LIMITS.maxSheetBytes })) {
    rows ??= rowsByDimension(piece)
    scanner.push(piece)
    scanner.take()
    if (scanner.hasRows) return { empty: false, ...(rows !== undefined && { rows }) }
  }
  scanner.finish()
  scanner.take()
  return scanner.rest().length === 0 ? { empty: true, rows: 0 } : { empty: false, ...(rows !== undefined && { rows }) }
}
