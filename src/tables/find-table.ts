import { cellText } from '../columns/cell-text.ts'
import { shown } from '../columns/checked.ts'
import type { Column, TemplateShape } from '../columns/column.ts'
import { findHeaderRow, HEADER_WITHIN } from '../columns/find-header.ts'
import { type HeaderLines, headerLines } from '../columns/header-lines.ts'
import { type HeaderMatch, matchHeaders, missingRequired } from '../columns/match-headers.ts'
import type { Row } from '../spreadsheets/cell.ts'
import type { RowBatch, Spreadsheet } from '../spreadsheets/spreadsheet.ts'
import type { ImportDetails } from './import-details.ts'
import type { ReadFailure } from './read-result.ts'
import type { Reading } from './reading.ts'

/** The table found in a file: its sheet, what its header means, and the batches of rows below the header. */
export type FoundTable = {
  details: ImportDetails & { headerRow: number }
  header: string[]
  columns: { index: number; column: Column }[]
  recordIdIndex: number | null
  batches: AsyncIterable<RowBatch>
  /** Lets go of the file when the batches are not wanted. */
  close(): Promise<void>
}

type NotFound = { failed: ReadFailure; details: ImportDetails | null }

/** Finds the table in a spreadsheet by its sheet and header row, as asked or as they best fit the template. */
export async function findTable(
  spreadsheet: Spreadsheet,
  shape: TemplateShape,
  asked: Pick<Reading, 'sheet' | 'headerRow' | 'mapping'>,
): Promise<FoundTable | NotFound> {
  if (shape.columns.length === 0)
    return notFound(
      'no_columns',
      'The template has no columns yet.',
      'Add columns to the template, then import the file again.',
    )
  const sheet = pickSheet(spreadsheet, asked.sheet)
  if (typeof sheet !== 'string') return { failed: sheet, details: notUnderstood(spreadsheet, shape, '') }
  const marks = spreadsheet.marks?.templateId === shape.id ? spreadsheet.marks.columns : undefined
  const top = await takeTop(spreadsheet.rows(sheet), asked.headerRow ?? 0)
  const rows = top.batches.flatMap((batch) => batch.rows)
  const at =
    asked.headerRow === null
      ? findHeaderRow(rows, shape, { mapping: asked.mapping, markedColumns: marks })
      : rows.findIndex((row) => row.number === asked.headerRow)
  const lines = headerLines(rows, at, { shape, options: { mapping: asked.mapping, markedColumns: marks } })
  if (lines === undefined) {
    await top.close()
    return { failed: noHeaderRow(sheet, asked.headerRow), details: notUnderstood(spreadsheet, shape, sheet) }
  }
  const match = matchHeaders(lines.texts, shape, { marks, mapping: asked.mapping })
  const below = rows.filter((row) => row.number > lines.lastRow)
  const found = understood(spreadsheet, shape, { sheet, lines, match, below })
  const failed = refuseHeader(found, match)
  if (failed !== undefined) {
    await top.close()
    return { failed, details: found.details }
  }
  return { ...found, header: lines.texts, batches: batchesBelow(top, lines.lastRow), close: top.close }
}

function understood(
  spreadsheet: Spreadsheet,
  shape: TemplateShape,
  { sheet, lines, match, below }: { sheet: string; lines: HeaderLines; match: HeaderMatch; below: Row[] },
): Pick<FoundTable, 'details' | 'columns' | 'recordIdIndex'> {
  const foreign = spreadsheet.marks !== undefined && spreadsheet.marks.templateId !== shape.id
  const recordIdIndex = foreign ? null : match.recordIdIndex
  const byId = new Map(shape.columns.map((column) => [column.id, column]))
  const columns = match.headers.flatMap(({ index, columnId }) => {
    const column = columnId === null ? undefined : byId.get(columnId)
    return column === undefined ? [] : [{ index, column }]
  })
  const details = {
    ...notUnderstood(spreadsheet, shape, sheet),
    headerRow: lines.lastRow,
    headers: match.headers.map((header) => ({
      ...header,
      samples: header.header === '' ? [] : samplesBelow(below, header.index),
    })),
    // Without record ids the key is the only way to a record, so its columns must be there.
    missing: match.missing.map((each) => {
      const isKey = byId.get(each.columnId)?.key === true
      return { ...each, required: each.required || (isKey && recordIdIndex === null) }
    }),
    warnings: [...(foreign ? [FOREIGN] : []), ...lines.warnings, ...match.warnings],
  }
  return { details, columns, recordIdIndex }
}

const MOST_SAMPLES = 3

/** The first different values of a column, among the rows that were looked at for the header. */
function samplesBelow(rows: Row[], index: number): string[] {
  const samples = new Set<string>()
  for (const row of rows) {
    const text = cellText(row.cells[index]).trim()
    if (text !== '') samples.add(shown(text))
    if (samples.size === MOST_SAMPLES) break
  }
  return [...samples]
}

/** What is known of a file whose header was not found, so that a person can say where it is. */
function notUnderstood(
  { format, sheets, dialect }: Spreadsheet,
  { version }: TemplateShape,
  sheet: string,
): ImportDetails {
  const visible = sheets.filter(({ hidden }) => !hidden)
  return {
    templateVersion: version,
    format,
    sheet,
    sheets: [...visible, ...sheets.filter(({ hidden }) => hidden)],
    headerRow: null,
    sheetsRead: [],
    now: null,
    dialect: dialect ?? null,
    headers: [],
    missing: [],
    warnings: [],
    questions: [],
    leftOut: 0,
  }
}

const FOREIGN =
  'This file was exported from another template: its columns were matched by their names, and its record ids were ignored.'

function refuseHeader(
  { details, columns }: Pick<FoundTable, 'details' | 'columns'>,
  match: HeaderMatch,
): ReadFailure | undefined {
  const missing = missingRequired({ headers: match.headers, missing: details.missing })
  if (missing.length > 0) {
    return {
      code: 'missing_columns',
      message: missing.join(' '),
      hint: `Row ${details.headerRow} of sheet '${details.sheet}' was read as the header. Rename the headers in the file, say which header is which column, or name another sheet or header row.`,
    }
  }
  if (columns.length > 0) return undefined
  const names = match.headers.map(({ header }) => header).filter((header) => header !== '')
  return {
    code: 'no_header',
    message: `None of the template's columns was found in sheet '${details.sheet}'. Its row ${details.headerRow} has: ${names.slice(0, 30).join(', ')}.`,
    hint: 'The file needs a row with the names of the columns. Download the blank template to see them.',
  }
}

function pickSheet(spreadsheet: Spreadsheet, asked: string | null): string | ReadFailure {
  const names = spreadsheet.sheets.map(({ name }) => name)
  if (asked === null) {
    const first = spreadsheet.sheets.find((sheet) => !sheet.hidden && !sheet.empty)
    if (first !== undefined) return first.name
    // Some sheet has something in it: a file of empty ones is refused when it is opened.
    const hidden = spreadsheet.sheets.filter((sheet) => !sheet.empty).map(({ name }) => name)
    const hint = `Hidden sheets are only read when they are named: ${hidden.join(', ')}.`
    return { code: 'no_sheet', message: 'The file has no visible sheet with anything in it.', hint }
  }
  const wanted = asked.trim().toLowerCase()
  const found = names.find((name) => name === asked) ?? names.find((name) => name.trim().toLowerCase() === wanted)
  return (
    found ?? {
      code: 'sheet_not_found',
      message: `The file has no sheet '${asked}'.`,
      hint: `Its sheets are: ${names.join(', ')}.`,
    }
  )
}

function noHeaderRow(sheet: string, asked: number | null): ReadFailure {
  if (asked === null)
    return { code: 'no_rows', message: `Sheet '${sheet}' is empty.`, hint: 'Check that this is the right file.' }
  return {
    code: 'no_header',
    message: `Row ${asked} of sheet '${sheet}' is empty or does not exist.`,
    hint: 'Name the row that holds the column names, as the spreadsheet numbers it.',
  }
}

function notFound(code: ReadFailure['code'], message: string, hint: string): NotFound {
  return { failed: { code, message, hint }, details: null }
}

type Top = { batches: RowBatch[]; rest: AsyncIterator<RowBatch>; close(): Promise<void> }

/** The first batches: enough rows to find the header among them. */
async function takeTop(rows: AsyncIterable<RowBatch>, through: number): Promise<Top> {
  const rest = rows[Symbol.asyncIterator]()
  const batches: RowBatch[] = []
  let count = 0
  let last = 0
  while (count < HEADER_WITHIN || last < through) {
    const next = await rest.next()
    if (next.done === true) break
    batches.push(next.value)
    count += next.value.rows.length
    last = next.value.rows.at(-1)?.number ?? last
  }
  return { batches, rest, close: async () => void (await rest.return?.()) }
}

async function* batchesBelow(top: Top, headerRow: number): AsyncGenerator<RowBatch> {
  try {
    for (const batch of top.batches) yield { ...batch, rows: batch.rows.filter((row: Row) => row.number > headerRow) }
    while (true) {
      const next = await top.rest.next()
      if (next.done === true) return
      yield next.value
    }
  } finally {
    await top.close()
  }
}
