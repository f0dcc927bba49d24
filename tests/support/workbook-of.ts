import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { utils, write } from 'xlsx'
import { tempFolder } from './folder.ts'

/** Writes a workbook with these sheets, by name and in this order; answers its path. */
export function workbookOf(sheets: Record<string, unknown[][]>, hidden: string[] = []): string {
  const workbook = utils.book_new()
  for (const [name, rows] of Object.entries(sheets)) utils.book_append_sheet(workbook, utils.aoa_to_sheet(rows), name)
  workbook.Workbook = { Sheets: workbook.SheetNames.map((name) => ({ name, Hidden: hidden.includes(name) ? 1 : 0 })) }
  const file = path.join(tempFolder(), 'sheets.xlsx')
  writeFileSync(file, write(workbook, { type: 'buffer', bookType: 'xlsx' }))
  return file
}
