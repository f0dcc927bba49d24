import { openBytes } from '../../byte-source.ts'
import { XLSX_LIMITS } from './limits.ts'
import type { CellSource } from './pack-cell.ts'
import { openPackage, readPart, type XlsxPackage } from './package.ts'
import type { PackedRows } from './packed-rows.ts'
import { readSharedStrings, SharedStrings } from './shared-strings.ts'
import { SheetScanner } from './sheet-scanner.ts'
import { readWorkbookPart, type WorkbookPart, type XlsxSheet } from './workbook-part.ts'

export type XlsxOptions = { maxCells: number; inThread: boolean }

/** Packed rows, with how many of the packed bytes of texts and sheet have been read for them. */
export type Load = { packed: PackedRows; bytesDone: number; bytesTotal: number }

/** An open workbook as far as its rows need it. */
export class Xlsx {
  readonly zip: XlsxPackage
  readonly workbook: WorkbookPart
  readonly #path: string
  readonly #options: XlsxOptions
  /** Read when the first rows are asked for. */
  #strings: Promise<SharedStrings> | undefined

  private constructor(path: string, options: XlsxOptions, parts: { zip: XlsxPackage; workbook: WorkbookPart }) {
    this.#path = path
    this.#options = options
    this.zip = parts.zip
    this.workbook = parts.workbook
  }

  static async open(path: string, options: XlsxOptions): Promise<Xlsx> {
    const source = await openBytes(path)
    try {
      const zip = await openPackage(source)
      return new Xlsx(path, options, { zip, workbook: await readWorkbookPart(zip) })
    } catch (error) {
      await source.close()
      throw error
    }
  }

  /** The rows of a sheet from the top. What a load is made of is used again for the next one. */
  async *loads(sheet: XlsxSheet): AsyncGenerator<Load> {
    const { zip, workbook } = this
    const bytesTotal = sheet.entry.packedSize + (workbook.strings?.packedSize ?? 0)
    // Two sheets may be asked for at once.
    this.#strings ??= this.#loadStrings()
    const strings = await this.#strings
    let bytesDone = workbook.strings?.packedSize ?? 0
    const onPacked = (bytes: number) => {
      bytesDone += bytes
    }
    const scanner = this.scanner(sheet, strings)
    for await (const piece of readPart(zip.source, sheet.entry, { maxBytes: XLSX_LIMITS.maxSheetBytes, onPacked })) {
      scanner.push(piece)
      for (let packed = scanner.take(); packed; packed = scanner.take()) yield { packed, bytesDone, bytesTotal }
    }
    scanner.finish()
    for (let packed = scanner.take(); packed; packed = scanner.take()) yield { packed, bytesDone, bytesTotal }
    yield { packed: scanner.rest(), bytesDone: bytesTotal, bytesTotal }
  }

  scanner(sheet: XlsxSheet, source: CellSource): SheetScanner {
    return new SheetScanner(source, { sheet: sheet.name, maxCells: this.#options.maxCells })
  }

  async close(): Promise<void> {
    await this.zip.source.close()
    // Whoever asked for rows was told why there are none.
    const strings = await this.#strings?.catch(() => undefined)
    strings?.close()
  }

  async #loadStrings(): Promise<SharedStrings> {
    const strings = new SharedStrings(this.#path)
    const entry = this.workbook.strings
    try {
      const pieces = entry && readPart(this.zip.source, entry, { maxBytes: XLSX_LIMITS.maxStringsBytes })
      if (pieces) await readSharedStrings(pieces, strings)
    } catch (error) {
      strings.close()
      throw error
    }
    return strings
  }
}
