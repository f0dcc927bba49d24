import { columnLetters } from '../../cell.ts'
import { type DefinedName, marksToNames, quoteSheetName } from '../../export-marks.ts'
import { allColumns, type OutColumn, type OutSheet, TooLargeToWrite, type Written } from '../../out-sheet.ts'
import { writeFileWhole } from '../../output-file.ts'
import { ZipWriter } from '../../zip/zip-writer.ts'
import { listSheetOf } from './list-sheet.ts'
import { notesOf } from './notes.ts'
import { packageParts, workbookPart } from './parts.ts'
import { filterRange, listSheetPart, sheetPieces } from './sheet.ts'

export type { OutColumn, OutSheet }

const MAX_COLUMNS = 16_384
const MAX_NAME = 31

/**
 * Writes one sheet of typed cells under a bold, frozen header with a filter, row by row in flat memory. Texts over
 * 32,767 characters are cut to that, since no spreadsheet program opens longer ones, and counted in `cutTexts`. Columns may
 * carry a rule and a note (see OutColumn); choices that are too many for a formula stand on a hidden second sheet.
 * Throws TooLargeToWrite for more rows than a sheet has: a second sheet would be forgotten when the file comes back.
 */
export async function writeXlsx(path: string, sheet: OutSheet): Promise<Written> {
  const columns = allColumns(sheet)
  if (columns.length > MAX_COLUMNS) {
    throw new TooLargeToWrite('An Excel sheet has 16,384 columns at most.', 'Export as CSV.')
  }
  const name = sheetName(sheet.name)
  const lists = listSheetOf(columns, name)
  const notes = notesOf(columns)
  const plan = { columns, lists, hasNotes: notes.length > 0 }
  const written = { rows: 0, cutTexts: 0 }
  const bytes = await writeFileWhole(path, async (file) => {
    const zip = new ZipWriter(file)
    const add = (part: string, text: string) => zip.add(part, [Buffer.from(text)])
    for (const [part, text] of packageParts({ notes, hasLists: lists !== undefined })) await add(part, text)
    await zip.add('xl/worksheets/sheet1.xml', sheetPieces(sheet, plan, written))
    if (lists) await add('xl/worksheets/sheet2.xml', listSheetPart(lists))
    const filter = filterReference(name, filterRange(columns.length, written.rows))
    const names = { sheetName: name, listsName: lists?.name }
    await add('xl/workbook.xml', workbookPart(names, filter, definedNames(sheet, columns, name)))
    await zip.finish()
  })
  return { ...written, bytes }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
const NOT_IN_NAMES = /[[\]:*?/\\\x00-\x1f\ufffe\uffff]/g

/** At most 31 characters, none of []:*?/\, no apostrophe at either end; "History" is taken by Excel. */
export function sheetName(name: string): string {
  const clean = name
    .toWellFormed()
    .replace(NOT_IN_NAMES, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^['\s]+/, '')
  const short = [...clean].reduce((kept, next) => (kept.length + next.length <= MAX_NAME ? kept + next : kept), '')
  const trimmed = short.replace(/['\s]+$/, '')
  return trimmed === '' || trimmed.toLowerCase() === 'history' ? 'Data' : trimmed
}

/** "A1:D9" on this sheet, whichever way it is copied: "'Data'!$A$1:$D$9". */
function filterReference(name: string, range: string | undefined): string | undefined {
  return range && `${quoteSheetName(name)}!${range.replace(/([A-Z]+)(\d+)/g, '$$$1$$$2')}`
}

function definedNames(sheet: OutSheet, columns: OutColumn[], name: string): DefinedName[] {
  if (!sheet.marks) return []
  const marked = columns.flatMap(({ id }, index) => (id === null ? [] : [{ id, letters: columnLetters(index) }]))
  return marksToNames(sheet.marks, name, marked)
}
