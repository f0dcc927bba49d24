import { namesToMarks } from '../../export-marks.ts'
import { noSheet, sheetNotFound } from '../../refusals.ts'
import type { RowBatch, SheetInfo, Spreadsheet } from '../../spreadsheet.ts'
import { XLSX_LIMITS } from './limits.ts'
import { NumberCells } from './number-cells.ts'
import { readPart } from './package.ts'
import { SharedStrings, StringsScanner } from './shared-strings.ts'
import { rowsByDimension } from './sheet-dimension.ts'
import { SheetThread } from './sheet-thread.ts'
import { readStyles } from './styles.ts'
import { type UnpackOptions, unpackRows } from './unpack-rows.ts'
import type { XlsxSheet } from './workbook-part.ts'
import { type Load, Xlsx, type XlsxOptions } from './xlsx-file.ts'

/** From so many bytes on, as they are packed, a thread that scans them is worth its start. */
const LARGE_SHEET = 2 * 1024 * 1024

/**
 * Opens an XLSX or XLSM (ECMA-376, transitional and strict) and reads it as a stream: from the zip's directory to the
 * parts that are needed, each inflated in pieces and scanned as it comes, when asked in a thread of its own.
 * Memory holds the styles, a batch of rows and some of the shared texts; many of them go to a file beside this one. Rows
 * come while the sheet is still being read, so that damage further on is an error after rows: a sheet has been read
 * whole only when its rows came to their end without a SpreadsheetError.
 */
export async function openXlsx(path: string, options: XlsxOptions): Promise<Spreadsheet> {
  const xlsx = await Xlsx.open(path, options)
  const { zip, workbook } = xlsx
  // It takes a moment to start, in which the sheets are looked at.
  const thread = options.inThread && workbook.sheets.some(isLarge) ? new SheetThread({ path, options }) : undefined
  try {
    const numbers = new NumberCells(await readStyles(zip, workbook.styles), workbook.date1904)
    await lookAtStrings(xlsx, path)
    const sheets: SheetInfo[] = []
    for (const sheet of workbook.sheets) {
      const { name, hidden } = sheet
      sheets.push({ name, hidden, ...(await lookAtSheet(xlsx, sheet)) })
    }
    if (sheets.every((sheet) => sheet.empty)) throw noSheet()
    return {
      format: 'xlsx',
      sheets,
      marks: namesToMarks(workbook.names),
      dialect: undefined,
      rows(name) {
        const sheet = workbook.sheets.find((each) => each.name === name)
        if (sheet) return batches((isLarge(sheet) && thread ? thread : xlsx).loads(sheet), { numbers, sheet: name })
        throw sheetNotFound(
          name,
          sheets.map((each) => each.name),
        )
      },
      close() {
        thread?.close()
        void xlsx.close()
      },
    }
  } catch (error) {
    thread?.close()
    await xlsx.close()
    throw error
  }
}

function isLarge({ entry }: XlsxSheet): boolean {
  return entry.packedSize >= LARGE_SHEET
}

async function* batches(loads: AsyncIterable<Load>, options: UnpackOptions): AsyncGenerator<RowBatch> {
  for await (const { packed, ...progress } of loads) {
    for (const rows of unpackRows(packed, options)) yield { rows, ...progress }
  }
}

/** The first piece of the shared texts, so that an attack is refused when the file is opened and not with its rows. */
async function lookAtStrings({ zip, workbook }: Xlsx, path: string): Promise<void> {
  if (!workbook.strings) return
  for await (const piece of readPart(zip.source, workbook.strings, { maxBytes: XLSX_LIMITS.maxStringsBytes })) {
    new StringsScanner(new SharedStrings(path)).push(piece)
    return
  }
}

/**
 * Reads up to the first value: what a shared text makes of it does not matter. On the way there is the sheet's own word
 * on how many rows it has.
 */
async function lookAtSheet(xlsx: Xlsx, sheet: XlsxSheet): Promise<Pick<SheetInfo, 'empty' | 'rows'>> {
  const scanner = xlsx.scanner(sheet, { packInto: () => true })
  let rows: number | undefined
  for await (const piece of readPart(xlsx.zip.source, sheet.entry, { maxBytes: XLSX_LIMITS.maxSheetBytes })) {
    rows ??= rowsByDimension(piece)
    scanner.push(piece)
    scanner.take()
    if (scanner.hasRows) return { empty: false, ...(rows !== undefined && { rows }) }
  }
  scanner.finish()
  scanner.take()
  if (scanner.rest().rows.length === 0) return { empty: true, rows: 0 }
  return { empty: false, ...(rows !== undefined && { rows }) }
}
