import { type Column, decimalSign, type Value } from '../../columns/column.ts'
import { columnNote, wantedValue } from '../../columns/column-guide.ts'
import { sampleRows } from '../../columns/sample-rows.ts'
import { writeCsv } from '../../spreadsheets/csv/write-csv.ts'
import { type OutColumn, type OutRule, type OutSheet, TooLargeToWrite } from '../../spreadsheets/out-sheet.ts'
import { writeXlsx } from '../../spreadsheets/xlsx/write/write-xlsx.ts'
import { longestValues } from '../../tables/column-widths.ts'
import { NO_COUNTS } from '../../tables/progress.ts'
import { countRecordsWhere, iterateRecords } from '../../tables/records-stream.ts'
import type { ExportOutcome } from '../messages.ts'
import type { Reporter, Task } from '../protocol.ts'
import { changesSheet } from './export-changes.ts'
import { openTableForReading } from './read-table.ts'

const REPORT_EVERY_MS = 250
const LONGEST_DATE = { date: 10, datetime: 19 }

/**
 * Writes an export file: the blank template, the template with sample rows, the records as they are at the start, or what
 * a job did to them.
 */
export async function runExport(task: Task<'export'>, reporter: Reporter): Promise<ExportOutcome> {
  const { shape, content } = task
  try {
    if (content === 'data') return await exportRecords(task, reporter)
    if (content === 'changes') return await exportChanges(task, reporter)
    const rows = content === 'sample' ? sampleRows(shape.columns).map((row) => [null, ...row]) : []
    return await write(task, { rows, lengths: {}, onRow: () => {} })
  } catch (error) {
    if (!(error instanceof TooLargeToWrite)) throw error
    return {
      status: 'failed',
      counts: NO_COUNTS,
      error: { code: 'too_large', message: error.message, hint: error.hint },
    }
  }
}

async function exportRecords(task: Task<'export'>, reporter: Reporter): Promise<ExportOutcome> {
  const { shape, filter, paths } = task
  const db = openTableForReading(paths.table, shape)
  try {
    // One transaction: the count and the records are of the same moment, whoever writes meanwhile.
    db.exec('BEGIN')
    const total = countRecordsWhere(db, shape, filter)
    const lengths = longestValues(db, shape)
    return await write(task, { rows: iterateRecords(db, shape, filter), lengths, onRow: progressOf(total, reporter) })
  } finally {
    db.close()
  }
}

async function exportChanges(task: Task<'export'>, reporter: Reporter): Promise<ExportOutcome> {
  const db = openTableForReading(task.paths.table, task.shape)
  try {
    db.exec('BEGIN')
    const { total, ...sheet } = changesSheet(db, task.shape, task.changesOf ?? '')
    return await writeSheet(task, { name: 'Changes', ...sheet, onRow: progressOf(total, reporter) })
  } finally {
    db.close()
  }
}

async function write(
  task: Task<'export'>,
  { rows, lengths, onRow }: { rows: Iterable<Value[]>; lengths: Record<string, number>; onRow: (n: number) => void },
): Promise<ExportOutcome> {
  const { shape, content } = task
  return writeSheet(task, {
    name: shape.name,
    columns: shape.columns.map((column) => ({
      ...outColumn(column, lengths[column.id] ?? 0),
      ...(content === 'data' ? { rule: ruleOf(column) } : guidance(column)),
    })),
    rows,
    marks: { templateId: shape.id, version: shape.version },
    recordIds: true,
    onRow,
  })
}

async function writeSheet({ format, paths, delimiter }: Task<'export'>, sheet: OutSheet): Promise<ExportOutcome> {
  const written =
    format === 'csv'
      ? await writeCsv(paths.out, sheet, { delimiter: delimiter === 'semicolon' ? ';' : ',' })
      : await writeXlsx(paths.out, sheet)
  return { status: 'completed', rows: written.rows, bytes: written.bytes, note: cutNote(written.cutTexts) }
}

function cutNote(cutTexts: number): string | undefined {
  if (cutTexts === 0) return undefined
  const texts = cutTexts === 1 ? '1 text is' : `${cutTexts.toLocaleString('en')} texts are`
  return `${texts} longer than the 32,767 characters that a cell of a workbook can hold, and cut there. A CSV has them whole.`
}

/** Room for the longest value and for the header with its filter button, within what a screen can show. */
function outColumn(column: Column, longest: number): OutColumn {
  const { id, name, type, required, key } = column
  const date = type === 'date' || type === 'datetime' ? LONGEST_DATE[type] : 0
  const width = Math.min(60, Math.max(8, name.length + 4, longest + 2, date + 2))
  return { id, header: name, type, decimal: decimalSign(column), required: required || key, width }
}

/** A file to be filled in says at every header and every cell what belongs there. */
function guidance(column: Column): Partial<OutColumn> {
  return { rule: { ...ruleOf(column), prompt: wantedValue(column) }, note: columnNote(column) }
}

function ruleOf(column: Column): OutRule {
  const { type, name, choices, min, max } = column
  return {
    ...(type === 'choice' && { choices }),
    ...(min !== null && { min }),
    ...(max !== null && { max }),
    error: `This is no value of ${name}. Expected: ${wantedValue(column)}`,
  }
}

function progressOf(total: number, reporter: Reporter): (written: number) => void {
  let last = 0
  return (written) => {
    const now = performance.now()
    if (now - last < REPORT_EVERY_MS) return
    last = now
    reporter.progress({
      phase: 'applying',
      rowsDone: written,
      rowsTotal: total,
      fraction: total === 0 ? 1 : written / total,
      groupsDone: 0,
      groupsTotal: null,
      counts: NO_COUNTS,
    })
  }
}
