import exceljs from 'exceljs'

/** @param {{ file: string, onRow: (cells: unknown[]) => void }} input */
export async function readXlsx({ file, onRow }) {
  const workbook = new exceljs.stream.xlsx.WorkbookReader(file, {
    ...{ worksheets: 'emit', sharedStrings: 'cache', styles: 'cache', hyperlinks: 'ignore' },
  })
  // Its row.values begin at 1.
  for await (const sheet of workbook) for await (const row of sheet) onRow(row.values.slice(1))
}

/** @param {{ header: string[], rows: Iterable<unknown[]>, out: string, shared?: boolean }} input */
export async function writeXlsx({ header, rows, out, shared = false }) {
  const workbook = new exceljs.stream.xlsx.WorkbookWriter({ filename: out, useStyles: true, useSharedStrings: shared })
  const sheet = workbook.addWorksheet('Items')
  sheet.addRow(header).commit()
  let formats
  for (const values of rows) {
    formats ??= values.map(dateFormat)
    const row = sheet.addRow(values)
    for (const [at, format] of formats.entries()) if (format !== undefined) row.getCell(at + 1).numFmt = format
    row.commit()
  }
  sheet.commit()
  await workbook.commit()
}

function dateFormat(value) {
  if (!(value instanceof Date)) return undefined
  return value.getTime() % 86_400_000 === 0 ? 'yyyy-mm-dd' : 'yyyy-mm-dd hh:mm:ss'
}
