import { readFileSync, writeFileSync } from 'node:fs'
import { read, utils, type WorkSheet, write } from 'xlsx'

/** A sheet as somebody edits it who knows its columns by their headers and its rows by their numbers. */
export type Editing = {
  sheet: WorkSheet
  headers: string[]
  /** The number of the last row. */
  last: number
  value(header: string, row: number): unknown
  /** Also below the last row. */
  write(header: string, row: number, value: string | number): void
  deleteRow(row: number): void
}

/** Opens a workbook, changes its first sheet and saves it under another name, as a spreadsheet program does. */
export function editWorkbook(from: string, to: string, edit: (sheet: Editing) => void): void {
  const workbook = read(readFileSync(from), { cellNF: true, cellStyles: true })
  const name = workbook.SheetNames[0] ?? ''
  const sheet = workbook.Sheets[name]
  if (sheet === undefined) throw new Error(`${from} has no sheet`)
  edit(editing(sheet))
  writeFileSync(to, write(workbook, { type: 'buffer', bookType: 'xlsx' }))
}

/** The first sheet of a workbook as rows of texts. */
export function readRows(file: string): string[][] {
  const workbook = read(readFileSync(file))
  const sheet = workbook.Sheets[workbook.SheetNames[0] ?? '']
  return sheet === undefined ? [] : utils.sheet_to_json<string[]>(sheet, { header: 1, raw: false, defval: '' })
}

function editing(sheet: WorkSheet): Editing {
  const range = () => utils.decode_range(sheet['!ref'] ?? 'A1')
  const end = range().e
  const headers = Array.from({ length: end.c + 1 }, (_, c) => String(sheet[utils.encode_cell({ r: 0, c })]?.v ?? ''))
  const at = (header: string, row: number) => {
    const c = headers.indexOf(header)
    if (c < 0) throw new Error(`there is no column ${header} among ${headers.join(', ')}`)
    return utils.encode_cell({ r: row - 1, c })
  }
  return {
    sheet,
    headers,
    last: end.r + 1,
    value: (header, row) => sheet[at(header, row)]?.v,
    write(header, row, value) {
      sheet[at(header, row)] = { t: typeof value === 'string' ? 's' : 'n', v: value }
      const { s, e } = range()
      sheet['!ref'] = utils.encode_range({ s, e: { c: e.c, r: Math.max(e.r, row - 1) } })
    },
    deleteRow(row) {
      const { s, e } = range()
      for (let r = row - 1; r < e.r; r++) {
        for (let c = 0; c <= e.c; c++) {
          const below = sheet[utils.encode_cell({ r: r + 1, c })]
          if (below === undefined) delete sheet[utils.encode_cell({ r, c })]
          else sheet[utils.encode_cell({ r, c })] = below
        }
      }
      for (let c = 0; c <= e.c; c++) delete sheet[utils.encode_cell({ r: e.r, c })]
      sheet['!ref'] = utils.encode_range({ s, e: { c: e.c, r: e.r - 1 } })
    },
  }
}
